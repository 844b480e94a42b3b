"""How a serving process takes memory from the system, and gives it back. Decision: "Serving processes part late"."""

import ctypes

ARENAS = 2
LARGE = 1024 * 1024
"""Bytes: what is asked for at once from here on is given back to the system as soon as it is free."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""`mallopt(3)`"""


def bound_memory() -> None:
    """Let threads share places where memory comes from, and let no place keep large pieces that were freed.

    glibc gives each thread a place of its own. And after the first large piece that is freed it takes the next ones of
    that size from there, and keeps them for good: a password that is checked takes 16 MB for 50 milliseconds, and three
    threads that sign people in would hold 48 MB ever after.
    """
    system = ctypes.CDLL(None)
    if hasattr(system, "mallopt"):
        for what, most in ((M_ARENA_MAX, ARENAS), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, LARGE)):
            system.mallopt(what, most)

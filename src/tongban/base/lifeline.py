"""Processes that must not outlive the one that started them."""

import ctypes
import signal

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def end_with_parent(ending: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send us this signal when our parent dies, however it dies. For use in a new child process."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, ending)

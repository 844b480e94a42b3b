"""The worker is killed again and again while the law turns 600 cases: nothing is left undone or done twice."""

import contextlib
import time
from pathlib import Path

import psutil

from tests.crash.test_kill import Installation

CASES, KILLS, PATIENCE_SECONDS = 600, 2, 240


def workers(place: Installation) -> list[psutil.Process]:
    """Return the worker and those it has started."""
    found: list[psutil.Process] = []
    for one in place.process.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.cmdline()[1:4] == ["-m", "tongban", "worker"]:
                found += [one, *one.children(recursive=True)]
    return found


def test_a_timer_that_is_killed_leaves_nothing_undone_or_done_twice(tmp_path: Path) -> None:
    place = Installation(tmp_path)
    try:
        place.inside("due.py")
        killed, in_the_middle, until = 0, 0, time.monotonic() + PATIENCE_SECONDS
        while True:
            books = place.inside("turned.py")
            done = books["states"].get("review", 0)
            if done == CASES:
                break
            assert time.monotonic() < until, books
            if killed < KILLS and done:
                for victim in workers(place):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        victim.kill()
                killed, in_the_middle = killed + 1, in_the_middle + 1
        disagreeing = place.disagreements()
    finally:
        place.stop()
    assert in_the_middle, "nothing was killed while cases were being turned"
    assert books["states"] == {"review": CASES}
    assert books["events"] == {"1": CASES}
    assert books["papers"] == {"acceptance_deemed 1": CASES, "fee_demand 1": CASES}
    disagreeing.pop("applications.cases", None)  # these cases were opened without one
    assert disagreeing == {}, "the books of the installation disagree"

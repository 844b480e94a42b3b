"""The worker is killed again and again while the law turns 600 cases: nothing is left undone or done twice."""

import contextlib
import time
from pathlib import Path

import psutil
import psycopg

from tests.crash.test_kill import Installation

CASES, KILLS, PATIENCE_SECONDS = 600, 2, 240
OF_OTHERS = ("applications.cases", "ledger.handled")
"""These cases were opened without an application; and supervisors are still being told, one by one."""


def workers(place: Installation) -> list[psutil.Process]:
    """Return the worker and those it has started."""
    found: list[psutil.Process] = []
    for one in place.process.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.cmdline()[1:4] == ["-m", "tongban", "worker"]:
                found += [one, *one.children(recursive=True)]
    return found


def _kill_in_the_middle(place: Installation) -> int:
    """Kill the worker between its first and its last batch, and wait until all is done; return how often."""
    address = (place.answer.parent / "var" / "postgres" / "address").read_text(encoding="utf-8").split()[0]
    killed, until = 0, time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(address, autocommit=True) as connection:
        while (done := _done(connection)) < CASES:
            assert time.monotonic() < until, f"{done} are done"
            if done and killed < KILLS:
                for victim in workers(place):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        victim.kill()
                killed += 1
            time.sleep(0.02)
    return killed


def _done(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM cases_case WHERE title = '到期试验' AND acceptance_is_deemed"
    ).fetchone()
    return int(row[0]) if row else 0


def test_a_timer_that_is_killed_leaves_nothing_undone_or_done_twice(tmp_path: Path) -> None:
    place = Installation(tmp_path)
    try:
        place.inside("due.py")
        killed = _kill_in_the_middle(place)
        books = place.inside("turned.py")
        disagreeing = place.disagreements(apart=OF_OTHERS)
    finally:
        place.stop()
    assert killed, "nothing was killed while cases were being turned"
    assert books["states"] == {"review": CASES}
    assert books["events"] == {"1": CASES}
    assert books["papers"] == {"acceptance_deemed 1": CASES, "fee_demand 1": CASES}
    assert disagreeing == {}, "the books of the installation disagree"

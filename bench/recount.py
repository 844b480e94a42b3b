"""How long it takes to reckon the open cases of a large city anew after a change of the calendar.

`python -m bench.recount --cases 1000000` fills a city of its own under a temporary folder, multiplies its open cases by
SQL so that one working day lies within each of them, closes the offices on that day, and waits until the worker is done
with the last piece. Meanwhile somebody takes one case after the other, as an official does. It ends with status 1 when
a million cases would take more than a minute, somebody waited for more than a second, a case was moved twice or not at
all, or an end is not what the rules of the calendar say.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg

from bench import processes
from bench.installation import Installation
from bench.multiplying import Copies, multiply, new_id

PLAYED = 40
MOST_SECONDS, A_MILLION = 60.0, 1_000_000
TO_BEGIN = 5.0
"""Seconds of that minute that even a few cases may take: the worker has to hear of the change first."""
MOST_WAITED = 1.0
PATIENCE = 1800.0
LOOKED_AT = 300
"""Cases of which each end is reckoned again by the rules."""
_PLACES = f"""
    CREATE TEMP TABLE old_case AS
        SELECT DISTINCT case_id AS id FROM cases_clock
        WHERE state = 'running' AND started_at::date < %(day)s::date AND due_on > %(day)s::date;
    CREATE TEMP TABLE case_copy AS
        SELECT old_id, {new_id("place")} AS id, place
        FROM (
            SELECT old.id AS old_id, row_number() OVER (ORDER BY random()) AS place
            FROM generate_series(1, %(cases)s / (SELECT count(*) FROM old_case) + 1) AS round, old_case AS old
        ) AS mixed
        ORDER BY place LIMIT %(cases)s;
    CREATE TEMP TABLE task_copy AS
        SELECT old_id, {new_id("place")} AS id, case_id
        FROM (
            SELECT task.id AS old_id, copy.id AS case_id, row_number() OVER (ORDER BY copy.place, task.id) AS place
            FROM cases_task AS task JOIN case_copy AS copy ON copy.old_id = task.case_id
        ) AS placed;
    CREATE TEMP TABLE clock_copy AS
        SELECT old_id, {new_id("place")} AS id, case_id, task_id
        FROM (
            SELECT clock.id AS old_id, copy.id AS case_id, task.id AS task_id,
                row_number() OVER (ORDER BY copy.place, clock.id) AS place
            FROM cases_clock AS clock JOIN case_copy AS copy ON copy.old_id = clock.case_id
            LEFT JOIN task_copy AS task ON task.old_id = clock.task_id AND task.case_id = copy.id
        ) AS placed;
    ANALYZE case_copy, task_copy, clock_copy;
"""  # noqa: S608 - our own words only
_COPIES: Copies = {
    "cases_case": (
        "case_copy AS copy ON copy.old_id = old.id",
        {"id": "copy.id", "number": "'B-' || left(replace(copy.id::text, '-', ''), 24)", "run_id": "NULL"},
    ),
    "cases_task": ("task_copy AS copy ON copy.old_id = old.id", {"id": "copy.id", "case_id": "copy.case_id"}),
    "cases_clock": (
        "clock_copy AS copy ON copy.old_id = old.id",
        {"id": "copy.id", "case_id": "copy.case_id", "task_id": "copy.task_id"},
    ),
    "cases_clockinterval": (
        "clock_copy AS copy ON copy.old_id = old.clock_id",
        {"id": new_id("row_number() OVER (ORDER BY copy.id)"), "clock_id": "copy.id"},
    ),
}
_DAY = """
    SELECT day::date FROM generate_series(current_date - 10, current_date + 60, '1 day') AS day,
        LATERAL (
            SELECT count(DISTINCT case_id) AS number FROM cases_clock
            WHERE state = 'running' AND started_at::date < day AND due_on > day
        ) AS open
    WHERE extract(isodow FROM day) < 6 ORDER BY open.number DESC, day LIMIT 1
"""
_CHANGE = """
from datetime import date
from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.calendar import actions, queries
from tongban.calendar.rules.settling import LocalDay
day = date.fromisoformat({day!r})
if any(local.day == day for local in queries.local_days()):
    actions.remove_local_day(actor=SYSTEM, day=day, now=clock.now())
else:
    working = queries.working_calendar().is_working(day)
    actions.set_local_day(actor=SYSTEM, local=LocalDay(day, "停办", not working, "bench"), now=clock.now())
"""
_LOOK = """
import sys
from django.db.models import Min, Q
from tongban.calendar import queries
from tongban.calendar.rules import Limit, due
from tongban.cases.actions.clocks import extensions_of, stops_of
from tongban.cases.models import Clock, Task
days, wrong = queries.working_calendar(), 0
some = list(Clock.objects.exclude(state="ended").order_by("?").values_list("case_id", flat=True)[:{number}])
for clock in Clock.objects.filter(case_id__in=some).exclude(state="ended"):
    found = due(Limit(clock.limit_value, clock.limit_unit), clock.started_at, days, days.policy_on(clock.started_at),
        stops=stops_of([clock.id]).get(clock.id, ()), extensions=extensions_of([clock.id]).get(clock.id, ()))
    wrong += (clock.due_on, clock.due_at, clock.provisional) != (found.day, found.at, found.provisional)
whole = Q(case__clocks__state="running") & ~Q(case__clocks__kind="step")
tasks = Task.objects.filter(case_id__in=some, state="open")
for task in tasks.annotate(first=Min("case__clocks__due_on", filter=whole)):
    wrong += task.due_on != task.first and not Clock.objects.filter(task=task, state="running", due_on=task.due_on)
print(wrong, "of the ends looked at are wrong")
sys.exit(1 if wrong else 0)
"""
_DONE = """
    SELECT recount.touched, sum(piece.moved), extract(epoch FROM clock_timestamp() - recount.begun_at), recount.event_id
    FROM cases_recount AS recount JOIN cases_recountpiece AS piece ON piece.recount_id = recount.id
    WHERE recount.begun_at >= %s AND recount.planned_at IS NOT NULL
    GROUP BY recount.id HAVING bool_and(piece.done)
"""
_AT_WORK = """
    SELECT 1 FROM cases_recountpiece AS piece JOIN cases_recount AS recount ON recount.id = piece.recount_id
    WHERE recount.begun_at >= %s AND piece.done HAVING count(*) > 0
"""
"""Some pieces of this recount are done, and others are not: see `_DONE`."""
_SOME = "SELECT id FROM cases_case WHERE number LIKE 'B-%' ORDER BY random() LIMIT 2000"
_EVENTS = """
    SELECT count(*), count(DISTINCT subject_id) FROM ledger_event
    WHERE kind = 'cases.clocks_moved' AND (data ->> 'change_id')::bigint = %s
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a recount took, and what came of it."""

    touched: int
    moved: int
    wall: float
    waited: float
    spent: dict[str, float]
    events: tuple[int, int]


def main() -> int:
    """Measure once; 1 when something was missed."""
    parser = argparse.ArgumentParser(prog="bench.recount", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="open cases, all of them touched (default: 200,000)")
    parser.add_argument("--kills", type=int, default=0, help="kill the worker so often in the middle (kill -9)")
    parser.add_argument("--folder", type=Path, help="a folder to keep (default: a temporary one)")
    parser.add_argument("--fill", action="store_true", help="only fill the folder, to be measured another time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongban-recount-") as temporary:
        Path(temporary).chmod(0o711)
        city = Installation(options.folder or Path(temporary))
        _fill(city)
        with city:
            day = _day_within_all(city, options.cases)
            if options.fill:
                return 0
            found, right = _measured(city, day, options.kills)
            missed = _judge(found, right=right, killed=options.kills > 0)
    return 1 if missed else 0


def _fill(city: Installation) -> None:
    """Load the demo city with a few cases that were played through the actions, unless the folder has it."""
    processes.run(["tongban", "migrate"], city.environment)
    if not (note := city.folder / "filled").exists():
        processes.run(["tongban", "demo", "--once", "--cases", str(PLAYED)], city.environment)
        note.touch()


def _day_within_all(city: Installation, cases: int) -> str:
    """Return the working day that lies within all copies, made here unless the folder has them."""
    if (note := city.folder / "day").exists():
        return note.read_text(encoding="utf-8")
    with psycopg.connect(city.logins()[0]) as connection:
        day = str((connection.execute(_DAY).fetchone() or ("",))[0])
        multiply(connection, _PLACES, _COPIES, cases=cases, day=day)
    note.write_text(day, encoding="utf-8")
    return day


def _measured(city: Installation, day: str, kills: int) -> tuple[Measured, bool]:
    """Return what the recount took, and whether the ends that were looked at are right."""
    owner, _app = city.logins()
    with psycopg.connect(owner) as connection:
        some = [row[0] for row in connection.execute(_SOME)]
    with psycopg.connect(owner, autocommit=True) as connection, Official(owner, some) as official:
        begun = connection.execute("SELECT clock_timestamp()").fetchone()
        before = city.cpu_seconds()
        processes.run(["tongban", "manage", "shell", "--command", _CHANGE.format(day=day)], city.environment)
        touched, moved, wall, change = _wait(city, connection, begun, kills)
        after = city.cpu_seconds()
        events = connection.execute(_EVENTS, [change]).fetchone() or (0, 0)
    right = _looked_at(city)
    spent = {part: after[part] - before[part] for part in after}
    return Measured(touched, moved, wall, official.waited, spent, (events[0], events[1])), right


def _wait(city: Installation, connection: psycopg.Connection, begun: Any, kills: int) -> tuple[int, int, float, int]:  # noqa: ANN401 - a row
    """Wait until no piece is left; the second look that comes minutes later is not waited for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        row = connection.execute(_DONE, begun).fetchone()
        if row:
            return int(row[0]), int(row[1]), float(row[2]), int(row[3])
        if kills and connection.execute(_AT_WORK, begun).fetchone():
            print("the worker is killed", flush=True)
            city.kill_worker()
            kills -= 1
        time.sleep(0.3)
    message = f"the recount has not ended after {PATIENCE:.0f} s"
    raise processes.NotStarted(message)


class Official:
    """Takes one case after the other and lets it be, as those do who work meanwhile; knows the longest wait."""

    def __init__(self, owner: str, cases: Sequence[UUID]) -> None:
        """Remember where, and which cases."""
        self.waited = 0.0
        self._owner, self._cases = owner, cases
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go home."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        with psycopg.connect(self._owner, autocommit=True) as connection:
            for case_id in cycle(self._cases):
                if self._stop.wait(0.02):
                    return
                begun = time.monotonic()
                with connection.transaction():
                    connection.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [case_id])
                self.waited = max(self.waited, time.monotonic() - begun)


def _looked_at(city: Installation) -> bool:
    """Whether the ends of some cases are what the rules say, and their tasks in the order of them."""
    try:
        processes.run(["tongban", "manage", "shell", "--command", _LOOK.format(number=LOOKED_AT)], city.environment)
    except processes.NotStarted:
        return False
    return True


def _judge(found: Measured, *, right: bool, killed: bool) -> list[str]:
    """Tell what was measured, and return what was missed. After a kill the next minute goes on: time is not judged."""
    whole = sum(found.spent.values())
    print(f"{found.touched} open cases touched, {found.moved} moved: {found.wall:.1f} s; ", end="")
    print(f"whoever took a case meanwhile waited for {found.waited:.2f} s at most")
    for part, seconds in found.spent.items() if not killed else ():  # what was killed told nobody what it had spent
        print(f"  {part}: {seconds:.1f} s of processor, {seconds / found.touched * 1e6:.0f} µs a case")
    if not killed:
        print(f"a million on two cores: {whole / found.touched * A_MILLION / 2:.0f} s at the least")
    judged = {
        "a minute for a million": killed
        or found.wall <= TO_BEGIN + (MOST_SECONDS - TO_BEGIN) * found.touched / A_MILLION,
        "nobody waits": found.waited <= MOST_WAITED,
        "each once": found.events == (found.moved, found.moved) and found.moved > 0,
        "each end": right,
    }
    missed = [name for name, holds in judged.items() if not holds]
    print("missed: " + ", ".join(missed) if missed else "nothing missed")
    return missed


if __name__ == "__main__":
    sys.exit(main())

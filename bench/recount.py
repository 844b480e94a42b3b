"""How long it takes to reckon the open cases of a large city anew after a change of the calendar.

`python -m bench.recount --cases 200000` fills a city of its own under a temporary folder, multiplies its open cases by
SQL, sets a local day that lies within all of them, and waits until the worker is done with the last piece. It tells
wall time, the processor time of worker and database, and what that makes for a million open cases.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psycopg

from bench import processes
from bench.installation import Installation

PLAYED = 40
_NEW_ID = """(
    lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + place), 12, '0')
        || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15)
)::uuid"""
"""As ids are in life: they sort by the time of their making, so that what belongs together lies together."""
_COPY = f"""
    CREATE TEMP TABLE old_case AS
        SELECT id FROM cases_case WHERE id IN (SELECT case_id FROM cases_clock WHERE state = 'running');
    CREATE TEMP TABLE case_copy AS
        SELECT old_id, {_NEW_ID} AS id
        FROM (
            SELECT old.id AS old_id, row_number() OVER (ORDER BY random()) AS place
            FROM generate_series(1, %(cases)s / (SELECT count(*) FROM old_case) + 1) AS round, old_case AS old
        ) AS mixed
        ORDER BY place LIMIT %(cases)s;
    CREATE TEMP TABLE task_copy AS
        SELECT old_id, {_NEW_ID} AS id, case_id
        FROM (
            SELECT task.id AS old_id, copy.id AS case_id, row_number() OVER (ORDER BY copy.id, task.id) AS place
            FROM cases_task AS task JOIN case_copy AS copy ON copy.old_id = task.case_id
        ) AS placed;
    CREATE TEMP TABLE clock_copy AS
        SELECT old_id, {_NEW_ID} AS id, case_id, task_id
        FROM (
            SELECT clock.id AS old_id, copy.id AS case_id, task.id AS task_id,
                row_number() OVER (ORDER BY copy.id, clock.id) AS place
            FROM cases_clock AS clock JOIN case_copy AS copy ON copy.old_id = clock.case_id
            LEFT JOIN task_copy AS task ON task.old_id = clock.task_id AND task.case_id = copy.id
        ) AS placed;
"""  # noqa: S608 - our own words only
_ROWS = {
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
        {"id": _NEW_ID.replace("place", "row_number() OVER (ORDER BY copy.id)"), "clock_id": "copy.id"},
    ),
}
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
    actions.set_local_day(actor=SYSTEM, local=LocalDay(day, "停办", False, "bench"), now=clock.now())
"""


def main() -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="open cases (default: 200,000)")
    parser.add_argument("--folder", type=Path, help="a folder to keep (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        city = Installation(options.folder or Path(temporary))
        _fill(city)
        with city:
            _measure(city, options.cases)
    return 0


def _fill(city: Installation) -> None:
    """Load the demo city with a few cases that were played through the actions, unless the folder has it."""
    if (note := city.folder / "filled").exists():
        return
    processes.run(["tongban", "migrate"], city.environment)
    processes.run(["tongban", "demo", "--once", "--cases", str(PLAYED)], city.environment)
    note.touch()


def _measure(city: Installation, cases: int) -> None:
    owner, _app = city.logins()
    with psycopg.connect(owner) as connection:
        copied = _multiply(connection, cases)
        day = _day_within_all(connection)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        earlier = connection.execute("SELECT count(*) FROM cases_recount").fetchone()
        before = city.cpu_seconds()
        processes.run(["tongban", "manage", "shell", "--command", _CHANGE.format(day=day)], city.environment)
        touched, moved, wall = _wait(connection, earlier)
        after = city.cpu_seconds()
    spent = {part: after[part] - before[part] for part in after}
    whole = sum(spent.values())
    print(f"{copied} open cases copied, {touched} touched, {moved} moved: {wall:.1f} s")
    for part, seconds in spent.items():
        print(f"  {part}: {seconds:.1f} s of processor, {seconds / touched * 1e6:.0f} µs a case")
    print(f"a million on two cores: {whole / touched * 1e6 / 2:.0f} s at the least")


def _multiply(connection: psycopg.Connection, cases: int) -> int:
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_COPY, {"cases": cases})
        for table, (source, changed) in _ROWS.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
                " AND table_schema = current_schema() ORDER BY ordinal_position",
                [table],
            )
            columns = [row[0] for row in cursor.fetchall()]
            values = ", ".join(changed.get(column, f'old."{column}"') for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            copied = f"SELECT {values} FROM {table} AS old JOIN {source} ORDER BY copy.id"  # noqa: S608 - our own words
            cursor.execute(f"INSERT INTO {table} ({names}) {copied}")
        cursor.execute("SELECT count(*) FROM case_copy")
        return int(cursor.fetchone()[0])  # type: ignore[index]  # one row


def _day_within_all(connection: psycopg.Connection) -> str:
    """Return the working day that most open clocks run over."""
    found = connection.execute(
        "SELECT day::date::text FROM generate_series(current_date, current_date + 60, '1 day') AS day,"
        " LATERAL (SELECT count(DISTINCT case_id) AS number FROM cases_clock WHERE state <> 'ended'"
        " AND started_at::date <= day AND due_on >= day) AS open"
        " WHERE extract(isodow FROM day) < 6 ORDER BY open.number DESC, day LIMIT 1"
    ).fetchone()
    return str(found[0]) if found else ""


def _wait(connection: psycopg.Connection, earlier: tuple[int] | None) -> tuple[int, int, float]:
    """Wait until no piece is left; the second look that comes minutes later is not waited for."""
    while True:
        row = connection.execute(
            "SELECT recount.touched, sum(piece.moved), extract(epoch FROM now() - recount.begun_at)"
            " FROM cases_recount AS recount"
            " JOIN cases_recountpiece AS piece ON piece.recount_id = recount.id"
            " WHERE (SELECT count(*) FROM cases_recount) > %s"
            " AND recount.id = (SELECT id FROM cases_recount ORDER BY begun_at DESC LIMIT 1)"
            " GROUP BY recount.id HAVING bool_and(piece.done)",
            earlier,
        ).fetchone()
        if row:
            return int(row[0]), int(row[1]), float(row[2])
        time.sleep(0.2)


if __name__ == "__main__":
    raise SystemExit(main())

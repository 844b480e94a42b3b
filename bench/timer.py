"""How long the timer takes: to find what is due among many open cases, and to act on many that are due at once.

`python -m bench.timer --cases 10000 --open 1000000` makes a small city of its own under a temporary folder, multiplies
one case by SQL, lets the notice clocks of so many end, and waits until the worker has deemed all of them accepted
(state, number, paper). Ends with status 1 when finding takes more than a second, acting more than a minute, or an
outcome is not what the law wants.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench import processes
from bench.installation import Installation
from bench.multiplying import Copies, multiply, new_id

MOST_TO_FIND, MOST_TO_ACT = 1.0, 60.0
PATIENCE = 1200
_PREPARE = """
from stdnum.iso7064 import mod_11_2
from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases import actions
from tongban.cases.kinds import ApplicantRef, DeliveryWish, FeeTerm, TermLimit, Terms
from tongban.organisations import actions as organisations
from tongban.processes import actions as publishing
from tongban.processes import queries as processes
publishing.publish_shipped(now())
office = organisations.create_organisation(actor=SYSTEM, name="试验局", slug="trial", paper_prefix="试", now=now())
organisations.create_post(actor=SYSTEM, organisation_id=office.id, name="综合岗", now=now(),
    roles=["acceptance", "review", "approval", "delivery", "fees"])
first = "11010319850601000"
account = accounts.sign_up(name="试办人", identity_kind="resident_identity_card", now=now(), username="trial",
    identity_number=first + mod_11_2.calc_check_digit(first), password="timer-云汀-2026", phone="13900090000",
    consents=("privacy_notice", "electronic_service"))
actor = people.actor_by_account(account.id)
opening = actions.opening(actor=actor, kind="application", title="试验许可", organisation_id=office.id, channel="web",
    now=now(), applicant=ApplicantRef(name="试办人", person_id=actor.person_id, submitted_by_id=actor.person_id),
    terms=Terms(item_type="01", promised=TermLimit(value=7, unit="working_day"), fees={fees}),
    process=processes.default_process("promised"), delivery=DeliveryWish(way="online", electronic=True),
    process_data={{"form": {{}}, "situation": {{}}, "applicant": {{"kind": "person"}}}})
actions.open_case(opening=opening, now=now())
"""
_PLACES = f"""
    CREATE TEMP TABLE case_copy AS
        SELECT old.id AS old_id, {new_id("place")} AS id, place
        FROM cases_case AS old, generate_series(1, %(cases)s) AS place WHERE old.title = '试验许可';
    CREATE TEMP TABLE clock_copy AS
        SELECT clock.id AS old_id, {new_id("copy.place")} AS id, copy.id AS case_id, copy.place
        FROM cases_clock AS clock JOIN case_copy AS copy ON copy.old_id = clock.case_id;
    ANALYZE case_copy, clock_copy;
"""  # noqa: S608 - our own words only
_OF_CASE = ("case_copy AS copy ON copy.old_id = old.case_id", {"id": new_id("copy.place"), "case_id": "copy.id"})
_COPIES: Copies = {
    "cases_case": ("case_copy AS copy ON copy.old_id = old.id", {"id": "copy.id", "number": "'T-' || copy.place"}),
    "cases_task": _OF_CASE,
    "cases_delivery": _OF_CASE,
    "cases_clock": ("clock_copy AS copy ON copy.old_id = old.id", {"id": "copy.id", "case_id": "copy.case_id"}),
    "cases_clockinterval": (
        "clock_copy AS copy ON copy.old_id = old.clock_id", {"id": new_id("copy.place"), "clock_id": "copy.id"},
    ),
}  # fmt: skip
_FIND = """
    SELECT found.id FROM cases_clock AS clock JOIN cases_case AS found ON found.id = clock.case_id
    WHERE clock.state = 'running' AND clock.at_end = 'deemed_accepted' AND NOT clock.provisional
        AND clock.due_at <= now() ORDER BY clock.due_at, clock.id
"""
_LET_END = """
    UPDATE cases_clock SET started_at = now() - interval '9 days', due_on = current_date - 1,
        due_at = now() - interval '1 minute', provisional = false
    WHERE case_id IN (SELECT id FROM cases_case WHERE number LIKE 'T-%%' AND substr(number, 3)::int <= %s)
"""
_DONE = """
    SELECT count(*) FROM cases_case AS found WHERE number LIKE 'T-%' AND acceptance_is_deemed AND state = 'review'
        AND EXISTS (SELECT FROM cases_casepaper WHERE case_id = found.id)
        AND EXISTS (SELECT FROM cases_task WHERE case_id = found.id AND state = 'open' AND kind = 'review')
"""
_WRONG = """
    SELECT count(*), (SELECT last FROM papers_papercounter WHERE series = '试视受') FROM (
        SELECT subject_id FROM papers_paper WHERE kind = 'acceptance_deemed' GROUP BY subject_id HAVING count(*) <> 1
        UNION ALL
        SELECT subject_id FROM ledger_event WHERE kind = 'cases.case_deemed_accepted'
        GROUP BY subject_id HAVING count(*) <> 1
    ) AS wrong
"""


def main() -> int:
    """Measure once; 1 when something was missed."""
    parser = argparse.ArgumentParser(prog="bench.timer", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="cases that are due at once (default: 10,000)")
    parser.add_argument("--open", type=int, default=1_000_000, help="open cases (default: 1,000,000)")
    parser.add_argument("--fees", action="store_true", help="a fee is due with each: two papers a case")
    parser.add_argument("--kills", type=int, default=0, help="kill the worker so often in the middle (kill -9)")
    parser.add_argument("--folder", type=Path, help="where the city is made (default: a temporary folder)")
    parser.add_argument("--fill", action="store_true", help="only fill the folder, to be measured another time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongban-timer-") as temporary:
        Path(temporary).chmod(0o711)
        city = Installation(options.folder or Path(temporary))
        processes.run(["tongban", "migrate"], city.environment)
        processes.run(["tongban", "demo", "--once", "--cases", "1"], city.environment)
        with city:
            _fill(city, options)
            if options.fill:
                return 0
            missed = _measure(city, options)
    return 1 if missed else 0


def _fill(city: Installation, options: argparse.Namespace) -> None:
    """Multiply one case, unless the folder has it already; it is good for one measurement."""
    if (note := city.folder / "filled").exists():
        return
    fees = '[FeeTerm(name="工本费", amount_fen=1000)]' if options.fees else "()"
    processes.run(["tongban", "manage", "shell", "--command", _PREPARE.format(fees=fees)], city.environment)
    with psycopg.connect(city.logins()[0]) as connection:
        multiply(connection, _PLACES, _COPIES, cases=max(options.open, options.cases))
    note.touch()


def _measure(city: Installation, options: argparse.Namespace) -> list[str]:
    owner, _app = city.logins()
    with psycopg.connect(owner) as connection:
        before = city.cpu_seconds()
        connection.execute(_LET_END, [options.cases])
        found, plan = _found(connection)
        connection.commit()
        acted = _until_done(connection, options.cases, city.kill_worker, options.kills)
        after = city.cpu_seconds()
        wrong, last = connection.execute(_WRONG).fetchone() or (0, 0)
    spent = {part: after[part] - before[part] for part in after}
    print(f"{options.cases} due among {options.open} open cases: found in {found:.3f} s, acted upon in {acted:.1f} s")
    for part, seconds in spent.items():
        print(
            f"  {part}: {seconds:.1f} s of processor, {seconds / options.cases * 1e3:.2f} ms a case, handlers included"
        )
    judged = {
        "finding what is due": found <= MOST_TO_FIND,
        "the partial index": "clock_acts_at_its_end" in plan,
        "acting on it": acted <= MOST_TO_ACT,
        "each once": wrong == 0 and last == options.cases,
    }
    missed = [name for name, holds in judged.items() if not holds]
    print("missed: " + ", ".join(missed) if missed else "nothing missed")
    return missed


def _found(connection: psycopg.Connection) -> tuple[float, str]:
    """Return how long the question for all that is due takes, and its plan."""
    rows = connection.execute("EXPLAIN (ANALYZE, TIMING OFF) " + _FIND.replace("%", "%%")).fetchall()
    plan = "\n".join(row[0] for row in rows)
    return float(plan.split("Execution Time: ")[1].split(" ms")[0]) / 1000, plan


def _until_done(connection: psycopg.Connection, cases: int, kill: Callable[[], None], kills: int) -> float:
    """Return the seconds from when the worker has begun until all are done; it looks three times a minute."""
    connection.autocommit = True
    begun, until = 0.0, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        row = connection.execute(_DONE).fetchone()
        done = int(row[0]) if row else 0
        begun = begun or (time.monotonic() if done else 0.0)
        if begun and kills and done < cases:
            kill()
            kills -= 1
        if done >= cases:
            return time.monotonic() - begun + FIRST_BATCH
        time.sleep(0.5)
    return float(PATIENCE)


FIRST_BATCH = 1.0
"""Seconds that the first batch may have been at work before it was seen."""

if __name__ == "__main__":
    sys.exit(main())

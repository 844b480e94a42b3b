"""After a recount each open end is what reckoning that clock by itself gives; and a worker may be killed at any time."""

import json
import os
import random
import signal
import subprocess
import sys
import time as clock_time
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from tongban.base.actor import SYSTEM
from tongban.base.books import COMPARISONS, Look
from tongban.base.clock import OFFICE_ZONE
from tongban.calendar import actions as calendar
from tongban.calendar import queries as calendar_queries
from tongban.calendar.rules import Limit, NamedDay, Policy, Stop, due
from tongban.calendar.rules.settling import LocalDay, SetPolicy
from tongban.cases import actions, handlers
from tongban.cases.actions import recount_pieces, recounting
from tongban.cases.actions.clocks import order_work
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import (
    Case,
    Clock,
    ClockExtension,
    ClockInterval,
    Recount,
    RecountPiece,
    SupplementRequest,
    Suspension,
    Task,
)
from tongban.cases.tests.people import NOW, City, make_city, open_task
from tongban.ledger import actions as ledger
from tongban.ledger.events import write
from tongban.ledger.queries import history_of

pytestmark = pytest.mark.usefixtures("steps_without_limits")

UNITS = ("working_day", "calendar_day", "month", "hour", "working_hour", "on_the_spot")
LARGEST = {"month": 9, "hour": 900, "working_hour": 300}
DAYS = ("working_day", "calendar_day", "month")
PROMISE = Terms(
    item_type="01",
    item_code="X1",
    retention_years=1,
    promised=TermLimit(value=10, unit="working_day"),
    statutory=TermLimit(value=1, unit="month"),
)
Ends = dict[Any, tuple[date | None, datetime | None, bool]]


def recount(now: datetime = NOW) -> None:
    """Hand on what has happened and do all that there is to do."""
    ledger.drain(now)
    while actions.recount_some(now=now) == "more":
        pass
    while handlers.tell_some_moved(now=now):
        pass


def reckoned_alone(clock: Clock) -> tuple[date, datetime, bool]:
    """Return the end of a clock as `calendar.rules` gives it, from nothing but its own rows."""
    days = calendar_queries.working_calendar()
    stops = [
        Stop(one.since, one.until or one.since)
        for one in clock.intervals.filter(running=False, until__isnull=False).order_by("since")
    ]
    added = [Limit(one.value, one.unit) for one in clock.extensions.order_by("granted_at", "id")]  # type: ignore[arg-type]
    limit = Limit(clock.limit_value, clock.limit_unit)  # type: ignore[arg-type]
    found = due(limit, clock.started_at, days, days.policy_on(clock.started_at), stops=stops, extensions=added)
    return found.day, found.at, found.provisional


def ends_of_clocks() -> Ends:
    return {one.id: (one.due_on, one.due_at, one.provisional) for one in Clock.objects.exclude(state="ended")}


def lives(case: Case, dice: random.Random, number: int, stood: float) -> None:
    """Give a case clocks that began at any hour; a share of them stood or was extended.

    Where there are none such, none in hours either: those are cases that the database reckons.
    """
    for place in range(number):
        unit = dice.choice(UNITS if stood else (*DAYS, "on_the_spot"))
        began = datetime(2026, 1, 5, tzinfo=OFFICE_ZONE) + timedelta(minutes=dice.randrange(300 * 24 * 60))
        clock = Clock(
            case=case,
            kind=f"k{place}",
            limit_value=dice.randrange(LARGEST.get(unit, 60)),
            limit_unit=unit,
            started_at=began,
            state=dice.choice(("running", "running", "running", "stopped")),
            due_on=began.date(),
        )
        clock.save()
        if dice.random() < stood:
            since = began + timedelta(hours=dice.randrange(1, 400))
            until = since + timedelta(hours=dice.randrange(300))
            ClockInterval.objects.create(clock=clock, running=False, since=since, until=until, ground="听证")
        for step in range(dice.choice((1, 2)) if dice.random() < stood else 0):
            ClockExtension.objects.create(
                clock=clock,
                value=dice.randrange(1, 20),
                unit=dice.choice(DAYS) if unit in DAYS else unit,
                reasons="案情复杂",
                granted_at=NOW + timedelta(seconds=step),
            )
        if unit == "on_the_spot":
            clock.extensions.all().delete()
        put(clock)
    order_work(case)
    case.save(update_fields=["due_on"])


def put(clock: Clock) -> None:
    clock.due_on, clock.due_at, clock.provisional = reckoned_alone(clock)
    clock.save()


def suspension(case: Case, city: City, unit: str, value: int) -> Suspension:
    return Suspension.objects.create(
        case=case,
        kind="by_law",
        ground="等待",
        basis="法",
        expected_value=value,
        expected_unit=unit,
        expected_on=date(2026, 3, 20),
        began_at=NOW,
        official_id=city.head.official_id,
        post=city.head.post,
    )


def books_agree() -> None:
    for name in ("cases.order_of_work", "cases.states"):
        assert list(COMPARISONS[name].compare(Look(now=NOW)).named) == []


def change_something(dice: random.Random, number: int) -> None:
    """Make one change of the calendar: local days of either kind, a way of counting, the next year's notice."""
    day = date(2026, 1, 5) + timedelta(days=dice.randrange(400))
    if number == 0:
        first = Policy(office_hours=((time(8, 30), time(16, 30)),), first_day=1, months="thirty_days")
        calendar.set_policy(actor=SYSTEM, settled=SetPolicy(date(2026, 3, 20), first, "规〔2026〕1号"), now=NOW)
        late = Policy(closes="midnight")
        calendar.set_policy(actor=SYSTEM, settled=SetPolicy(date(2026, 6, 1), late, "规〔2026〕2号"), now=NOW)
    elif number == 1:
        names = [NamedDay(date(2027, 1, one), "元旦", is_working=one == 9) for one in (1, 4, 5, 9)]
        calendar.publish_year(year=2027, days=names, source="国办发明电〔2026〕1号", now=NOW)
    else:
        working = calendar_queries.working_calendar().is_working(day)
        calendar.set_local_day(actor=SYSTEM, local=LocalDay(day, "地方", not working, basis="b"), now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_end_is_what_reckoning_it_alone_gives(city: City, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - lives, not secrets
    cases = [city.accepted(terms=PROMISE) for _number in range(6)]
    for number, case in enumerate(cases):
        lives(case, dice, 24, stood=0.3 * (number % 2))
    for change in dice.sample(range(8), 4):
        change_something(dice, change)
        before = ends_of_clocks()
        events = {case.id: len(history_of("case", case.id)) for case in cases}
        recount()
        after = ends_of_clocks()
        for clock in Clock.objects.exclude(state="ended"):
            assert after[clock.id] == reckoned_alone(clock), (change, clock.limit_value, clock.limit_unit)
        for case in cases:
            running = Clock.objects.filter(case=case, state="running")
            moved = {one.kind: (before[one.id][0], after[one.id][0]) for one in running}
            told = [one for one in history_of("case", case.id)[events[case.id] :] if one.kind == "cases.clocks_moved"]
            ends = [end for one in told for end in one.event.ends]  # type: ignore[union-attr]
            assert len(told) <= 1
            assert {end.kind: (end.was, end.now) for end in ends} == {
                kind: both for kind, both in moved.items() if both[0] != both[1]
            }
        books_of_work(cases)
    assert sum(RecountPiece.objects.values_list("moved", flat=True)) > 0


def books_of_work(cases: list[Case]) -> None:
    """The nearest running clock stands on the open tasks of each case, with its mark."""
    for case in Case.objects.filter(id__in=[one.id for one in cases]):
        nearest = Clock.objects.filter(case=case, state="running").order_by("due_on", "id").first()
        assert nearest is not None
        for task in Task.objects.filter(case=case, state="open"):
            assert (task.due_on, task.provisional) == (nearest.due_on, nearest.provisional)


@pytest.mark.django_db
class TestWhatElse:
    def test_the_event_is_written_as_an_action_would_write_it(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        calendar.set_local_day(actor=SYSTEM, local=LocalDay(date(2026, 3, 5), "停电", False, "b"), now=NOW)
        recount()
        by_statement = history_of("case", case.id)[-1]
        assert by_statement.event is not None
        assert by_statement.data == write(by_statement.event)
        number = ledger.record(by_statement.event, actor=SYSTEM, now=NOW)
        by_action = history_of("case", case.id)[-1]
        assert by_action.id == number
        for name in ("kind", "happened_at", "actor_kind", "account_id", "official_id", "post_id", "data"):
            assert getattr(by_statement, name) == getattr(by_action, name), name
        assert (by_statement.uid.version, by_action.uid.version) == (7, 7)
        assert (
            str(by_statement.uid)[:13]
            == f"{int(NOW.timestamp() * 1000):012x}"[:8] + "-" + (f"{int(NOW.timestamp() * 1000):012x}"[8:])
        )

    def test_limits_in_days_are_reckoned_where_they_are(
        self, city: City, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        dice = random.Random(7)  # noqa: S311 - lives, not secrets
        cases = [city.accepted(terms=PROMISE) for _number in range(3)]
        for case in cases:
            lives(case, dice, 9, stood=0)
        calendar.set_local_day(actor=SYSTEM, local=LocalDay(date(2026, 3, 5), "停电", False, "b"), now=NOW)
        calendar_queries.working_calendar()
        written = "{" + ",".join(str(case.id) for case in cases) + "}"
        with django_assert_num_queries(4):  # cases and tasks are locked, the calendar asked for; and all in one
            assert recount_pieces.reckon(written, change_id=1, now=NOW).moved == 3

    def test_a_step_of_its_own_is_the_nearer_one_and_stays_so(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        task = open_task(case, "review")
        step = Clock(
            case=case,
            kind="step",
            task=task,
            limit_value=2,
            limit_unit="working_day",
            started_at=NOW,
            due_on=NOW.date(),
        )
        step.save()
        put(step)
        Task.objects.filter(id=task.id).update(due_on=step.due_on)
        assert step.due_on == date(2026, 3, 4)
        calendar.set_local_day(actor=SYSTEM, local=LocalDay(date(2026, 3, 4), "停电", False, "b"), now=NOW)
        recount()
        task.refresh_from_db()
        assert task.due_on == date(2026, 3, 5)
        books_agree()

    def test_suspensions_and_answers_in_days_and_hours(self, city: City) -> None:
        held = [city.accepted(terms=PROMISE) for _number in range(2)]
        in_days, in_hours = suspension(held[0], city, "working_day", 8), suspension(held[1], city, "working_hour", 63)
        asked = city.case()
        point = actions.Point(target_kind="field", target_key="address", words="请补充")
        actions.ask_supplement(
            actor=city.desk.actor, task=open_task(asked, "acceptance"), points=[point], word="", now=NOW
        )
        closed = SupplementRequest.objects.get(case=asked).answer_by
        for day in (date(2026, 3, 12), closed):
            calendar.set_local_day(actor=SYSTEM, local=LocalDay(day, "停电", False, "b"), now=NOW)
        recount()
        days = calendar_queries.working_calendar()
        for one in (in_days, in_hours):
            limit = Limit(one.expected_value or 0, one.expected_unit)  # type: ignore[arg-type]
            one.refresh_from_db()
            assert one.expected_on == due(limit, NOW, days, days.policy_on(NOW)).day
        assert in_days.expected_on == date(2026, 3, 13)
        request = SupplementRequest.objects.get(case=asked)
        assert request.answer_by == days.working_day_after(closed, 1)
        assert history_of("case", asked.id)[-1].kind == "cases.clocks_moved"

    def test_a_date_that_only_becomes_firm_is_counted_and_no_event(self, city: City) -> None:
        december = datetime(2026, 12, 14, 10, 0, tzinfo=OFFICE_ZONE)
        case = city.case(now=december, terms=PROMISE)
        actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=december)
        assert Clock.objects.get(case=case, kind="promised").provisional
        names = [NamedDay(date(2027, 1, 1), "元旦", is_working=False)]
        calendar.publish_year(year=2027, days=names, source="国办发明电〔2026〕1号", now=december)
        recount(december)
        assert not Clock.objects.get(case=case, kind="promised").provisional
        (told,) = actions_told()
        assert (told.moved, told.only_marked) == (0, 1)
        assert [one for one in history_of("case", case.id) if one.kind == "cases.clocks_moved"] == []


def actions_told() -> list[Any]:
    from tongban.cases.queries.recounts import recounts  # noqa: PLC0415 - only here

    return recounts()


WORKER = """
import json, sys
import django
django.setup()
from django.db import connection
connection.settings_dict.update(json.loads(sys.argv[1]))
from datetime import datetime
from tongban.cases import actions
print("up", flush=True)
while actions.recount_some(now=datetime.fromisoformat(sys.argv[2])) == "more":
    print("piece", flush=True)
"""


def waiting_backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'ledger_event'::regclass")
        return [row[0] for row in cursor.fetchall()]


def is_there(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)", [backend])
        return bool(cursor.fetchone()[0])


def until(found: Any, seconds: float = 60) -> Any:
    end = clock_time.monotonic() + seconds
    while not (value := found()):
        assert clock_time.monotonic() < end, "nothing came of it"
        clock_time.sleep(0.05)
    return value


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_piece_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    city = make_city()
    cases = [city.accepted(terms=PROMISE) for _number in range(4)]
    monkeypatch.setattr(recounting, "CASES_IN_A_PIECE", 2)
    calendar.set_local_day(actor=SYSTEM, local=LocalDay(date(2026, 3, 5), "停电", False, "b"), now=NOW)
    ledger.drain(NOW)
    assert actions.recount_some(now=NOW) == "more"  # the plan
    assert actions.recount_some(now=NOW) == "more"  # the first piece
    where = json.dumps({name: connection.settings_dict[name] for name in ("NAME", "USER", "HOST", "PORT")})
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, where, NOW.isoformat()], env=dict(os.environ), stdout=subprocess.PIPE, text=True
    ) as worker:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_event IN SHARE MODE")  # what it writes last but its commit
            (backend,) = until(waiting_backends)
            worker.send_signal(signal.SIGKILL)
            assert worker.wait(30) == -signal.SIGKILL
        until(lambda: not is_there(backend))
    assert sorted(moves(case) for case in cases) == [0, 0, 1, 1]
    assert Recount.objects.get().pieces.filter(done=False).count() == 1
    dates = {case.id: Clock.objects.get(case=case, kind="promised").due_on for case in cases}
    assert sorted(dates.values()) == [date(2026, 3, 16)] * 2 + [date(2026, 3, 17)] * 2
    recount()
    assert [moves(case) for case in cases] == [1] * 4
    assert set(Clock.objects.filter(kind="promised").values_list("due_on", flat=True)) == {date(2026, 3, 17)}
    books_agree()


def moves(case: Case) -> int:
    return len([one for one in history_of("case", case.id) if one.kind == "cases.clocks_moved"])

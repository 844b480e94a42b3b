"""Lives of cases on days that are given, through the actions: what comes of them was counted by hand on a calendar."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from tongban.cases import actions
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import City, Staff, actor_of, open_task
from tongban.insight import actions as insight
from tongban.insight.queries import Reach, Selection, reach_of

FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)


def at(month: int, day: int, hour: int = 10) -> datetime:
    """Return that hour of a day of 2026 in the office."""
    return datetime(2026, month, day, hour - 8, 0, tzinfo=UTC)


def terms(promised: int | None = 5, statutory: int | None = 20, code: str = "X1", catalogue: str = "C1") -> Terms:
    return Terms(
        item_type="01",
        item_code=code,
        catalogue_code=catalogue,
        promised=None if promised is None else TermLimit(value=promised, unit="working_day"),
        statutory=None if statutory is None else TermLimit(value=statutory, unit="working_day"),
        retention_years=1,
    )


def accept(city: City, case: Case, when: datetime) -> Case:
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=when)
    return case


def decide(city: City, case: Case, when: datetime, outcome: str = "granted") -> Case:
    """Review and decide a case at an instant."""
    if Task.objects.filter(case=case, kind="review", state="open").exists():
        actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=when)
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome=outcome,
        reasons="符合规定",
        legal_basis="《行政许可法》第三十八条",
        now=when,
    )
    return case


def decided(city: City, begin: datetime, end: datetime, outcome: str = "granted", **changes: Any) -> Case:
    """Open, accept and decide a case."""
    case = city.case(now=begin, **{"terms": terms(), **changes})
    return decide(city, accept(city, case, begin), end, outcome)


def read_all(now: datetime) -> None:
    """Let the watchers read what has happened.

    The sealer gives no position to what its own transaction wrote, and a test is one: here events get theirs by id.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET position = id WHERE position IS NULL")
    read_sealed(now)


def read_sealed(now: datetime) -> None:
    """Read on to the end."""
    while insight.read_on(now=now) or insight.renew_some(now=now):
        pass


def supervisor(city: City) -> Staff:
    return city.market.staff("supervisor", "孙督办")


def reach(of: Staff) -> Reach:
    found = reach_of(actor_of(of.actor.account_id) if of.actor.account_id else of.actor)
    assert found is not None
    return found


def spring(**changes: Any) -> Selection:
    """March and April of 2026."""
    return Selection(**{"first": FIRST, "last": LAST, **changes})


def stood(city: City, begin: datetime, stop: datetime, go_on: datetime, end: datetime) -> Case:
    """A case whose clocks were stopped for experts."""
    case = accept(city, city.case(now=begin, terms=terms()), begin)
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="expert_review",
        ground="需要专家评审",
        expected=TermLimit(value=5, unit="working_day"),
        now=stop,
    )
    actions.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="专家同意",
        now=go_on,
    )
    return decide(city, case, end)


def supplemented(city: City, begin: datetime, asked: datetime, given: datetime, end: datetime) -> Case:
    """A case for which something was missing."""
    case = city.case(now=begin, terms=terms())
    actions.ask_supplement(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        points=[("material", "lease", "请补租赁合同")],
        now=asked,
    )
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=given)
    return decide(city, accept(city, case, given), end)


def refuse_acceptance(city: City, begin: datetime, end: datetime) -> Case:
    case = city.case(now=begin, terms=terms(), channel="window", taken_in_by_id=city.market.posts["window"].id)
    actions.refuse_acceptance(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        reason="不属于本机关职权",
        legal_basis="《行政许可法》第三十二条",
        what_else="请到区卫生健康局",
        now=end,
    )
    return case


def make_world(city: City) -> dict[str, Case]:
    """Six cases. Working days of March 2026 are all Mondays to Fridays; 4 to 6 April is a holiday (清明).

    quick:   accepted Mon 2 March, decided Wed 4 March: 2 days of 5; a result fetched at nobody's window.
    late:    accepted Mon 2 March, decided Tue 10 March: 6 days, promised until 9 March, law until 30 March.
    stood:   accepted Mon 2 March, stopped Tue 3, on again Fri 6, decided Thu 12: 8 less 3 (3, 4, 5 March) = 5 days;
             the promise moved to Thu 12: on time.
    spring:  accepted Thu 2 April, decided Tue 7 April, asked for a supplement: Fri 3, Tue 7 (Mon 6 is a holiday)
             = 2 days.
    not:     not accepted on 5 March, at the window.
    back:    withdrawn on 3 March.
    """
    back = city.case(now=at(3, 2), terms=terms())
    actions.withdraw(actor=city.lin.actor, case=back, now=at(3, 3))
    return {
        "quick": decided(city, at(3, 2), at(3, 4)),
        "late": decided(city, at(3, 2), at(3, 10)),
        "stood": stood(city, at(3, 2), at(3, 3), at(3, 6), at(3, 12)),
        "spring": supplemented(city, at(3, 31), at(4, 1), at(4, 2), at(4, 7)),
        "not": refuse_acceptance(city, at(3, 4), at(3, 5)),
        "back": back,
    }


def recuse(city: City, official: Staff, case: Case) -> None:
    actions.stand_aside(actor=official.actor, case=case, reason="亲属", now=at(3, 4))

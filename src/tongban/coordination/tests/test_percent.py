"""Percent of a limit: of the limit as it is extended, with what was stopped left out."""

from datetime import date, datetime, timedelta

import pytest

from tongban.base.actor import SYSTEM
from tongban.calendar import queries as calendar
from tongban.cases import actions as cases
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock
from tongban.cases.tests.people import NOW, City, open_task
from tongban.coordination import actions
from tongban.coordination.rules.table import PRESET, Rules, WatchRule
from tongban.coordination.rules.thresholds import cutoff
from tongban.coordination.tests.test_looking import put_rules, standing
from tongban.organisations import actions as organisations

pytestmark = pytest.mark.django_db
PERMIT = Terms(item_type="01", item_code="X1", retention_years=1)
"""Twenty working days by law, and nothing promised: due on 30 March."""
SIXTY = WatchRule(key="near_due", watch="near_due", value=60, unit="percent")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:00:00+00:00")


def seen_on(case: Case, first: str, last: str) -> str:
    """Return the first day from one to another on which the daily look warns; "" when none does."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        actions.look(now=at(day.isoformat()))
        if ("near_due", "yellow") in standing(case):
            return day.isoformat()
        day += timedelta(days=1)
    return ""


@pytest.fixture(autouse=True)
def _rules(city: City) -> None:
    off = [rule.model_copy(update={"active": False}) for rule in PRESET.rules if rule.key != "near_due"]
    put_rules(Rules(rules=(SIXTY, *off)))


def extended(city: City) -> Case:
    """Return a case whose twenty days the head has made thirty on the second of them: due on 14 April."""
    head = organisations.create_post(
        actor=SYSTEM,
        organisation_id=city.market.organisation.id,
        name="局长",
        roles=["supervisor"],
        is_head=True,
        now=NOW,
    )
    city.market.posts["head"] = head
    boss, case = city.market.staff("head", "钱局长"), city.accepted(terms=PERMIT)
    cases.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场条件复杂", now=NOW)
    cases.answer_approval(actor=boss.actor, task=open_task(case, "approval"), granted=True, now=NOW + timedelta(days=1))
    assert Clock.objects.get(case=case, kind="statutory").due_on == date(2026, 4, 14)
    return case


def test_of_a_limit_that_nobody_has_moved(city: City) -> None:
    """Eight of twenty days are left on 18 March."""
    assert seen_on(city.accepted(terms=PERMIT), "2026-03-02", "2026-03-30") == "2026-03-18"


def test_an_extension_counts(city: City) -> None:
    """Of thirty days twelve are left on 26 March; with eight, as of the limit first set, it would be 1 April."""
    case = extended(city)
    assert seen_on(case, "2026-03-04", "2026-04-14") == "2026-03-26"
    actions.look(now=at("2026-03-26"), whole=True)
    assert standing(case) == {("near_due", "yellow")}


def test_an_extension_takes_the_warning_back(city: City) -> None:
    case = city.accepted(terms=PERMIT)
    assert seen_on(case, "2026-03-17", "2026-03-18") == "2026-03-18"
    clock = Clock.objects.get(case=case, kind="statutory")
    clock.extensions.create(value=10, unit="working_day", reasons="x", granted_at=at("2026-03-19"))
    Clock.objects.filter(id=clock.id).update(due_on=date(2026, 4, 14))
    assert actions.unsettled(case_ids=[case.id], now=at("2026-03-19")) == [case.id]
    actions.settle(case_ids=[case.id], now=at("2026-03-19"))
    assert standing(case) == set()
    assert actions.unsettled(case_ids=[case.id], now=at("2026-03-19")) == []


def test_what_was_stopped_does_not_count(city: City) -> None:
    """From 3 to 10 March an expert looks at it: five days more, due on 7 April, and 25 March instead of the 18th."""
    case = city.accepted(terms=PERMIT)
    suspension = cases.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="expert_review",
        ground="需要专家评审",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW + timedelta(days=1),
    )
    actions.settle(case_ids=[case.id], now=at("2026-03-25"))
    assert standing(case) == set()
    cases.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="专家同意",
        now=NOW + timedelta(days=8),
    )
    assert seen_on(case, "2026-03-10", "2026-04-07") == "2026-03-25"


@pytest.mark.parametrize(
    ("limits", "days_left"),
    [
        ([(20, "working_day")], 8),
        ([(20, "working_day"), (10, "working_day")], 12),
        ([(30, "calendar_day")], 12),
        ([(1, "month"), (1, "month")], 24),
        ([(30, "calendar_day"), (10, "working_day")], 17),
        ([(20, "working_day"), (8, "hour")], 8),
    ],
)
def test_the_day_on_which_so_much_of_it_is_used(limits: list[tuple[int, str]], days_left: int) -> None:
    days, today = calendar.working_calendar(), date(2026, 3, 2)
    only_working = {unit for _value, unit in limits} <= {"working_day", "hour"}
    last = days.working_day_after(today, days_left) if only_working else today + timedelta(days=days_left)
    later = days.working_day_after(last, 1) if only_working else last + timedelta(days=1)
    assert cutoff(SIXTY, limits, today, days) == later


def test_hours_have_no_percentage(city: City) -> None:
    assert cutoff(SIXTY, [(24, "working_hour")], date(2026, 3, 2), calendar.working_calendar()) is None

"""Clocks of a step: begun with its task, ended with it, standing with the others."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tongban.base.actor import SYSTEM
from tongban.base.books import Look
from tongban.calendar.rules import Limit, Unit, WorkingCalendar, due
from tongban.cases import actions, queries
from tongban.cases.books import clocks as books
from tongban.cases.kinds import DeliveryWish, TermLimit, Terms
from tongban.cases.models import Case, Clock
from tongban.cases.rules.clock_table import PERMITS, ClockRule, ClockRules
from tongban.cases.rules.step_limits import within
from tongban.cases.tests.people import NOW, City, open_task
from tongban.processes import actions as processes
from tongban.processes.errors import WrongModel
from tongban.processes.models import ProcessVersion
from tongban.processes.tests import invented

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = TermLimit(value=5, unit="working_day")


def process(*limits: str) -> ProcessVersion:
    """Publish a process whose steps, one after the other, have these limits."""
    steps = [f"a{place}" for place in range(len(limits))]
    tasks = [invented.step(name, more=limit) for name, limit in zip(steps, limits, strict=True)]
    text = invented.bpmn(invented.start(), *tasks, invented.end(), invented.chain("s", *steps, "e"))
    return processes.publish(code="steps", name="环节", bpmn=text, now=NOW)


def steps_of(case: Case) -> list[tuple[str, date, str]]:
    clocks = Clock.objects.filter(case=case, kind="step").order_by("started_at", "id")
    return [(str(clock.state), clock.due_on, clock.ended_by) for clock in clocks]


def right() -> None:
    """The books agree."""
    look = Look(now=NOW + 30 * DAY)
    compared = (books.clocks, books.intervals, books.step_clocks, books.order_of_work)
    assert [named for each in compared for named in each(look).named] == []


def review(city: City, case: Case, at: timedelta) -> None:
    task = open_task(case, "review")
    actions.complete_review(actor=city.reviewer.actor, task=task, choice="agree", opinion="好", now=NOW + at)


def test_a_step_of_the_process_has_its_own_limit(city: City) -> None:
    case = city.accepted(process=process('tongban:limit="3"', 'tongban:limit="40" tongban:unit="calendar_day"'))
    assert steps_of(case) == [("running", date(2026, 3, 5), "")]
    assert open_task(case, "review").due_on == date(2026, 3, 5)
    assert Case.objects.get(id=case.id).due_on == date(2026, 3, 30)
    right()
    review(city, case, DAY)
    assert steps_of(case) == [("ended", date(2026, 3, 5), "done"), ("running", date(2026, 3, 30), "")]
    assert open_task(case, "review").due_on == date(2026, 3, 30), "no step outlasts the whole"
    right()
    review(city, case, 2 * DAY)
    assert [state for state, _due, _by in steps_of(case)] == ["ended", "ended"]
    right()


@pytest.mark.parametrize(
    ("terms", "limit", "due_on"),
    [
        ({"promised": {"value": 10, "unit": "working_day"}}, (8, "working_day"), date(2026, 3, 12)),
        ({"promised": {"value": 1, "unit": "working_day"}}, (1, "working_day"), date(2026, 3, 3)),
        ({"promised": {"value": 0, "unit": "working_day"}}, (0, "working_day"), date(2026, 3, 2)),
        ({"promised": {"value": 1, "unit": "month"}}, (24, "calendar_day"), date(2026, 3, 26)),
        ({"promised": {"value": 5, "unit": "working_hour"}}, (4, "working_hour"), date(2026, 3, 2)),
        ({}, (16, "working_day"), date(2026, 3, 24)),
        ({"item_type": "07"}, (16, "working_day"), date(2026, 3, 24)),
    ],
)
def test_the_shipped_review_has_four_fifths_of_the_whole(
    city: City, terms: dict[str, object], limit: tuple[int, str], due_on: date
) -> None:
    case = city.accepted(terms=Terms.model_validate({"item_type": "01", **terms}))
    clock = Clock.objects.get(case=case, kind="step")
    assert ((clock.limit_value, clock.limit_unit), clock.due_on) == (limit, due_on)
    whole = Clock.objects.filter(case=case, state="running").exclude(kind="step").order_by("due_at").first()
    assert whole is not None
    assert whole.due_at is not None
    assert clock.due_at is not None
    assert clock.due_at <= whole.due_at
    right()


def test_the_second_of_two_steps_has_what_is_left(city: City) -> None:
    half = 'tongban:limit="60" tongban:unit="percent"'
    case = city.accepted(
        process=process(half, half), terms=Terms(item_type="01", promised=TermLimit(value=2, unit="working_day"))
    )
    assert steps_of(case) == [("running", date(2026, 3, 3), "")]
    review(city, case, DAY)
    assert steps_of(case)[1] == ("running", date(2026, 3, 4), "")
    late = city.accepted(
        process=process(half, half), terms=Terms(item_type="01", promised=TermLimit(value=2, unit="working_day"))
    )
    review(city, late, 2 * DAY)
    assert steps_of(late)[1] == ("running", date(2026, 3, 4), ""), "the last day of the whole"
    over = city.accepted(
        process=process(half, half), terms=Terms(item_type="01", promised=TermLimit(value=2, unit="working_day"))
    )
    review(city, over, 7 * DAY)
    assert steps_of(over)[1] == ("running", date(2026, 3, 10), ""), "who gets it late is not late by that"
    right()


def test_what_is_deemed_accepted_has_the_clock_of_its_step(city: City) -> None:
    case, at = city.case(), NOW + 8 * DAY
    assert actions.deem_accepted(now=at, limit=5) == [case.id]
    assert steps_of(case) == [("running", date(2026, 3, 30), "")]
    clock = Clock.objects.get(case=case, kind="step")
    assert (clock.started_at, clock.limit_value, clock.intervals.count()) == (at, 14, 1)
    assert open_task(case, "review").due_on == date(2026, 3, 30)
    right()


@pytest.mark.parametrize("limit", ['"0"', '"101"', '"-5"', '"half"'])
def test_a_part_of_the_whole_is_between_one_and_a_hundred(limit: str) -> None:
    with pytest.raises(WrongModel):
        process(f'tongban:limit={limit} tongban:unit="percent"')


@given(
    value=st.integers(0, 200),
    unit=st.sampled_from(["working_day", "calendar_day", "hour", "working_hour", "month"]),
    hours=st.integers(0, 24 * 200),
    whole=st.integers(0, 60),
)
def test_no_limit_of_a_step_outlasts_the_whole(value: int, unit: Unit, hours: int, whole: int) -> None:
    days = WorkingCalendar({}, [], [])
    start = NOW + timedelta(hours=hours)
    until = due(Limit(whole, "working_day"), NOW, days, days.policy_on(NOW)).at
    found = within(Limit(value, unit), start, until, days)
    policy = days.policy_on(start)
    if due(Limit(0, unit), start, days, policy).at > until:
        assert found == Limit(value, unit)
        return
    assert due(found, start, days, policy).at <= until
    assert found.value <= value
    assert found.value == value or due(Limit(found.value + 1, unit), start, days, policy).at > until


def test_they_stand_and_run_on_with_the_others(city: City) -> None:
    case = city.accepted(process=process('tongban:limit="3"', 'tongban:limit="3"'))
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="test",
        ground="检测",
        expected=WEEK,
        now=NOW + DAY,
    )
    assert steps_of(case)[0][0] == "stopped"
    review(city, case, 2 * DAY)
    assert [state for state, _due, _by in steps_of(case)] == ["ended", "stopped"]
    right()
    actions.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="合格",
        now=NOW + 8 * DAY,
    )
    assert steps_of(case)[1] == ("running", date(2026, 3, 12), "")
    assert open_task(case, "review").due_on == date(2026, 3, 12)
    right()


def test_who_receives_a_case_has_a_clock_of_the_step(city: City) -> None:
    case, friday, monday = city.case(), 4 * DAY, 7 * DAY - timedelta(hours=1)
    to = city.health.organisation.id
    actions.pass_on(actor=city.desk.actor, task=open_task(case, "acceptance"), organisation_id=to, now=NOW + friday)
    assert steps_of(case) == [("running", date(2026, 3, 10), "")]
    assert Clock.objects.get(case=case, kind="notice").state == "running"
    assert open_task(case, "acceptance").due_on == date(2026, 3, 9)
    right()
    back, desk = city.market.organisation.id, city.health.staff("acceptance", "孙受理")
    actions.pass_on(actor=desk.actor, task=open_task(case, "acceptance"), organisation_id=back, now=NOW + monday)
    assert steps_of(case) == [("ended", date(2026, 3, 10), "done"), ("running", date(2026, 3, 11), "")]
    right()
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW + monday)
    assert steps_of(case)[1] == ("ended", date(2026, 3, 11), "accepted")
    right()


def test_a_table_may_give_any_step_a_clock(city: City) -> None:
    steps = ("acceptance", "decision", "approval")
    rule = ClockRule(kind="step", begins="step", steps=steps, limit=TermLimit(value=1, unit="working_day"))
    rules = PERMITS.model_copy(update={"clocks": (*PERMITS.clocks, rule)})
    actions.publish_clock_table(actor=SYSTEM, item_type="01", rules=rules, source="本地规定", now=NOW)
    case = city.case()
    assert open_task(case, "acceptance").due_on == date(2026, 3, 3)
    right()
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    review(city, case, timedelta())
    assert open_task(case, "decision").due_on == date(2026, 3, 3)
    actions.ask_extension(actor=city.head.actor, task=open_task(case, "decision"), reasons="复杂", now=NOW)
    right()
    assert [state for state, _due, _by in steps_of(case)] == ["ended", "ended", "running", "running"]
    shown = queries.clocks_of(Case.objects.get(id=case.id), today=date(2026, 3, 2), for_applicant=True)
    assert "step" not in {clock.kind for clock in shown}


def test_a_table_names_the_steps_of_its_step_clocks() -> None:
    for wrong in (
        {"kind": "step", "begins": "step"},
        {"kind": "other", "begins": "step", "steps": ("review",)},
        {"kind": "step", "begins": "receipt", "steps": ("review",)},
    ):
        with pytest.raises(ValidationError):
            ClockRules.model_validate({"clocks": ({**wrong, "limit": WEEK},)})


def test_handing_over_has_a_clock_where_the_table_says_so(city: City) -> None:
    rules = ClockRules(
        clocks=(*PERMITS.clocks, ClockRule(kind="step", begins="step", steps=("delivery",), limit=WEEK)),
    )
    actions.publish_clock_table(actor=SYSTEM, item_type="01", rules=rules, source="云政发〔2026〕3号", now=NOW)
    case = city.reviewed(delivery=DeliveryWish(way="window"))
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="不符合",
        legal_basis="第三十八条",
        now=NOW,
    )
    assert steps_of(case)[-1] == ("running", date(2026, 3, 9), "")
    assert open_task(case, "delivery").due_on == date(2026, 3, 9)
    right()
    desk = city.market.staff("delivery", "孙送达")
    actions.deliver(actor=desk.actor, task=open_task(case, "delivery"), way="window", handed_to="林知夏", now=NOW + DAY)
    assert [state for state, _due, _by in steps_of(case)] == ["ended", "ended"]
    right()

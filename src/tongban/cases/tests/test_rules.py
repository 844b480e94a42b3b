"""Properties of the pure rules: the legal life, the clocks, urgency."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongban.calendar.rules import WorkingCalendar
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.rules import clocks, life
from tongban.cases.rules.clock_table import OTHERS, PERMIT, PERMITS
from tongban.cases.rules.numbers import case_number
from tongban.cases.rules.retention import retain_until
from tongban.cases.rules.urgency import pressure
from tongban.cases.tests.people import NOW

STATES = sorted({state for state, _step in life.LIFE} | set(life.LIFE.values()) | life.ENDED)
STEPS = sorted({step for _state, step in life.LIFE})
CALENDAR = WorkingCalendar({})

limits = st.builds(TermLimit, value=st.integers(0, 400), unit=st.sampled_from(["working_day", "calendar_day", "month"]))
terms = st.builds(
    Terms,
    item_type=st.sampled_from(["01", "05", "07", "20", ""]),
    statutory=st.none() | limits,
    promised=st.none() | limits,
    policy_limit=st.none() | limits,
)


@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_any_sequence_of_steps_stays_within_the_law(steps: list[life.Step]) -> None:
    state, decided, accepted, renewed = "submitted", 0, 0, 0
    for step in steps:
        following = life.after(state, step)
        if following is None:
            continue
        assert state not in life.ENDED or step == "rate"
        accepted += step in {"accept", "deem_accepted"}
        decided += step == "decide"
        renewed += step == "deem_renewed"
        assert decided <= accepted <= 1
        if following in {"decided", "completed", "delivered"}:
            assert decided + renewed == 1
        state = following


@given(st.sampled_from(STATES), st.sampled_from(STEPS))
def test_every_step_leads_to_a_known_state_or_nowhere(state: str, step: life.Step) -> None:
    following = life.after(state, step)
    assert following is None or following in STATES
    assert life.is_possible(state, step) is (following is not None)


def test_every_state_can_still_come_to_an_end() -> None:
    ending = set(life.ENDED)
    while found := {state for (state, _step), after in life.LIFE.items() if after in ending} - ending:
        ending |= found
    assert {state for state, _step in life.LIFE} <= ending


@given(terms)
def test_exactly_the_lawful_clocks_run(given_terms: Terms) -> None:
    is_permit = given_terms.item_type == PERMIT
    rules = PERMITS if is_permit else OTHERS
    started = {clock.kind: clock for clock in clocks.starting(rules, "acceptance", given_terms)}
    assert ("statutory" in started) is (is_permit or given_terms.statutory is not None)
    assert ("promised" in started) is (given_terms.promised is not None)
    assert ("policy" in started) is (not started.keys() & {"statutory", "promised"})
    if is_permit and given_terms.statutory is None:
        assert (started["statutory"].value, started["statutory"].unit) == (20, "working_day")
    at_receipt = clocks.starting(rules, "receipt", given_terms)
    assert [(clock.kind, clock.at_end) for clock in at_receipt] == [
        ("notice", "deemed_accepted") if is_permit else ("policy", "")
    ]


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(-60, 60))
def test_urgency_agrees_with_the_calendar(today: date, distance: int) -> None:
    due = today + timedelta(days=distance)
    found = pressure(due, today, CALENDAR)
    assert (found.urgency == "overdue") is (due < today)
    assert (found.urgency == "today") is (due == today)
    assert found.days is not None
    assert (found.days < 0) is (due < today)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_numbers_begin_with_the_day(day: date) -> None:
    number = case_number(day)
    assert number.startswith(f"{day:%Y%m%d}-")
    assert len(number) == 17


def test_29_february_is_kept_until_1_march() -> None:
    assert retain_until(NOW.replace(year=2028, month=2, day=29), Terms(retention_years=1)) == date(2029, 3, 1)

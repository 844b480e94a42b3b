"""Days used are those by which a limit would just have been met."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from tongban.base.clock import office_date
from tongban.calendar.rules import Limit, NamedDay, Stop, WorkingCalendar, counting_day, days_left_out, due
from tongban.calendar.rules.policies import Policy
from tongban.insight.rules.days import days_used, limit_in_days

CALENDAR = WorkingCalendar(
    {2026: [NamedDay(date(2026, 4, 6), "清明节", False), NamedDay(date(2026, 5, 9), "劳动节", True)]},
    policies=[(date(2026, 7, 1), Policy(first_day=1))],
)
instants = some.datetimes(datetime(2026, 3, 1), datetime(2026, 9, 1), timezones=some.just(UTC))  # noqa: DTZ001 - aware by `timezones`
spans = some.lists(
    some.tuples(some.integers(0, 60), some.integers(0, 30)).map(lambda one: (one[0] * 11, one[1] * 7)), max_size=3
)


def counted_one_by_one(start: datetime, end: datetime, stops: list[tuple[datetime, datetime]]) -> int:
    """Go through the days, one after the other."""
    policy = CALENDAR.policy_on(start)
    first = counting_day(start, CALENDAR, policy)
    left_out = days_left_out((Stop(*stop) for stop in stops), policy)
    day, used = first if policy.first_day else first + timedelta(days=1), 0
    while day <= office_date(end):
        used += CALENDAR.is_working(day) and day not in left_out
        day += timedelta(days=1)
    return used


@given(instants, some.integers(0, 120 * 24), spans)
def test_days_used_are_the_days_gone_through_one_by_one(
    start: datetime, hours: int, found: list[tuple[int, int]]
) -> None:
    end = start + timedelta(hours=hours)
    stops = [
        (start + timedelta(hours=begin), min(end, start + timedelta(hours=begin + length)))
        for begin, length in found
        if begin < hours
    ]
    assert days_used(start, end, CALENDAR, stops) == counted_one_by_one(start, end, stops)


@given(instants, some.integers(1, 60))
def test_a_case_decided_on_the_last_day_has_used_its_limit(start: datetime, limit: int) -> None:
    policy = CALENDAR.policy_on(start)
    last = due(Limit(limit, "working_day"), start, CALENDAR, policy).day
    assert days_used(start, datetime(last.year, last.month, last.day, 4, tzinfo=UTC), CALENDAR) == limit


@given(instants, some.integers(0, 90))
def test_a_limit_of_calendar_days_comes_to_the_working_days_up_to_its_end(start: datetime, days: int) -> None:
    policy = CALENDAR.policy_on(start)
    last = due(Limit(days, "calendar_day"), start, CALENDAR, policy).day
    end = datetime(last.year, last.month, last.day, 4, tzinfo=UTC)
    assert limit_in_days((days, "calendar_day"), start, CALENDAR) == days_used(start, end, CALENDAR)


def test_limits_that_are_stated_in_working_days_or_on_the_spot_are_themselves() -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert limit_in_days((7, "working_day"), start, CALENDAR) == 7
    assert limit_in_days((1, "on_the_spot"), start, CALENDAR) == 0
    assert limit_in_days(None, start, CALENDAR) is None

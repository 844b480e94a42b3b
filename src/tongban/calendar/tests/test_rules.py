"""Working days and limits, compared with a count day by day."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as some

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.actions import shipped_years
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import (
    Limit,
    NamedDay,
    Policy,
    Unit,
    WorkingCalendar,
    days_left,
    due,
    explain,
    holiday_words,
    sentences,
    working_days_between,
)
from tongban.calendar.tests import counting

NOTICES = json.loads((Path(__file__).parent / "data" / "notices.json").read_text())
SHIPPED = WorkingCalendar(shipped_years())
YEAR = timedelta(days=365)

some_days = some.dates(date(2004, 1, 1), date(2030, 12, 31))
some_instants = some.datetimes(datetime(2004, 1, 1), datetime(2030, 12, 31)).map(  # noqa: DTZ001 - given its zone below
    lambda naive: naive.replace(minute=naive.minute // 15 * 15, second=0, microsecond=0, tzinfo=OFFICE_ZONE)
)
some_policies = some.sampled_from(
    [
        Policy(),
        Policy(office_hours=((time(9), time(18)),)),
        Policy(office_hours=((time(8, 30), time(11, 45)), (time(14), time(17, 30))), first_day=1),
    ]
)
day_units = some.sampled_from(("working_day", "calendar_day", "month", "on_the_spot"))


@some.composite
def some_calendars(draw: Callable[..., date]) -> WorkingCalendar:
    """Invent notices of two years: holidays on weekdays, weekends worked."""
    named = {}
    for year in (2026, 2027):
        days = draw(some.sets(some.dates(date(year, 1, 1), date(year, 12, 31)), max_size=60))
        named[year] = [NamedDay(day, "节", day.weekday() >= 5) for day in days]  # type: ignore[attr-defined]
    return WorkingCalendar(named)


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_shipped_days_are_those_of_the_official_notices(year: str) -> None:
    holidays, working = set(NOTICES[year]["holidays"]), set(NOTICES[year]["working"])
    day = date(int(year), 1, 1)
    while day.year == int(year):
        stated = day.isoformat()
        expected = stated in working or (day.weekday() < 5 and stated not in holidays)
        assert SHIPPED.is_working(day) is expected, stated
        day += timedelta(days=1)


def test_notice_reaching_into_the_december_before() -> None:
    assert not SHIPPED.is_working(date(2018, 12, 31))
    assert SHIPPED.is_working(date(2018, 12, 29))
    assert {day.day.year for day in shipped_years()[2019]} == {2018, 2019}


@given(some_calendars(), some_days, some_days)
def test_working_days_between_is_the_count_of_days(calendar: WorkingCalendar, one: date, other: date) -> None:
    one, other = min(one, other), min(max(one, other), min(one, other) + YEAR)
    days = [one + timedelta(days=step) for step in range(1, (other - one).days + 1)]
    assert working_days_between(one, other, calendar) == sum(calendar.is_working(day) for day in days)
    assert days_left(other, one, calendar) == -days_left(one, other, calendar)


@settings(max_examples=150)
@given(some.one_of(some.just(SHIPPED), some_calendars()), some_instants, some.integers(0, 90), day_units, some_policies)
def test_due_day_is_the_day_counted_to(
    calendar: WorkingCalendar, start: datetime, value: int, unit: Unit, policy: Policy
) -> None:
    limit = Limit(value % 14 if unit == "month" else value, unit)
    found = due(limit, start, calendar, policy)
    assert found.day == counting.due_day(limit, start, calendar, policy)
    assert calendar.is_working(found.day)
    days = [start.date() + timedelta(days=step) for step in range((found.day - start.date()).days + 1)]
    assert found.provisional == any(calendar.is_provisional(day) for day in days)


@settings(max_examples=40, deadline=None)
@given(some_calendars(), some_instants, some.integers(1, 30), some_policies)
def test_working_hours_are_the_hours_the_office_is_open(
    calendar: WorkingCalendar, start: datetime, hours: int, policy: Policy
) -> None:
    found = due(Limit(hours, "working_hour"), start, calendar, policy)
    assert found.instant == counting.working_hours_later(hours, start, calendar, policy)


@given(some_instants, some.integers(0, 2000))
def test_hours_run_through(start: datetime, hours: int) -> None:
    assert due(Limit(hours, "hour"), start, SHIPPED).instant == start + timedelta(hours=hours)


@given(some.one_of(some.just(SHIPPED), some_calendars()), some_instants, some.integers(1, 60), day_units, some_policies)
def test_explanation_accounts_for_every_day(
    calendar: WorkingCalendar, start: datetime, value: int, unit: Unit, policy: Policy
) -> None:
    limit = Limit(value % 14 + 1 if unit == "month" else value, unit)
    found = explain(limit, start, calendar, policy)
    if unit == "on_the_spot":
        assert found.counted == ()
        return
    if unit != "month":
        assert len(found.counted) == limit.value
    spent = {*found.counted, *(left.day for left in found.left_out)}
    last = found.due.day
    expected = {found.first + timedelta(days=step) for step in range(1, (last - found.first).days + 1)}
    assert spent | {found.first, last} == expected | {found.first, last}
    assert all(not calendar.is_working(left.day) for left in found.left_out)
    with translation.override("zh-hans"):
        assert sentences(found)[-1]


def at(*parts: int) -> datetime:
    """Return an instant of the office's zone."""
    return datetime(*parts, tzinfo=OFFICE_ZONE)  # type: ignore[arg-type,misc]


def test_receipt_day_closing_time_and_moved_weekend() -> None:
    # 15 February 2026 begins the Spring Festival; Saturday the 14th and the 28th are worked
    in_time, late = at(2026, 2, 13, 16, 59), at(2026, 2, 13, 17, 0)
    assert due(Limit(1, "working_day"), in_time, SHIPPED).day == date(2026, 2, 14)
    assert due(Limit(1, "working_day"), late, SHIPPED).day == date(2026, 2, 24)
    assert due(Limit(5, "working_day"), late, SHIPPED).day == date(2026, 2, 28)
    assert due(Limit(0, "on_the_spot"), late, SHIPPED).day == date(2026, 2, 14)


def test_month_ends_on_corresponding_day_or_the_last() -> None:
    assert due(Limit(1, "month"), at(2025, 12, 31, 10), SHIPPED).day == date(2026, 2, 2)  # 31 January is a Saturday
    assert due(Limit(1, "month"), at(2024, 1, 31, 10), SHIPPED).day == date(2024, 2, 29)
    assert due(Limit(3, "month"), at(2026, 3, 9, 10), SHIPPED).day == date(2026, 6, 9)


def test_last_calendar_day_moves_behind_the_holidays() -> None:
    found = explain(Limit(30, "calendar_day"), at(2026, 9, 3, 9), SHIPPED)
    assert (found.counted_last, found.due.day) == (date(2026, 10, 3), date(2026, 10, 8))


def test_beyond_the_published_years_is_provisional() -> None:
    assert not due(Limit(20, "working_day"), at(2026, 11, 23, 10), SHIPPED).provisional
    found = due(Limit(30, "working_day"), at(2026, 11, 23, 10), SHIPPED)
    assert found.provisional
    assert found.day == date(2027, 1, 5)
    assert not SHIPPED.is_working(date(2027, 10, 1))
    assert SHIPPED.is_provisional(date(2026, 12, 28))
    assert not SHIPPED.is_provisional(date(2026, 12, 27))
    assert not SHIPPED.is_provisional(date(2025, 12, 31))


def test_far_away_is_refused() -> None:
    for limit in (
        Limit(99_999, "working_day"),
        Limit(99_999, "month"),
        Limit(10**12, "hour"),
        Limit(90_000, "calendar_day"),
    ):
        with pytest.raises(BeyondCalendar):
            due(limit, at(2026, 11, 23, 10), SHIPPED)
    with pytest.raises(BeyondCalendar):
        SHIPPED.is_working(date(1999, 12, 31))
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, "working_day")


def test_sentences_name_the_days_that_did_not_count() -> None:
    found = explain(Limit(5, "working_day"), at(2026, 2, 13, 18), SHIPPED)
    with translation.override("zh-hans"):
        words = sentences(found)
    assert words == [
        "2026年2月13日收到时已过下班时间，从下一个工作日2026年2月14日起算。",
        "当天不计入，自次日起计 5 个工作日。",
        "不计入的日子：2026年2月15日至2026年2月23日（春节）。",
        "以下周末因调休上班，计入期限：2026年2月28日。",
        "最后一日是2026年2月28日。",
    ]
    with translation.override("en"):
        assert "Not counted: 15 February 2026 to 23 February 2026 (Spring Festival)." in sentences(found)
        assert holiday_words("国庆节、中秋节") == "National Day, Mid-autumn Festival"
        assert holiday_words("地方节日") == "地方节日"


@pytest.mark.parametrize(
    ("limit", "policy", "said"),
    [
        (Limit(5, "working_day"), Policy(first_day=1), "当天计入（依本地规定），连当天共计 5 个工作日。"),
        (Limit(5, "calendar_day"), Policy(first_day=1), "当天计入（依本地规定），连当天共计 5 天，周末也计入。"),
        (Limit(2, "month"), Policy(months="thirty_days"), "2 个月按 60 天计（依本地规定），周末也计入。"),
        (
            Limit(1, "month"),
            Policy(months="thirty_days", first_day=1),
            "1 个月按 30 天计（依本地规定），周末也计入。首日计入（依本地规定），所以早一天。",
        ),
        (Limit(1, "month"), Policy(), "1 个月，到期月的对应日为最后一日；没有对应日的，月末日为最后一日。"),
    ],
)
def test_sentences_say_how_days_are_counted_where_it_is_settled_otherwise(
    limit: Limit, policy: Policy, said: str
) -> None:
    """30 January 2026, a Friday."""
    with translation.override("zh-hans"):
        assert sentences(explain(limit, at(2026, 1, 30, 10), SHIPPED, policy))[1] == said


def test_reckoning_takes_no_longer_for_long_limits() -> None:
    start, began = at(2005, 1, 4, 10), perf_counter()
    for _ in range(2000):
        due(Limit(5000, "working_day"), start, SHIPPED)
    assert (perf_counter() - began) / 2000 < 0.001

"""The ten limits of docs/law/worked-examples.md, counted by hand there, and the edges that have broken others."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.actions import shipped_years
from tongban.calendar.rules import Due, Limit, NamedDay, Policy, Stop, WorkingCalendar, due, explain, sentences

YEARS = {year: days for year, days in shipped_years().items() if year <= 2026}
KNOWN = WorkingCalendar(YEARS)
FESTIVAL_2020 = [
    *(NamedDay(date(2020, 1, day), "春节", is_working=False) for day in range(24, 31)),
    NamedDay(date(2020, 1, 19), "春节", is_working=True),
    NamedDay(date(2020, 2, 1), "春节", is_working=True),
]
BEFORE_CORRECTION = WorkingCalendar(
    {**YEARS, 2020: [*(named for named in YEARS[2020] if named.day > date(2020, 2, 3)), *FESTIVAL_2020]}
)
DECISION, NOTICE, DELIVERY = Limit(20, "working_day"), Limit(5, "working_day"), Limit(10, "working_day")
AN_INSTANT = timedelta(microseconds=1)


def at(*parts: int) -> datetime:
    """Return an instant of the office's zone."""
    return datetime(*parts, tzinfo=OFFICE_ZONE)  # type: ignore[arg-type,misc]


def closing(year: int, month: int, day: int) -> Due:
    """Return an end on that day at 17:00 that no notice will change."""
    return Due(date(year, month, day), provisional=False, at=at(year, month, day, 17))


def days(year: int, **months: str) -> tuple[date, ...]:
    """Read lists of days like september="16-19 22": as the page has them."""
    names = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
    numbers = {name: number for number, name in enumerate((*names, "november", "december"), start=1)}
    found = []
    for month, listed in months.items():
        for span in listed.split():
            first, _, last = span.partition("-")
            found += [date(year, numbers[month], day) for day in range(int(first), int(last or first) + 1)]
    return tuple(found)


def test_1_twenty_days_over_national_day() -> None:
    found = explain(DECISION, at(2025, 9, 15, 10, 20), KNOWN)
    assert found.counted == days(2025, september="16-19 22-26 28-30", october="9-11 13-17")
    assert found.due == closing(2025, 10, 17)
    assert found.moved_working_days == days(2025, september="28", october="11")
    holidays = tuple(left.day for left in found.left_out if left.reason == "holiday")
    assert holidays == days(2025, october="1-8")


def test_2_deemed_acceptance() -> None:
    receipt = at(2024, 5, 11, 16, 59, 59)
    notice, decision = explain(NOTICE, receipt, KNOWN), explain(DECISION, receipt, KNOWN)
    assert notice.counted == days(2024, may="13-17")
    assert notice.due == closing(2024, 5, 17)
    assert decision.counted == days(2024, may="13-17 20-24 27-31", june="3-7")
    assert decision.due == closing(2024, 6, 7)
    late = explain(NOTICE, receipt + timedelta(seconds=1), KNOWN)
    assert (late.first, late.counted) == (date(2024, 5, 13), days(2024, may="14-17 20"))
    assert late.due == closing(2024, 5, 20)


def test_3_ten_days_more() -> None:
    start = at(2026, 1, 26, 9)
    assert due(DECISION, start, KNOWN) == closing(2026, 2, 28)
    found = explain(DECISION, start, KNOWN, extensions=[Limit(10, "working_day")])
    assert found.counted == days(2026, january="27-30", february="2-6 9-14 24-28", march="2-6 9-13")
    assert found.due == closing(2026, 3, 13)


def test_4_experts_are_asked_on_the_last_day() -> None:
    start, asked, answered = at(2025, 3, 3, 14), at(2025, 3, 31, 10), at(2025, 4, 10, 15)
    assert due(DECISION, start, KNOWN) == closing(2025, 3, 31)
    found = explain(DECISION, start, KNOWN, stops=[Stop(asked, answered, "专家评审")])
    assert found.counted == days(2025, march="4-7 10-14 17-21 24-28", april="10")
    assert found.due == closing(2025, 4, 10)
    stopped = [left for left in found.left_out if left.reason == "stopped"]
    assert tuple(left.day for left in stopped) == days(2025, march="31", april="1-9")
    assert {left.name for left in stopped} == {"专家评审"}
    too_late = Stop(at(2025, 3, 31, 17), answered)
    assert due(DECISION, start, KNOWN, stops=[too_late]) == closing(2025, 3, 31)
    assert due(DECISION, start, KNOWN, stops=[Stop(too_late.since - AN_INSTANT, answered)]) == closing(2025, 4, 10)


def test_5_delivery() -> None:
    found = explain(DELIVERY, at(2024, 9, 25, 11), KNOWN)
    assert found.counted == days(2024, september="26-27 29-30", october="8-12 14")
    assert found.due == closing(2024, 10, 14)


def test_6_calendar_days_that_end_on_a_holiday() -> None:
    found = explain(Limit(15, "calendar_day"), at(2025, 9, 16, 14), KNOWN)
    assert found.counted == days(2025, september="17-30", october="1")
    assert found.counted_last == date(2025, 10, 1)
    assert found.due == closing(2025, 10, 9)
    assert tuple(left.day for left in found.left_out) == days(2025, october="2-8")


@pytest.mark.parametrize(
    ("start", "last", "counted"),
    [
        ((2025, 7, 31, 9), (2025, 9, 30), 61),
        ((2024, 12, 31, 9), (2025, 2, 28), 59),
        ((2019, 12, 31, 9), (2020, 3, 2), 60),
        ((2023, 12, 29, 9), (2024, 2, 29), 62),
    ],
)
def test_7_two_months(start: tuple[int, ...], last: tuple[int, int, int], counted: int) -> None:
    found = explain(Limit(2, "month"), at(*start), KNOWN)
    assert found.due == closing(*last)
    assert len(found.counted) == counted


def test_8_hours() -> None:
    for unit, value, start, end in (
        ("hour", 24, at(2025, 9, 30, 16, 30), at(2025, 10, 1, 16, 30)),
        ("working_hour", 4, at(2025, 9, 30, 15, 30), at(2025, 10, 9, 11, 30)),
    ):
        found = due(Limit(value, unit), start, KNOWN)  # type: ignore[arg-type]
        assert (found.instant, found.at, found.day, found.provisional) == (end, end, end.date(), False)


def test_9_a_calendar_corrected_afterwards() -> None:
    start = at(2020, 1, 22, 9, 30)
    before, after = explain(NOTICE, start, BEFORE_CORRECTION), explain(NOTICE, start, KNOWN)
    assert before.counted == days(2020, january="23 31", february="1 3-4")
    assert before.due == closing(2020, 2, 4)
    assert after.counted == days(2020, january="23", february="3-6")
    assert after.due == closing(2020, 2, 6)


def test_10_beyond_the_last_notice() -> None:
    found = explain(DECISION, at(2026, 12, 14, 10), KNOWN)
    assert found.counted == (*days(2026, december="15-18 21-25 28-31"), *days(2027, january="4-8 11-12"))
    assert found.due == Due(date(2027, 1, 12), provisional=True, at=at(2027, 1, 12, 17))


def test_no_notice_moves_hours_that_run_without_a_break() -> None:
    start = at(2026, 12, 30, 9)
    assert due(Limit(48, "hour"), start, KNOWN) == Due(date(2027, 1, 1), False, at(2027, 1, 1, 9), at(2027, 1, 1, 9))
    assert due(Limit(48, "working_hour"), start, KNOWN).provisional


def test_last_second_of_an_office_day_and_the_instant_after() -> None:
    day_limit = Limit(1, "working_day")
    assert due(day_limit, at(2026, 3, 4, 17) - AN_INSTANT, KNOWN) == closing(2026, 3, 5)
    assert due(day_limit, at(2026, 3, 4, 17), KNOWN) == closing(2026, 3, 6)
    assert due(day_limit, at(2026, 3, 4, 17), KNOWN, Policy(closes="midnight")).day == date(2026, 3, 5)


def test_midnight_belongs_to_the_day_that_begins() -> None:
    midnight = at(2026, 3, 5)
    for policy in (Policy(), Policy(closes="midnight")):
        assert due(Limit(1, "working_day"), midnight, KNOWN, policy).day == date(2026, 3, 6)
        assert due(Limit(1, "working_day"), midnight.astimezone(UTC), KNOWN, policy).day == date(2026, 3, 6)
    before = midnight - AN_INSTANT
    assert due(Limit(1, "working_day"), before, KNOWN).day == date(2026, 3, 6)
    found = due(Limit(1, "working_day"), before, KNOWN, Policy(closes="midnight"))
    assert (found.day, found.at) == (date(2026, 3, 5), at(2026, 3, 6))


def test_start_on_a_moved_working_saturday() -> None:
    assert due(Limit(1, "working_day"), at(2026, 2, 14, 9), KNOWN) == closing(2026, 2, 24)
    assert due(Limit(1, "working_day"), at(2026, 2, 14, 9), KNOWN, Policy(first_day=1)) == closing(2026, 2, 14)


def test_29_february() -> None:
    assert due(Limit(12, "month"), at(2024, 2, 29, 9), KNOWN) == closing(2025, 2, 28)
    assert due(Limit(1, "month"), at(2024, 2, 29, 9), KNOWN) == closing(2024, 3, 29)
    assert due(Limit(1, "calendar_day"), at(2024, 2, 28, 9), KNOWN) == closing(2024, 2, 29)
    assert due(Limit(1, "calendar_day"), at(2023, 2, 28, 9), KNOWN) == closing(2023, 3, 1)


def test_limit_of_nothing_ends_on_the_first_day() -> None:
    for limit in (Limit(0, "working_day"), Limit(0, "calendar_day"), Limit(0, "month"), Limit(7, "on_the_spot")):
        for first_day in (0, 1):
            policy = Policy(first_day=first_day)
            assert due(limit, at(2026, 3, 4, 16), KNOWN, policy) == closing(2026, 3, 4)
            assert due(limit, at(2026, 3, 7, 16), KNOWN, policy) == closing(2026, 3, 9)
    assert due(Limit(0, "hour"), at(2026, 3, 7, 16), KNOWN).at == at(2026, 3, 7, 16)
    assert due(Limit(0, "working_hour"), at(2026, 3, 6, 17), KNOWN).at == at(2026, 3, 9, 9)
    assert due(Limit(0, "working_hour"), at(2026, 3, 6, 12), KNOWN).at == at(2026, 3, 6, 13)


def test_limit_of_nothing_that_is_stopped_says_so() -> None:
    stop = Stop(at(2026, 3, 4, 10), at(2026, 3, 6, 10), "检验")
    found = explain(Limit(0, "working_day"), at(2026, 3, 4, 9), KNOWN, stops=[stop])
    assert found.due == closing(2026, 3, 6)
    assert tuple(left.day for left in found.left_out) == days(2026, march="4-5")
    with translation.override("en"):
        told = " ".join(sentences(found))
    assert "Not counted: 4 March 2026 to 5 March 2026 (检验)." in told
    assert "the clock was stopped, so the time ends" in told
    assert "is not a working day" not in told


def test_weekdays_that_are_worked_are_no_moved_weekends() -> None:
    worked = NamedDay(date(2026, 10, 2), "抗灾", is_working=True)
    found = explain(Limit(1, "working_day"), at(2026, 9, 30, 9), WorkingCalendar(YEARS, [worked]))
    assert found.due == closing(2026, 10, 2)
    assert found.moved_working_days == ()


def test_hours_are_extended_by_the_same_hours_and_days_by_days_only() -> None:
    for limit, extension in (
        (Limit(5, "working_day"), Limit(1, "hour")),
        (Limit(5, "hour"), Limit(1, "working_hour")),
        (Limit(5, "working_hour"), Limit(1, "working_day")),
    ):
        with pytest.raises(ValueError, match="hours are extended"):
            due(limit, at(2026, 3, 4, 9), KNOWN, extensions=[extension])


def test_a_limit_without_unit_or_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, "working_day")
    for unit in ("", None, "day", "WORKING_DAY"):
        with pytest.raises(ValueError, match="unit"):
            Limit(5, unit)  # type: ignore[arg-type]

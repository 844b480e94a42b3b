"""The calendar in the tables: what ships, what is published, how corrections come into force."""

from datetime import date

import pytest
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tongban.calendar import actions, handlers, queries
from tongban.calendar.errors import WrongYear
from tongban.calendar.events import subject_of
from tongban.calendar.models import CalendarYear, SpecialDay
from tongban.calendar.rules import NamedDay
from tongban.ledger import queries as ledger

pytestmark = pytest.mark.django_db
NEXT_YEAR = [
    NamedDay(date(2027, 1, 1), "元旦", is_working=False),
    NamedDay(date(2027, 2, 8), "春节", is_working=False),
    NamedDay(date(2027, 2, 20), "春节", is_working=True),
]


def test_published_years_are_there_after_migrating() -> None:
    calendar = queries.working_calendar()
    assert {2004, 2026} <= calendar.published_years
    assert calendar.name_of(date(2026, 2, 17)) == "春节"


def test_calendar_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    queries.working_calendar()
    with django_assert_num_queries(1):
        first = queries.working_calendar()
    with django_assert_num_queries(1):
        assert queries.working_calendar() is first


def test_publishing_a_year_makes_it_final_and_is_recorded() -> None:
    assert queries.working_calendar().is_provisional(date(2027, 2, 8))
    row = actions.publish_year(year=2027, days=NEXT_YEAR, source="国办发明电〔2026〕1号", now=timezone.now())
    calendar = queries.working_calendar()
    assert not calendar.is_provisional(date(2027, 2, 8))
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 20))
    assert [event.kind for event in ledger.history_of("calendar_year", subject_of(2027))] == ["calendar.year_published"]
    again = actions.publish_year(year=2027, days=NEXT_YEAR, source="again", now=timezone.now())
    assert (again.version, again.source) == (row.version, row.source)
    assert len(ledger.history_of("calendar_year", subject_of(2027))) == 1


def test_a_correction_is_seen_at_once() -> None:
    actions.publish_year(year=2027, days=NEXT_YEAR, source="notice", now=timezone.now())
    assert queries.working_calendar().is_working(date(2027, 2, 9))
    corrected = [*NEXT_YEAR, NamedDay(date(2027, 2, 9), "春节", is_working=False)]
    assert actions.publish_year(year=2027, days=corrected, source="correction", now=timezone.now()).version == 2
    assert not queries.working_calendar().is_working(date(2027, 2, 9))


def test_what_ships_never_overwrites_what_was_published_here() -> None:
    days = [NamedDay(date(2026, 1, 1), "元旦", is_working=False)]
    actions.publish_year(year=2026, days=days, source="local", now=timezone.now())
    assert actions.load_published(timezone.now()) == []
    assert CalendarYear.objects.get(year=2026).source == "local"


def test_loading_again_changes_nothing_and_mends_what_is_missing() -> None:
    before = SpecialDay.objects.count()
    handlers.load_published(using="default")
    assert SpecialDay.objects.count() == before
    CalendarYear.objects.filter(year=2020).delete()
    assert actions.load_published(timezone.now()) == [2020]
    assert SpecialDay.objects.count() == before


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2027, []),
        (2027, [*NEXT_YEAR, NEXT_YEAR[0]]),
        (2027, [*NEXT_YEAR, NamedDay(date(2028, 1, 3), "元旦", is_working=False)]),
        (2027, [*NEXT_YEAR, NamedDay(date(2027, 3, 3), "", is_working=False)]),
        (2027, [*NEXT_YEAR, NamedDay(date(2027, 3, 3), "春节", is_working=True)]),
        (1999, NEXT_YEAR),
    ],
)
def test_a_wrong_notice_is_refused_and_changes_nothing(year: int, days: list[NamedDay]) -> None:
    before = SpecialDay.objects.count()
    with pytest.raises(WrongYear) as refused:
        actions.publish_year(year=year, days=days, source="notice", now=timezone.now())
    assert refused.value.fields["days"]
    assert SpecialDay.objects.count() == before


def test_office_hours_come_from_the_settings() -> None:
    assert queries.policy().closing.hour == 17
    with override_settings(TONGBAN_OFFICE_HOURS="8:30-12:00, 14:00-18:00"):
        assert queries.policy().closing.hour == 18
        assert queries.policy().minutes_a_day == 450

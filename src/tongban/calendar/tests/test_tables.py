"""The calendar in the tables: what ships, what is published, how corrections come into force."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.calendar import actions, queries
from tongban.calendar.errors import WrongYear
from tongban.calendar.events import CalendarChanged, subject_of
from tongban.calendar.models import CalendarVersion, CalendarYear, SpecialDay
from tongban.calendar.rules import CalendarChange, NamedDay, Policy, read_notice, written
from tongban.calendar.rules.settling import LocalDay, SetPolicy
from tongban.ledger import queries as ledger
from tongban.ledger.events import RecordedEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LOCAL = LocalDay(date(2026, 4, 9), "三月三", False, "云政发〔2026〕2号")
NEXT_YEAR = [
    NamedDay(date(2027, 1, 1), "元旦", is_working=False),
    NamedDay(date(2027, 2, 8), "春节", is_working=False),
    NamedDay(date(2027, 2, 20), "春节", is_working=True),
]


def in_force(part: int) -> CalendarVersion:
    return CalendarVersion.objects.get(part=part, in_force=True)


def changed(recorded: RecordedEvent) -> CalendarChange:
    assert isinstance(recorded.event, CalendarChanged)
    return recorded.event.change


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
    actions.publish_year(year=2027, days=NEXT_YEAR, source="国办发明电〔2026〕1号", now=timezone.now())
    calendar = queries.working_calendar()
    assert not calendar.is_provisional(date(2027, 2, 8))
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 20))
    assert [event.kind for event in ledger.history_of("calendar_year", subject_of(2027))] == ["calendar.year_published"]
    again = actions.publish_year(year=2027, days=NEXT_YEAR, source="again", now=timezone.now())
    assert (again.version, again.source) == (1, "国办发明电〔2026〕1号")
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
    assert in_force(2026).source == "local"


def test_loading_again_changes_nothing_and_mends_what_is_missing() -> None:
    before = CalendarVersion.objects.count()
    call_command("migrate", "calendar", verbosity=0)
    assert CalendarVersion.objects.count() == before
    CalendarVersion.objects.filter(part=2020).update(in_force=False)
    assert actions.load_published(timezone.now()) == [2020]
    assert queries.working_calendar().name_of(date(2020, 1, 24)) == "春节"


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
    before = CalendarVersion.objects.count()
    with pytest.raises(WrongYear) as refused:
        actions.publish_year(year=year, days=days, source="notice", now=timezone.now())
    assert refused.value.fields["days"]
    assert CalendarVersion.objects.count() == before


def test_what_an_older_release_published_is_the_first_version() -> None:
    year = CalendarYear.objects.create(year=2027, source="国办", digest="1", published_at=NOW)
    for named in NEXT_YEAR:
        SpecialDay.objects.create(year=year, day=named.day, name=named.name, is_working=named.is_working)
    assert actions.load_published(timezone.now()) == [2027]
    row = in_force(2027)
    assert (row.source, row.published_at, queries.notice_of(2027)) == ("国办", NOW, NEXT_YEAR)


def test_a_version_is_neither_changed_nor_deleted() -> None:
    kept = CalendarVersion.objects.filter(part=2026)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(source="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()
    assert in_force(2026).source == queries.SHIPPED


def test_the_calendar_as_it_was_known_on_a_day() -> None:
    told = NOW + timedelta(days=30)
    actions.publish_year(year=2027, days=NEXT_YEAR, source="notice", now=told)
    actions.set_local_day(actor=SYSTEM, local=LOCAL, now=told + timedelta(days=1))
    before, between, after = (queries.calendar_as_of(told + timedelta(days=days)) for days in (-1, 0, 2))
    assert before.is_provisional(date(2027, 2, 8))
    assert not between.is_working(date(2027, 2, 8))
    assert between.is_working(LOCAL.day)
    assert not after.is_working(LOCAL.day)
    assert before.name_of(date(2026, 2, 17)) == "春节"


def test_a_local_day_prevails_until_it_is_taken_back() -> None:
    actions.set_local_day(actor=SYSTEM, local=LOCAL, now=NOW)
    calendar = queries.working_calendar()
    assert (calendar.is_working(LOCAL.day), calendar.is_local(LOCAL.day)) == (False, True)
    actions.set_local_day(actor=SYSTEM, local=replace(LOCAL, name="停电闭馆"), now=NOW)
    assert queries.working_calendar().name_of(LOCAL.day) == "停电闭馆"
    actions.remove_local_day(actor=SYSTEM, day=LOCAL.day, now=NOW)
    assert queries.working_calendar().is_working(LOCAL.day)
    with pytest.raises(NotFound):
        actions.remove_local_day(actor=SYSTEM, day=LOCAL.day, now=NOW)
    happened = ledger.history_of("calendar_local_days", subject_of("local-days"))
    told = [changed(event).days for event in happened]
    assert told == [((LOCAL.day, LOCAL.day),), (), ((LOCAL.day, LOCAL.day),)]
    kept = [one for one in queries.history() if one.row.part == queries.LOCAL_DAYS]
    assert [(len(one.appeared), len(one.disappeared)) for one in kept] == [(0, 1), (1, 1), (1, 0)]


def test_what_starts_before_a_policy_holds_is_reckoned_by_the_one_before() -> None:
    hours = Policy(office_hours=((time(8, 30), time(12)), (time(14), time(18))), first_day=1)
    settled = SetPolicy(date(2026, 4, 1), hours, "云政发〔2026〕3号")
    actions.set_policy(actor=SYSTEM, settled=settled, now=NOW)
    calendar = queries.working_calendar()
    assert calendar.policy_on(date(2026, 3, 31)) == queries.initial_policy()
    assert calendar.policy_on(date(2026, 4, 1)) == hours
    assert queries.policies() == [settled]
    told = changed(ledger.history_of("calendar_policies", subject_of("policies"))[-1])
    assert told.starts == ((date(2026, 4, 1), date(2099, 12, 31)),)
    actions.remove_policy(actor=SYSTEM, holds_from=date(2026, 4, 1), now=NOW)
    assert queries.policy(date(2026, 4, 1)) == queries.initial_policy()


@pytest.mark.parametrize(
    ("settled", "field"),
    [
        (SetPolicy(date(2026, 4, 1), Policy(office_hours=((time(9), time(9)),)), "b"), "office_hours"),
        (SetPolicy(date(2026, 4, 1), Policy(office_hours=()), "b"), "office_hours"),
        (SetPolicy(date(1999, 4, 1), Policy(), "b"), "holds_from"),
        (SetPolicy(date(2026, 4, 1), Policy(), " "), "basis"),
    ],
)
def test_policy_values_that_cannot_be_are_refused(settled: SetPolicy, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.set_policy(actor=SYSTEM, settled=settled, now=NOW)
    assert list(refused.value.fields) == [field]
    assert queries.policies() == []


def test_only_who_may_changes_the_calendar() -> None:
    nobody = Actor(kind="official", posts=())
    for attempt in (
        lambda: actions.publish_year(year=2027, days=NEXT_YEAR, source="x", now=NOW, actor=nobody),
        lambda: actions.set_local_day(actor=nobody, local=LOCAL, now=NOW),
        lambda: actions.set_policy(
            actor=nobody, settled=SetPolicy(date(2026, 4, 1), Policy(first_day=1), "b"), now=NOW
        ),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert CalendarVersion.objects.filter(part__in=[0, 1, 2027]).count() == 0


def test_office_hours_come_from_the_settings() -> None:
    assert queries.policy(NOW).closing.hour == 17
    with override_settings(TONGBAN_OFFICE_HOURS="8:30-12:00, 14:00-18:00"):
        assert queries.policy(NOW).closing.hour == 18
        assert queries.policy(NOW).minutes_a_day == 450


LINES = "日期,名称,类别\n2027-01-01,元旦,休\n2027年2月8日，春节，放假\n2027/2/20,春节,班\n"
ICALENDAR = "BEGIN:VCALENDAR\r\n" + "".join(
    f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
    for day, title in (("20270101", "元旦（休）"), ("20270208", "春节 休"), ("20270220", "春节补班"))
)
JSON = json.dumps(
    {
        "year": 2027,
        "days": [{"name": d.name, "date": d.day.isoformat(), "isOffDay": not d.is_working} for d in NEXT_YEAR],
    }
)


@pytest.mark.parametrize("text", [LINES, ICALENDAR, JSON, "\ufeff" + LINES])
def test_notices_are_read_in_each_form(text: str) -> None:
    assert read_notice(text) == NEXT_YEAR


def test_lines_read_and_written_are_the_same() -> None:
    for days in actions.shipped_years().values():
        assert read_notice(written(days)) == sorted(days)
    assert written(read_notice("2027-02-05~2027-02-11,春节,休")) == "2027-02-05至2027-02-11,春节,休"


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n2027-02-30,春节,休",
        "2027-01-01,元旦,也许",
        "2027-01-01至2028-01-01,元旦,休",
        "{",
        '{"days": [{"name": 1}]}',
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nSUMMARY:y\nEND:VEVENT",
        "[" * 50_000,
        "1" * 200_000,
    ],
)
def test_what_is_no_notice_is_refused_in_words(text: str) -> None:
    with pytest.raises(WrongYear) as refused:
        read_notice(text)
    assert refused.value.fields["days"][0]

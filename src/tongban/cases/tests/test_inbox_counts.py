"""What an inbox says of its length: exact where it is short; where it is long, what it said a moment ago."""

import pytest
from django.core.cache import cache

from tongban.base.clock import office_date
from tongban.cases import actions, queries
from tongban.cases.models import Task
from tongban.cases.queries import inbox_counts
from tongban.cases.queries.inbox import Filters, Inbox, inbox
from tongban.cases.tests.people import NOW, City


def seen(city: City) -> Inbox:
    """Return the inbox of the desk."""
    return inbox(city.desk.actor, Filters(), today=office_date(NOW))


def test_a_short_inbox_is_counted_each_time(city: City) -> None:
    cache.clear()
    for number in (1, 2):
        city.case()
        assert seen(city).counts == {"all": number, "mine": 0, "open": number, "overdue": 0, "today": 0}


def test_of_a_long_one_only_ones_own_tasks_are(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(inbox_counts, "LONG", 1)
    city.case()
    case = city.case()
    assert seen(city).counts["all"] == 2
    actions.claim(actor=city.desk.actor, task=Task.objects.get(case=case), now=NOW)
    city.case()
    found = seen(city)
    assert found.counts == {"all": 2, "mine": 1, "open": 2, "overdue": 0, "today": 0}
    assert len(found.rows) == 3
    assert found.page.paginator.count == 2
    cache.clear()
    assert seen(city).counts == {"all": 3, "mine": 1, "open": 2, "overdue": 0, "today": 0}


def test_others_are_not_told_what_was_counted_for_one(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(inbox_counts, "LONG", 0)
    city.case()
    assert seen(city).counts["all"] == 1
    other = inbox(city.reviewer.actor, Filters(), today=office_date(NOW))
    assert other.counts["all"] == 0
    assert queries.listed_count(city.desk.actor) == 1

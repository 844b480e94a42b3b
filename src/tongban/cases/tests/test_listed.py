"""Lists page through what `visible` finds, and through nothing else, whichever way they go."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base.actor import NOBODY, Actor
from tongban.cases import actions, queries
from tongban.cases.models import Case, Task
from tongban.cases.queries import finding
from tongban.cases.tests.people import NOW, City, client_of, open_case, resident


@pytest.fixture
def actors(city: City) -> list[Actor]:
    """Cases in every relation to officials: worked on, taken in, supervised, stood aside from; and none at all."""
    window = city.market.staff("window", "孙窗口")
    supervisor = city.health.organisation
    watching = city.market.staff("supervisor", "吴督办")
    for number in range(3):
        case = city.reviewed()
        if number == 1:
            actions.stand_aside(actor=city.reviewer.actor, case=case, reason="亲属", now=NOW)
    open_case(city.market, city.lin, taken_in_by_id=window.post.id, channel="window")
    open_case(city.health, resident("外人"), organisation_id=supervisor.id)
    return [
        city.desk.actor, city.reviewer.actor, city.head.actor, window.actor, watching.actor,
        city.health.staff("fees", "郑收费").actor, city.lin.actor, resident("没有事项").actor, NOBODY,
    ]  # fmt: skip


@pytest.mark.parametrize("many", [0, 5000])
def test_a_list_holds_what_one_may_see(actors: list[Actor], many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MANY", many)
    cache.clear()
    sizes = []
    for actor in actors:
        seen = set(queries.visible(actor).values_list("id", flat=True))
        assert set(finding.listed(actor).values_list("id", flat=True)) == seen
        assert queries.listed_count(actor) == len(seen)
        sizes.append(len(seen))
    assert sizes[0] >= 4
    assert sizes[1] == 2
    assert sizes[3] == 1
    assert sizes[4] == 5  # the market office is the service centre here
    assert sizes[-1] == 0


def test_a_long_count_is_kept_for_a_minute_and_a_short_one_is_not(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    city.case()
    assert queries.listed_count(city.desk.actor) == 1
    city.case()
    assert queries.listed_count(city.desk.actor) == 2
    monkeypatch.setattr(finding, "MANY", 1)
    assert queries.listed_count(city.desk.actor) == 2
    city.case()
    with CaptureQueriesContext(connection) as captured:
        assert queries.listed_count(city.desk.actor) == 2
    assert len(captured) == 0
    cache.clear()
    assert queries.listed_count(city.desk.actor) == 3


def test_the_page_of_a_case_is_refused_to_whom_lists_leave_it_out(city: City) -> None:
    case = city.reviewed()
    actions.stand_aside(actor=city.head.actor, case=case, reason="亲属", now=NOW)
    head = client_of(city.head.username)
    assert head.get(f"/office/cases/{case.number}").status_code == 404
    assert case.number not in head.get("/office/cases").content.decode()


def test_pages_of_the_newest_are_those_of_what_one_may_see(actors: list[Actor]) -> None:
    for place, case in enumerate(Case.objects.order_by("id")):
        at = NOW - timedelta(days=place % 3)
        Case.objects.filter(id=case.id).update(submitted_at=at)
        Task.objects.filter(case_id=case.id).update(case_submitted_at=at)
    for actor in actors:
        wanted = list(queries.visible(actor).order_by("-submitted_at", "-id")) if actor.is_official else []
        found = queries.search_cases(actor)
        assert [*found[:2], *found[2:4], *found[4:9]] == wanted
        assert list(found[9:12]) == []
        assert found.count() == len(wanted)
        if actor.is_official:
            assert list(queries.cases_told(actor)[1:3]) == wanted[1:3]


def test_a_page_of_the_newest_costs_the_same_however_many_there_are(city: City) -> None:
    city.case()
    found, costs = queries.search_cases(city.desk.actor), []
    for _number in range(3):
        city.case()
        list(found[:10])
        with CaptureQueriesContext(connection) as captured:
            costs.append((len(found[:10]), len(captured)))
    assert costs == [(2, 2), (3, 2), (4, 2)]


def test_each_task_says_when_its_case_came_in(city: City) -> None:
    for case in (city.case(now=NOW - timedelta(days=3)), city.reviewed()):
        assert {task.case_submitted_at for task in case.tasks.all()} == {case.submitted_at}


def test_a_task_of_the_release_before_says_it_too(city: City) -> None:
    case = city.case()
    task = Task(case=case, kind=Task.Kind.APPROVAL, name="x", post=city.head.post, created_at=NOW)
    task.save()
    task.refresh_from_db()
    assert task.case_submitted_at == case.submitted_at

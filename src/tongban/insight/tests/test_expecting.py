"""What applicants are told about how long it will take, and whether that comes true."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases import queries as cases
from tongban.cases.models import Case
from tongban.cases.tests.people import City, client_of
from tongban.insight import actions
from tongban.insight.models import Expectation, FinishedCase, Usual
from tongban.insight.queries import overview
from tongban.insight.tests.lives import accept, at, decide, make_world, reach, read_all, spring, supervisor, terms

pytestmark = pytest.mark.django_db

DAYS = [1] * 4 + [2] * 7 + [3] * 7 + [8, 9]
"""Days used by twenty cases: the tenth of them is 2, the eighteenth 3."""


def finished_before(
    city: City, days: list[int], *, code: str = "X1", catalogue: str = "C1", situation: str = ""
) -> None:
    """Write rows of cases that were decided in February."""
    for used in days:
        case = city.case(now=at(2, 2), terms=terms(code=code, catalogue=catalogue))
        Case.objects.filter(id=case.id).update(erased_at=at(2, 20))
        FinishedCase.objects.create(
            case_id=case.id,
            ended_on=at(2, 20).date(),
            organisation_id=case.organisation_id,
            item_code=code,
            catalogue_code=catalogue,
            situation=situation,
            channel="web",
            outcome="granted",
            days_used=used,
        )


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def test_twenty_comparable_cases_make_an_expectation_and_nineteen_none(city: City) -> None:
    finished_before(city, DAYS[:19])
    actions.reckon_usual(now=at(3, 1))
    assert not Usual.objects.exists()
    finished_before(city, DAYS[19:])
    actions.reckon_usual(now=at(3, 1))
    known = {(one.item_code, one.catalogue_code): one for one in Usual.objects.all()}
    assert {key: (one.cases, one.usual_days, one.nine_in_ten_days) for key, one in known.items()} == {
        ("X1", ""): (20, 2, 3),
        ("", "C1"): (20, 2, 3),
    }


def test_cases_of_more_than_a_year_ago_are_not_comparable(city: City) -> None:
    finished_before(city, DAYS)
    actions.reckon_usual(now=at(2, 20) + timedelta(days=365))
    assert Usual.objects.count() == 2
    actions.reckon_usual(now=at(2, 20) + timedelta(days=366))
    assert not Usual.objects.exists()


def test_the_same_item_in_the_same_situation_comes_first_then_the_catalogue_item(city: City) -> None:
    finished_before(city, [7] * 20, code="X2")
    finished_before(city, [2] * 20, code="X1")
    actions.reckon_usual(now=at(3, 1))
    same = accept(city, city.case(now=at(3, 2), terms=terms()), at(3, 2))
    sister = accept(city, city.case(now=at(3, 2), terms=terms(code="X3")), at(3, 2))
    strange = accept(city, city.case(now=at(3, 2), terms=terms(code="Y1", catalogue="D1")), at(3, 2))
    read_all(at(3, 2))
    told = {row.case_id: (row.usual_days, row.cases) for row in Expectation.objects.all()}
    assert told == {same.id: (2, 20), sister.id: (2, 40)}
    assert strange.id not in told


def test_the_applicant_is_shown_the_days_of_the_calendar(city: City) -> None:
    """Accepted on Thursday 2 April: two days are Friday 3 and Tuesday 7 (Monday is a holiday), three Wednesday 8."""
    finished_before(city, DAYS)
    actions.reckon_usual(now=at(3, 1))
    case = accept(city, city.case(now=at(4, 2), terms=terms()), at(4, 2))
    read_all(at(4, 2))
    shown = cases.follow(fresh(case), actor=city.lin.actor, today=at(4, 3).date()).expected
    assert shown is not None
    assert (shown.usual_on, shown.later_on, shown.cases) == (at(4, 7).date(), at(4, 8).date(), 20)
    late = cases.follow(fresh(case), actor=city.lin.actor, today=at(4, 9).date()).expected
    assert late is not None
    assert late.usual_is_over
    assert late.later_is_over
    decide(city, case, at(4, 9))
    assert cases.follow(fresh(case), actor=city.lin.actor, today=at(4, 9).date()).expected is None


def test_what_was_told_at_acceptance_stays_and_costs_the_page_one_statement(city: City) -> None:
    finished_before(city, DAYS)
    actions.reckon_usual(now=at(3, 1))
    case = accept(city, city.case(now=at(4, 2), terms=terms()), at(4, 2))
    client = client_of(city.lin.username)
    client.get(f"/my/cases/{case.number}")
    with CaptureQueriesContext(connection) as before:
        page = client.get(f"/my/cases/{case.number}")
    assert "通常在" not in page.content.decode()
    read_all(at(4, 2))
    FinishedCase.objects.update(days_used=30)
    actions.reckon_usual(now=at(4, 3))
    read_all(at(4, 3))
    assert Expectation.objects.get(case=case).usual_days == 2
    with CaptureQueriesContext(connection) as after:
        page = client.get(f"/my/cases/{case.number}")
    assert "个同类办件" in page.content.decode()
    assert len(after) == len(before)


def test_a_case_that_was_over_before_anybody_could_be_told_is_told_nothing(city: City) -> None:
    finished_before(city, DAYS)
    actions.reckon_usual(now=at(3, 1))
    make_world(city)
    read_all(at(4, 8))
    assert not Expectation.objects.exists()


def test_whether_it_comes_true_is_counted(city: City) -> None:
    """Told 2 and 3 days; decided after 1, 2, 3 and 4: half by the first day, three of four by the second."""
    finished_before(city, DAYS)
    actions.reckon_usual(now=at(3, 1))
    running = [accept(city, city.case(now=at(3, 2), terms=terms()), at(3, 2)) for _number in range(4)]
    read_all(at(3, 2))
    for case, day in zip(running, (3, 4, 5, 6), strict=True):
        decide(city, case, at(3, day))
    read_all(at(3, 7))
    counted = overview(reach(supervisor(city)), spring())
    assert counted["told_usual"].value == 2 / 4
    assert counted["told_nine"].value == 3 / 4

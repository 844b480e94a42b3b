"""What the applicant reads on the follow page of what moves the clocks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tongban.cases import actions
from tongban.cases.kinds import TermLimit
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, City, client_of, open_task

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.cases.web.resident.now", lambda: NOW + 2 * DAY)


def follow(city: City, case: Case) -> str:
    return client_of(city.lin.username).get(reverse("cases:follow", args=[case.number])).content.decode()


def test_a_suspended_matter_says_why_until_when_and_where_the_notice_is(city: City) -> None:
    case = city.accepted()
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="inspection",
        ground="须到现场检验设备",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW + DAY,
    )
    page = follow(city, case)
    assert suspension.paper is not None
    for words in (
        "须到现场检验设备",
        "2026年3月10日",
        suspension.paper.number,
        "期限暂停计算",
        city.market.organisation.name,
    ):
        assert words in page
    actions.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="合格",
        now=NOW + 2 * DAY,
    )
    assert "预计2026年3月10日前结束" not in follow(city, case)


def test_an_extended_matter_says_by_how_much_and_why(city: City) -> None:
    case = city.accepted()
    actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场条件复杂", now=NOW)
    assert "现场条件复杂" not in follow(city, case)
    actions.answer_approval(actor=city.head.actor, task=open_task(case, "approval"), granted=True, now=NOW + DAY)
    page = follow(city, case)
    for words in ("期限已延长", "10 个工作日", "现场条件复杂", "2026年4月14日"):
        assert words in page


def test_a_late_supplement_says_that_a_superior_has_allowed_it_and_why(city: City) -> None:
    case = city.case()
    first, late = [("material", "lease", "缺签字")], [("field", "address", "请写明门牌")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=first, now=NOW)
    assert "本应初次一并告知" not in follow(city, case)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    actions.ask_late_supplement(
        actor=city.desk.actor, task=open_task(case, "acceptance"), points=late, reasons="首次看漏", now=NOW
    )
    assert "首次看漏" not in follow(city, case)
    actions.answer_approval(actor=city.head.actor, task=open_task(case, "approval"), granted=True, now=NOW)
    page = follow(city, case)
    for words in ("本应初次一并告知", "首次看漏", "请写明门牌"):
        assert words in page

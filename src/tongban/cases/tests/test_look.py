"""Register, clocks, wordings and explanations as people see them, in both languages, on a telephone and on a desk."""

from datetime import timedelta
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser

from tongban.base.tests.looking import look, shown
from tongban.cases import actions
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.tests.people import NOW, City, client_of, open_task
from tongban.cases.tests.test_wordings import manager

TERMS = Terms(item_type="01", promised=TermLimit(value=7, unit="working_day"))
DAY = timedelta(days=1)


def test_nothing_is_wrong_with_the_pages(browser: Browser, city: City, tmp_path: Path) -> None:
    case = city.accepted(terms=TERMS)
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="expert_review",
        ground="需要专家评审",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW + DAY,
    )
    actions.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="专家同意",
        now=NOW + 8 * DAY,
    )
    keeper = client_of(manager(city.market).username)
    pages = shown(keeper, {
        "clocks": "/office/clocks",
        "clock-table": "/office/clocks/01",
        "wordings": "/office/wordings",
        "wording": "/office/wordings/acceptance",
    })  # fmt: skip
    pages |= shown(client_of(city.desk.username), {"register": reverse("cases:register")})
    pages |= shown(client_of(city.reviewer.username), {"explained": f"/office/cases/{case.number}/clocks"})
    pages |= shown(client_of(city.lin.username), {
        "mine": f"/my/cases/{case.number}/clocks",
        "mine-as-of": f"/my/cases/{case.number}/clocks?as_of=2026-03-06",
        "follow": f"/my/cases/{case.number}",
    })  # fmt: skip
    assert look(browser, pages, tmp_path) == []

"""The pages of supervision as people see them, in both languages, on a telephone and on a desk."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from tongban.base.tests.looking import look, shown
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.tests.people import NOW, City, client_of
from tongban.coordination import actions
from tongban.coordination.models import Finding, RuleTable
from tongban.ledger import actions as ledger

TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)
LATE = NOW + timedelta(days=8)
VERY_LATE = NOW + timedelta(days=14)


@pytest.fixture
def pages(city: City, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the pages with something on each: warnings of two colours, an order answered, one withdrawn, one open."""
    for page in ("supervision", "orders", "rules"):
        monkeypatch.setattr(f"tongban.coordination.web.{page}.now", lambda: VERY_LATE)
    supervisor = city.market.staff("supervisor", "鉴明")
    cases = [city.accepted(terms=TERMS) for _number in range(5)]
    actions.look(now=LATE)
    ledger.drain(LATE)
    judged, gone, waiting = [
        actions.issue_order(
            actor=supervisor.actor, case=case, demand="请说明超时原因，\n并写明整改措施。", days=3, now=LATE
        )
        for case in cases[:3]
    ]
    actions.answer_order(actor=city.reviewer.actor, order=judged, words="人手不足", measures="已增派", now=LATE)
    actions.send_back(actor=supervisor.actor, order=judged, word="请写明完成日期", now=LATE)
    actions.answer_order(actor=city.reviewer.actor, order=judged, words="人手不足", measures="明日办结", now=LATE)
    actions.withdraw_order(actor=supervisor.actor, order=gone, reason="该件已依法中止", now=LATE)
    warning = Finding.objects.filter(case=cases[3], ended_at=None)[0]
    told, answering = client_of(supervisor.username), client_of(city.reviewer.username)
    own = {
        "supervision": reverse("coordination:supervision"),
        "narrowed": reverse("coordination:supervision") + "?state=all&colour=red&item=X1",
        "nothing": reverse("coordination:supervision") + "?watch=deemed_accepted",
        "warning": reverse("coordination:warning", args=[warning.id]),
        "orders": reverse("coordination:orders"),
        "judge": reverse("coordination:order", args=[judged.id]),
        "withdrawn": reverse("coordination:order", args=[gone.id]),
        "withdraw": reverse("coordination:withdraw", args=[waiting.id]),
        "issue": reverse("coordination:issue", args=[cases[4].number]),
        "rules": reverse("coordination:rules"),
        "version": reverse("coordination:version", args=[RuleTable.objects.get().version]),
    }
    made = shown(told, own) | shown(answering, {"answer": reverse("coordination:order", args=[waiting.id])})
    made["refused"] = told.post(own["withdraw"], {"reason": ""}).content.decode()
    return made


def test_nothing_is_wrong_with_the_pages(browser: Browser, pages: dict[str, str], tmp_path: Path) -> None:
    assert look(browser, pages, tmp_path) == []

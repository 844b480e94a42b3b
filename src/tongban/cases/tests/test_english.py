"""English readers see English sentences in English punctuation."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import html

from tongban.cases import actions
from tongban.cases.actions import Point
from tongban.cases.kinds import FeeTerm, Terms
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import NOW, City, client_of, open_case, open_task, resident
from tongban.ledger import actions as ledger
from tongban.notifications.models import Message


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask for the time; the tests' Monday is the day on which they do."""
    for door in ("desk", "office", "resident", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW)


def act(case: Case, task: Task, step: str) -> str:
    return reverse("cases:act", args=[case.number, task.id, step])


def test_english_sentences_stand_in_english_punctuation(city: City) -> None:
    for office, name in ((city.market, "Market Office"), (city.health, "Health Office")):
        office.organisation.name_en = name
        office.organisation.save()
    lin = resident("Ann Lee", language="en")
    terms = Terms(item_type="01", fees=(FeeTerm(name="Inspection", amount_fen=500),))
    case = open_case(city.market, lin, terms=terms, language="en")
    lin_page, desk = client_of(lin.username), client_of(city.desk.username)
    for client in (lin_page, desk):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    points = [Point("field", "address", "Number of the house"), Point("material", "lease", "All pages")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    actions.give_supplement(actor=lin.actor, case_id=case.id, now=NOW)
    task = open_task(case, "acceptance")
    other = city.market.staff("acceptance", "孙受理")
    actions.hand_over(actor=city.desk.actor, task=task, to_official_id=other.official_id, word="please", now=NOW)
    actions.hand_over(actor=other.actor, task=task, to_official_id=city.desk.official_id, word="back", now=NOW)
    actions.accept(actor=city.desk.actor, task=task, now=NOW)
    review = open_task(case, "review")
    Task.objects.create(
        case=case, kind=review.kind, name="会签", name_en="Joint", post=city.health.posts["acceptance"], created_at=NOW
    )
    ledger.drain(NOW)
    follow = _sentences(lin_page.get(reverse("cases:follow", args=[case.number])))
    assert "Market Office, Health Office is working on it." in follow or (
        "Health Office, Market Office is working on it." in follow
    )
    assert "You can pay at Market Office, 云澜市和平路 1 号;" in follow
    seen = _sentences(desk.get(reverse("cases:case", args=[case.number])))
    for words in ("经营场所: Number of the house", "→ 孙受理: please"):
        assert words in seen
    told = " ".join(message.body for message in Message.objects.filter(account=lin.account_id))
    for words in ("still missing: 经营场所; 租赁合同.", "You can pay at Market Office, 云澜市和平路 1 号."):
        assert words in told
    for text in (follow, seen, told):
        assert not re.search("[、；，：（）]", text), re.findall(".{20}[、；，：（）].{20}", text)


def _sentences(answer: Any) -> str:
    """Return the text of the page's own part, without what a law's Chinese name holds."""
    assert answer.status_code == 200
    main: Any = html.fromstring(answer.content).xpath("//main")
    return re.sub("《[^》]*》[^ .]*", "", " ".join(main[0].text_content().split()))

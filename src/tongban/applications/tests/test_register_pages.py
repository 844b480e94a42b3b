"""Registers on the pages: without script, with the source beside each answer, and at no cost to other matters."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.accounts import actions as accounts
from tongban.accounts.tests.people import identity_number
from tongban.applications import queries
from tongban.applications.models import Application, ApplicationAnswer, Draft
from tongban.applications.tests.people import SHOP
from tongban.applications.tests.registered import HOME, SENT, Registered, make_registered
from tongban.applications.web.registers import filled_in
from tongban.base.actor import SYSTEM
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, client_of
from tongban.exchange.models import LookUp, Source
from tongban.exchange.rules.calls import About


@pytest.fixture
def here(db: None) -> Registered:
    return make_registered()


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_offer_to_the_reviewers_page(here: Registered) -> None:
    lin = here.client()
    draft = here.begin(agreed=False)
    root = f"/drafts/{draft.id}"
    offer = page(lin.get(f"{root}/form/who/"))
    for words in ("云澜市公安局", "姓名、出生日期、住址、区县", "好的，请帮我查"):
        assert words in offer
    assert 'name="name"' in offer
    assert not LookUp.objects.exists()
    chosen = lin.post(f"{root}/registers/who/", {"registers": "agreed"})
    assert chosen["Location"] == f"{root}/form/who/"
    shown = page(lin.get(f"{root}/form/who/"))
    assert "1990年3月7日" in shown
    assert "由云澜市公安局“人口基础信息”提供" in shown
    assert 'value="书院路 18 号"' in shown
    assert 'name="name"' not in shown
    assert 'name="born_year"' not in shown
    assert "班车线路" not in shown
    assert LookUp.objects.count() == 1
    saved = lin.post(f"{root}/form/who/", SENT | {"home": "书院路 20 号"})
    assert saved["Location"] == f"{root}/form/partner_step/"
    again = page(lin.get(f"{root}/form/who/"))
    assert "书院路 20 号" in again
    assert "书院路 18 号" in again
    lin.post(f"{root}/form/partner_step/", {})
    lin.post(f"{root}/form/partner_home_step/", {})
    materials = page(lin.get(f"{root}/materials/"))
    assert "户口簿" in materials
    assert "这项不用您交：云澜市公安局已有" in materials
    assert "青溪区" in materials
    assert 'name="household"' not in materials
    assert lin.post(f"{root}/materials/", {})["Location"] == f"{root}/delivery/"
    lin.post(f"{root}/delivery/", {"way": "window"})
    assert "云澜市公安局" in page(lin.get(f"{root}/review/"))
    sent = lin.post(f"{root}/review/", {"key": str(draft.idempotency_key), "declared": "on"})
    case = Case.objects.get()
    assert sent["Location"] == f"/cases/{case.number}/receipt/"
    assert "林知夏" in page(lin.get(f"/my/cases/{case.number}"))
    desk = client_of(here.town.city.desk.username)
    dossier = page(desk.get(f"/office/cases/{case.number}"))
    for words in ("申请人改过", "书院路 18 号", "书院路 20 号", "青溪区", "再查一次"):
        assert words in dossier
    asked = desk.post(f"/office/cases/{case.number}/registers/household")
    assert asked["Location"] == f"/office/cases/{case.number}#materials"
    assert ApplicationAnswer.objects.filter(kind="material").count() == 2


def test_what_is_not_right_is_said_of_whom_it_is_about(here: Registered) -> None:
    paper = {"name": "林小夏", "identity_kind": "resident_identity_card", "identity_number": identity_number()}
    ward = accounts.add_ward(actor=here.lin, **paper, relation="parent", now=NOW)
    accounts.confirm_guardianship(actor=SYSTEM, guardian_id=here.person_id, ward_id=ward.id, now=NOW)
    here.record(About(kind="person", number=paper["identity_number"]), name="林小夏")
    draft, address = here.begin(applicant_kind="ward", subject_id=ward.id), "/my/data/held/population/name/correct"
    assert f"{address}?for={ward.id}" in page(here.client().get(f"/drafts/{draft.id}/form/who/"))
    own = page(here.client().get(f"/drafts/{here.begin().id}/form/who/"))
    assert f'{address}"' in own
    at_window = queries.draft_for(here.lin, draft.id)
    at_window.window_post_id = here.town.city.desk.post.id
    filled = filled_in(at_window, "who")
    assert filled["name"].value == "林小夏"
    assert filled["name"].correct_url == ""  # a clerk has no page for it


def test_a_source_that_is_away_leaves_a_form_to_fill_in(here: Registered) -> None:
    Source.objects.update(kind="not_installed")
    lin, draft = here.client(), here.begin()
    shown = lin.get(f"/drafts/{draft.id}/form/who/")
    assert shown.status_code == 200
    assert "云澜市公安局暂时没有应答" in page(shown)
    assert 'name="born_year"' in page(shown)
    sent = SENT | {"bus": "3 路"}
    assert lin.post(f"/drafts/{draft.id}/form/who/", sent)["Location"] == f"/drafts/{draft.id}/form/partner_step/"
    materials = page(lin.get(f"/drafts/{draft.id}/materials/"))
    assert 'name="household"' in materials


def test_whoever_declines_is_asked_nothing_and_may_change_their_mind(here: Registered) -> None:
    lin, draft = here.client(), here.begin(agreed=False)
    root = f"/drafts/{draft.id}"
    lin.post(f"{root}/registers/who/", {"registers": "declined"})
    shown = page(lin.get(f"{root}/form/who/"))
    assert "还是请帮我查" in shown
    assert not LookUp.objects.exists()
    lin.post(f"{root}/registers/who/", {"registers": "agreed"})
    lin.get(f"{root}/form/who/")
    assert LookUp.objects.count() == 1


def test_nobody_else_chooses_or_sees(here: Registered) -> None:
    draft = here.begin(agreed=False)
    other = client_of(here.town.other.username)
    assert other.post(f"/drafts/{draft.id}/registers/who/", {"registers": "agreed"}).status_code == 404
    assert here.client().post(f"/drafts/{draft.id}/registers/unheard/", {"registers": "agreed"}).status_code == 404
    assert Draft.objects.get().registers == ""
    number = here.submitted().case.number
    assert here.client().post(f"/office/cases/{number}/registers/household").status_code == 403
    stranger = client_of(here.keeper.staff("steward").username)
    assert stranger.post(f"/office/cases/{number}/registers/household").status_code == 404
    assert ApplicationAnswer.objects.filter(kind="material").count() == 1


def test_whoever_has_not_been_seen_is_told_why_and_goes_on(here: Registered) -> None:
    other = here.town.other
    draft = here.begin(agreed=False, actor=other.actor)
    browser = client_of(other.username)
    shown = page(browser.get(f"/drafts/{draft.id}/form/who/"))
    assert "窗口核验过您的身份证件" in shown
    assert "好的，请帮我查" not in shown
    assert browser.post(f"/drafts/{draft.id}/registers/who/", {"registers": "agreed"}).status_code == 403
    assert Draft.objects.get().registers == ""
    assert not LookUp.objects.exists()


def test_the_guide_says_what_need_not_be_brought(here: Registered) -> None:
    shown = page(Client().get(f"/items/{HOME}"))
    assert "公安机关" in shown
    assert "查不到时再请您补交" in shown


def test_the_api_tells_the_same(here: Registered) -> None:
    lin, draft = here.client(), here.begin(agreed=False)
    root = f"/api/v1/drafts/{draft.id}"
    assert lin.get(root).json()["registers"] == "open"
    told = lin.put(f"{root}/registers", {"agreed": True}, "application/json").json()
    assert told["registers"] == "agreed"
    questions = {one["key"]: one for step in told["steps"] for one in step["questions"]}
    assert (questions["name"]["answer"], questions["name"]["is_fixed"]) == ("林知夏", True)
    assert questions["home"]["source"]["office"] == "云澜市公安局"
    assert questions["partner"]["source"] is None
    (household,) = [one for one in told["materials"] if one["key"] == "household"]
    assert (household["is_missing"], household["answered_by"]["resource"]) == (False, "population")
    sent = {"answers": {"name": "别人", "home": "书院路 20 号"}}
    saved = lin.put(f"{root}/steps/who", sent, "application/json")
    assert saved.status_code == 200, saved.content
    assert Draft.objects.get().values["name"] == "林知夏"
    assert Draft.objects.get().values["home"] == "书院路 20 号"
    look_up = UUID(household["answered_by"]["look_up_id"])
    assert LookUp.objects.get(id=look_up).reference == str(draft.id)


def statements(ask: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [one["sql"] for one in captured.captured_queries]


def test_other_matters_pay_nothing(here: Registered) -> None:
    """Whatever is asked of registers, a matter that asks none never reads a table of theirs."""
    lin, town = here.client(), here.town
    draft = town.begin()
    found = statements(lambda: lin.get(f"/drafts/{draft.id}/form/who/"))
    found += statements(lambda: town.fill(draft))
    found += statements(lambda: lin.get(f"/drafts/{draft.id}/materials/"))
    found += statements(lambda: lin.get(f"/drafts/{draft.id}/review/"))
    found += statements(lambda: town.submit(draft))
    number = Application.objects.get().case.number
    found += statements(lambda: client_of(town.city.desk.username).get(f"/office/cases/{number}"))
    assert draft.handling_version.handling_item.code == SHOP
    assert [sql for sql in found if "draftanswer" in sql or "applicationanswer" in sql or "exchange_" in sql] == []


def test_what_was_answered_is_fetched_once_for_a_page(here: Registered) -> None:
    lin, draft = here.client(), here.begin()
    address = f"/drafts/{draft.id}/form/who/"
    lin.get(address)
    found = statements(lambda: lin.get(address))
    assert len([sql for sql in found if "draftanswer" in sql]) == 1
    assert queries.answers_of(queries.draft_for(here.lin, draft.id))

"""Registers are asked for nobody but who is surely there: account, ward, enterprise."""

from datetime import timedelta
from typing import Any

import pytest

from tongban.accounts import actions as accounts
from tongban.accounts.models import Person
from tongban.accounts.tests.people import credit_code, identity_number
from tongban.applications import actions, queries
from tongban.applications.errors import RegistersNotOpen
from tongban.applications.models import Draft, DraftAnswer
from tongban.applications.queries.showing import may_be_told
from tongban.applications.tests.registered import Registered, make_registered
from tongban.applications.tests.test_registers import refused
from tongban.base.actor import SYSTEM
from tongban.cases.tests.people import NOW, resident
from tongban.exchange.rules.calls import About


@pytest.fixture
def here(db: None) -> Registered:
    return make_registered()


def test_whoever_has_only_said_who_they_are_is_told_nothing(here: Registered) -> None:
    pretender = resident("冒名")
    here.record(pretender)
    draft = here.begin(agreed=False, actor=pretender.actor)
    with pytest.raises(RegistersNotOpen):
        actions.choose_registers(actor=pretender.actor, draft_id=draft.id, agreed=True, now=NOW)
    Draft.objects.filter(id=draft.id).update(registers="agreed")
    here.ask(draft, actor=pretender.actor)
    assert here.last().refused == "identity_not_proven"
    assert DraftAnswer.objects.get().records == []


def test_an_account_from_before_the_window_saw_the_person_is_told_nothing(here: Registered) -> None:
    Person.objects.filter(id=here.person_id).update(account_given_at=None)
    draft = here.begin(agreed=False)
    with pytest.raises(RegistersNotOpen):
        actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW)
    refused(here, draft, About(kind="person", id=here.person_id), "identity_not_proven")


def test_an_enterprise_is_asked_for_only_once_a_window_has_seen_the_licence(here: Registered) -> None:
    firm: dict[str, Any] = {"name": "云澜面馆", "credit_code": credit_code()}
    enterprise = accounts.register_enterprise(actor=here.lin, **firm, now=NOW)
    draft = here.begin(agreed=False)
    Draft.objects.filter(id=draft.id).update(applicant_kind="enterprise", enterprise=enterprise)
    with pytest.raises(RegistersNotOpen):
        actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW)
    refused(here, draft, About(kind="person", id=here.person_id), "identity_not_proven")
    accounts.register_enterprise(actor=SYSTEM, **firm, representative_id=here.person_id, now=NOW)
    assert actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW).registers == "agreed"


def test_a_ward_is_asked_for_only_once_an_office_has_seen_the_papers(here: Registered) -> None:
    number = identity_number()
    ward = accounts.add_ward(
        actor=here.lin, name="林小夏", identity_kind="resident_identity_card", identity_number=number,
        relation="parent", now=NOW,
    )  # fmt: skip
    here.record(About(kind="person", number=number), name="林小夏")
    draft = here.begin(agreed=False, applicant_kind="ward", subject_id=ward.id)
    with pytest.raises(RegistersNotOpen):
        actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW)
    refused(here, draft, About(kind="person", id=ward.id), "identity_not_proven")
    own = here.begin()
    refused(here, own, About(kind="person", id=ward.id), "case_about_another")
    accounts.confirm_guardianship(actor=SYSTEM, guardian_id=here.person_id, ward_id=ward.id, now=NOW)
    actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW)
    here.ask(draft)
    fills = queries.fills_for(queries.draft_for(here.lin, draft.id), "who")
    assert fills["name"].value == "林小夏"


def test_what_an_official_asks_for_a_case_is_not_shown_to_an_account_that_is_not_proven(here: Registered) -> None:
    """A stranger hands in under a neighbour's number, and waits for an official to ask a register about that person."""
    application = here.submitted()
    here.record(here.town.lin, now=NOW - timedelta(days=1), district="汀南区")
    desk, address = here.town.city.desk.actor, f"/my/cases/{application.case.number}"
    actions.ask_again(actor=desk, number=application.case.number, material_key="household", now=NOW)
    assert "汀南区" in here.client().get(address).content.decode()
    Person.objects.filter(id=here.person_id).update(account_given_at=None)
    page = here.client().get(address)
    assert (page.status_code, "汀南区" in page.content.decode()) == (200, False)


def test_nor_what_they_ask_about_a_ward_or_an_enterprise_that_no_office_has_seen(here: Registered) -> None:
    case, reader = here.submitted().case, here.town.lin.actor
    assert may_be_told(reader, case)
    ward = accounts.add_ward(
        actor=here.lin, name="林小夏", identity_kind="resident_identity_card", identity_number=identity_number(),
        relation="parent", now=NOW,
    )  # fmt: skip
    case.applicant_person_id = ward.id
    assert not may_be_told(reader, case)
    accounts.confirm_guardianship(actor=SYSTEM, guardian_id=here.person_id, ward_id=ward.id, now=NOW)
    assert may_be_told(reader, case)
    firm: dict[str, Any] = {"name": "云澜面馆", "credit_code": credit_code()}
    case.applicant_person_id = None
    case.applicant_enterprise = accounts.register_enterprise(actor=here.lin, **firm, now=NOW)
    assert not may_be_told(reader, case)
    accounts.register_enterprise(actor=SYSTEM, **firm, representative_id=here.person_id, now=NOW)
    assert may_be_told(reader, case)

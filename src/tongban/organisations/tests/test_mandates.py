"""Who may act for an enterprise."""

from datetime import date, timedelta
from typing import Any

import pytest

from tongban.accounts import actions as accounts
from tongban.accounts.models import Person
from tongban.accounts.tests.people import NOW, a_resident, credit_code, declared, identity_number
from tongban.base.errors import Invalid, NotFound
from tongban.organisations import actions, queries
from tongban.organisations.errors import EnterpriseNotYours, MandateExists
from tongban.organisations.models import Mandate

TODAY = date(2026, 11, 23)
CARD = "resident_identity_card"


@pytest.mark.django_db
def test_a_mandate_holds_until_its_last_day() -> None:
    """The day itself included; a run-out one makes room for a new one."""
    (_, owner), (account, employee) = a_resident(), a_resident(name="何青")
    person = Person.objects.get(account=account)
    enterprise = accounts.register_enterprise(actor=owner, name="云汀面馆", credit_code=credit_code(), now=NOW)
    named: dict[str, Any] = {
        "actor": owner, "enterprise_id": enterprise.id, "name": "何青", "identity_kind": CARD,
        "identity_number": person.identity_number,
    }  # fmt: skip
    assert queries.enterprises_for(employee, TODAY) == []
    mandate = actions.grant_mandate(**named, valid_until=TODAY, now=NOW)
    assert queries.enterprises_for(employee, TODAY) == [enterprise]
    assert queries.may_act_for(person.id, enterprise.id, TODAY)
    assert not queries.may_act_for(person.id, enterprise.id, TODAY + timedelta(days=1))
    with pytest.raises(MandateExists):
        actions.grant_mandate(**named, now=NOW)
    renewed = actions.grant_mandate(**named, now=NOW + timedelta(days=1))
    assert queries.may_act_for(person.id, enterprise.id, TODAY + timedelta(days=400))
    assert renewed.id != mandate.id
    actions.revoke_mandate(actor=owner, mandate_id=renewed.id, now=NOW)
    assert not queries.may_act_for(person.id, enterprise.id, TODAY + timedelta(days=1))
    assert queries.enterprises_for(owner, TODAY) == [enterprise]


@pytest.mark.django_db
def test_only_the_legal_representative_names() -> None:
    """To others the enterprise does not exist, also to those who may act for it."""
    (_, owner), (account, employee), (_, stranger) = a_resident(), a_resident(name="何青"), a_resident()
    person = Person.objects.get(account=account)
    enterprise = accounts.register_enterprise(actor=owner, name="云汀面馆", credit_code=credit_code(), now=NOW)
    mandate = actions.grant_mandate(
        actor=owner, enterprise_id=enterprise.id, name="何青", identity_kind=CARD,
        identity_number=person.identity_number, now=NOW,
    )  # fmt: skip
    for actor in (employee, stranger):
        with pytest.raises(EnterpriseNotYours):
            actions.grant_mandate(
                actor=actor, enterprise_id=enterprise.id, name="某某", identity_kind=CARD,
                identity_number=identity_number(), now=NOW,
            )  # fmt: skip
        with pytest.raises(NotFound):
            actions.revoke_mandate(actor=actor, mandate_id=mandate.id, now=NOW)
    assert Mandate.objects.get().revoked_at is None


@pytest.mark.django_db
def test_who_signs_up_later_finds_the_mandate() -> None:
    """A colleague without account is named, then signs up; past days and oneself are refused."""
    account, owner = a_resident()
    me = Person.objects.get(account=account)
    enterprise = accounts.register_enterprise(actor=owner, name="云汀面馆", credit_code=credit_code(), now=NOW)
    values = declared(name="何青")
    named: dict[str, Any] = {"actor": owner, "enterprise_id": enterprise.id, "identity_kind": CARD, "now": NOW}
    with pytest.raises(Invalid):
        actions.grant_mandate(
            **named, name="何青", identity_number=values["identity_number"], valid_until=TODAY - timedelta(days=1)
        )
    with pytest.raises(Invalid):
        actions.grant_mandate(**named, name=me.name, identity_number=me.identity_number)
    actions.grant_mandate(**named, name="何青", identity_number=values["identity_number"])
    colleague = accounts.sign_up(**values)
    assert queries.enterprises_for(queries.actor_for_account(colleague.id, NOW), TODAY) == [enterprise]

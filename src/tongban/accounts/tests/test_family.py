"""Wards, enterprises, consents, and the window."""

import pytest

from tongban.accounts import actions, queries
from tongban.accounts.errors import (
    EnterpriseNameDiffers,
    EnterpriseTaken,
    NameDiffers,
    NotAResident,
    OwnWard,
    WardHasAccount,
)
from tongban.accounts.models import Enterprise, Guardianship, Person
from tongban.accounts.tests.conftest import Post
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, an_official, credit_code, identity_number
from tongban.base.actor import NOBODY, SYSTEM, Actor, PostHeld
from tongban.base.errors import Forbidden, Invalid, NotFound, TooMany
from tongban.base.ids import new_id

CARD = "resident_identity_card"


def _clerk() -> Actor:
    official = an_official()
    post = PostHeld(new_id(), new_id(), "政务服务中心", "综合窗口", frozenset({"window"}))
    return Actor(
        kind="official", name=official.name, account_id=official.account_id, official_id=official.id, posts=(post,)
    )


def _ward(actor: Actor, number: str, name: str = "林小满") -> Person:
    return actions.add_ward(
        actor=actor, name=name, identity_kind=CARD, identity_number=number, relation="parent", now=NOW
    )


@pytest.mark.django_db
def test_a_ward_is_the_guardians_alone() -> None:
    """Added once; to strangers it does not exist."""
    (_, guardian), (_, stranger) = a_resident(), a_resident()
    number = identity_number()
    ward = _ward(guardian, number)
    assert _ward(guardian, number) == ward
    assert queries.wards_of(guardian) == [ward]
    assert queries.person_for(guardian, ward.id) == ward
    for actor in (stranger, NOBODY):
        with pytest.raises(NotFound):
            queries.person_for(actor, ward.id)
        with pytest.raises(NotFound):
            actions.release_ward(actor=actor, ward_id=ward.id, now=NOW)
    assert Guardianship.objects.get().ended_at is None


@pytest.mark.django_db
def test_declared_is_enough_to_apply_but_not_to_see_all() -> None:
    """Whoever knows a child's number may declare; sight comes with papers seen."""
    _, guardian = a_resident()
    ward = _ward(guardian, identity_number())
    assert guardian.person_id
    assert queries.may_apply_for_ward(guardian.person_id, ward.id)
    assert not queries.is_guardian(guardian.person_id, ward.id)
    with pytest.raises(Forbidden):
        actions.confirm_guardianship(actor=guardian, guardian_id=guardian.person_id, ward_id=ward.id, now=NOW)
    actions.confirm_guardianship(actor=_clerk(), guardian_id=guardian.person_id, ward_id=ward.id, now=NOW)
    assert queries.is_guardian(guardian.person_id, ward.id)


@pytest.mark.django_db
def test_who_can_be_no_ward() -> None:
    """Oneself, people with accounts, people of another name."""
    (account, guardian), (other, _) = a_resident(), a_resident()
    own = Person.objects.get(account=account)
    with pytest.raises(OwnWard):
        _ward(guardian, own.identity_number, own.name)
    theirs = Person.objects.get(account=other)
    with pytest.raises(WardHasAccount):
        _ward(guardian, theirs.identity_number, theirs.name)
    number = identity_number()
    _ward(guardian, number)
    with pytest.raises(NameDiffers):
        _ward(guardian, number, "林大满")
    with pytest.raises(NotAResident):
        _ward(SYSTEM, identity_number())
    assert Guardianship.objects.count() == 1


@pytest.mark.django_db
def test_wards_are_added_seldom() -> None:
    """Nobody tries out the numbers of a whole school."""
    _, guardian = a_resident()
    for _ in range(12):
        _ward(guardian, identity_number())
    with pytest.raises(TooMany):
        _ward(guardian, identity_number())


@pytest.mark.django_db
def test_an_enterprise_has_one_legal_representative() -> None:
    """The first keeps it; the other learns the ways out."""
    (_, owner), (_, other) = a_resident(), a_resident()
    code = credit_code()
    enterprise = actions.register_enterprise(actor=owner, name="云汀面馆", credit_code=f" {code.lower()} ", now=NOW)
    assert actions.register_enterprise(actor=owner, name="云汀面馆", credit_code=code, now=NOW) == enterprise
    with pytest.raises(EnterpriseTaken):
        actions.register_enterprise(actor=other, name="云汀面馆", credit_code=code, now=NOW)
    assert queries.enterprises_of(owner) == [enterprise]
    assert queries.enterprises_of(other) == []
    with pytest.raises(Invalid) as refusal:
        actions.register_enterprise(actor=owner, name=" ", credit_code="123", now=NOW)
    assert set(refusal.value.fields) == {"name", "credit_code"}


@pytest.mark.django_db
def test_who_comes_for_an_enterprise_does_not_own_it() -> None:
    """A messenger at the window gets no rights online; the window names the representative later."""
    clerk, (_, messenger) = _clerk(), a_resident()
    came = queries.person_of(messenger)
    assert came
    code = credit_code()
    enterprise = actions.register_enterprise_at_window(
        actor=clerk, name="云汀面馆", credit_code=code, came=came, now=NOW
    )
    assert enterprise.legal_representative_id is None
    with pytest.raises(EnterpriseNameDiffers) as refusal:
        actions.register_enterprise_at_window(actor=clerk, name="别家面馆", credit_code=code, came=came, now=NOW)
    assert "云汀面馆" in str(refusal.value)
    with pytest.raises(EnterpriseTaken):
        actions.register_enterprise(actor=messenger, name="云汀面馆", credit_code=code, now=NOW)
    actions.register_enterprise(actor=clerk, name="云汀面馆", credit_code=code, representative_id=came.id, now=NOW)
    assert Enterprise.objects.get().legal_representative_id == came.id


@pytest.mark.django_db
def test_consents_are_given_and_taken_back() -> None:
    """Once each; the history stays."""
    account, actor = a_resident(consents={"privacy_notice"})
    assert not queries.consents_electronic_service(account.id)
    actions.give_consent(actor=actor, matter="electronic_service", now=NOW)
    actions.give_consent(actor=actor, matter="electronic_service", now=NOW)
    assert queries.consents_electronic_service(account.id)
    actions.withdraw_consent(actor=actor, matter="electronic_service", now=NOW)
    assert not queries.consents_electronic_service(account.id)
    assert len(queries.consents_of(actor)) == 2
    with pytest.raises(Invalid):
        actions.give_consent(actor=actor, matter="everything", now=NOW)


@pytest.mark.django_db
def test_a_window_knows_the_same_person() -> None:
    """By number, if the name agrees; what was seen stays seen."""
    clerk = _clerk()
    account, actor = a_resident(name="阿卜杜拉·吐尔逊")
    person = Person.objects.get(account=account)
    seen = actions.register_person(
        actor=clerk, name="阿卜杜拉•吐尔逊", identity_kind=CARD, identity_number=person.identity_number,
        assurance="seen", now=NOW,
    )  # fmt: skip
    assert (seen.id, seen.assurance) == (person.id, "seen")
    with pytest.raises(NameDiffers):
        actions.register_person(
            actor=clerk, name="别人", identity_kind=CARD, identity_number=person.identity_number, now=NOW
        )
    with pytest.raises(Forbidden):
        actions.register_person(
            actor=actor, name="某某", identity_kind=CARD, identity_number=identity_number(), assurance="seen", now=NOW
        )


@pytest.mark.django_db
def test_a_window_gives_an_account_back(post: Post) -> None:
    """Somebody else signed up with my number: with my paper I get the account; they are out."""
    clerk = _clerk()
    account, thief = a_resident()
    person = Person.objects.get(account=account)
    with pytest.raises(Forbidden):
        actions.open_account_at_window(actor=thief, person_id=person.id, phone="13900001111", now=NOW)
    with pytest.raises(Forbidden):
        actions.open_account_at_window(actor=clerk, person_id=person.id, phone="13900001111", now=NOW)
    actions.register_person(
        actor=clerk, name=person.name, identity_kind=CARD, identity_number=person.identity_number,
        assurance="seen", now=NOW,
    )  # fmt: skip
    actions.open_account_at_window(actor=clerk, person_id=person.id, phone="13900001111", now=NOW)
    account.refresh_from_db()
    assert (account.phone, account.email, account.has_usable_password()) == ("13900001111", "", False)
    clean, asked = actions.send_recovery_code(address="13900001111", now=NOW)
    actions.recover(address=clean, asked=asked, code=post.code(), password=PASSWORD, now=NOW)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


@pytest.mark.django_db
def test_who_opened_an_account_with_my_number_is_not_me_once_i_was_seen(post: Post) -> None:
    """What a window sees is a person, not who signs in: only an account that it gave away itself is surely theirs."""
    clerk = _clerk()
    account, _thief = a_resident()
    person = Person.objects.get(account=account)
    paper = {"name": person.name, "identity_kind": CARD, "identity_number": person.identity_number}
    actions.register_person(actor=clerk, **paper, assurance="seen", now=NOW)
    person.refresh_from_db()
    assert (person.assurance, person.is_proven) == ("seen", False)
    with pytest.raises(Forbidden):
        actions.vouch_for_holder(actor=clerk, person_id=person.id, now=NOW)
    actions.open_account_at_window(actor=clerk, person_id=person.id, phone="13900001111", now=NOW)
    person.refresh_from_db()
    assert person.is_proven


@pytest.mark.django_db
def test_a_window_sees_who_represents_what_was_registered_online() -> None:
    """Declared online it is enough to apply; only a licence that was seen says so for sure, and the first stays."""
    clerk, (_, owner), (_, other) = _clerk(), a_resident(), a_resident()
    code = credit_code()
    declared = actions.register_enterprise(actor=owner, name="云汀面馆", credit_code=code, now=NOW)
    assert declared.representative_seen_at is None
    with pytest.raises(EnterpriseTaken):
        actions.register_enterprise(
            actor=clerk, name="云汀面馆", credit_code=code, representative_id=other.person_id, now=NOW
        )
    actions.register_enterprise(
        actor=clerk, name="云汀面馆", credit_code=code, representative_id=owner.person_id, now=NOW
    )
    seen = Enterprise.objects.get(id=declared.id)
    assert (seen.representative_seen_at, seen.legal_representative_id) == (NOW, owner.person_id)

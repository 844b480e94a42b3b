"""Opening an account, and who is refused."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from tongban.accounts import actions, queries
from tongban.accounts.errors import IdentityAtWindow, IdentityHeldByGuardian, IdentityTaken, NameDiffers, UsernameTaken
from tongban.accounts.models import Account, Person, TryCount
from tongban.accounts.tests.people import NOW, a_resident, an_official, declared, identity_number, mobile
from tongban.base.actor import SYSTEM
from tongban.base.errors import Forbidden, Invalid, TooMany
from tongban.ledger.queries import history_of


@pytest.mark.django_db
def test_an_account_is_opened() -> None:
    """Person, account, consents and events stand; nothing readable is kept of the number."""
    values = declared()
    account = actions.sign_up(**values)
    person = Person.objects.get(account=account)
    assert (person.name, person.birth_date, person.sex) == ("欧阳·买买提", date(1990, 3, 7), person.sex)
    assert person.identity_number == values["identity_number"]
    assert queries.masked_identity(person).count("*") == 10
    assert queries.consents_electronic_service(account.id)
    assert queries.consents_privacy_notice(account.id)
    kinds = [event.kind for event in history_of("account", account.id)]
    assert kinds.count("accounts.account_opened") == 1
    assert kinds.count("accounts.consent_given") == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM accounts_person WHERE id = %s", [person.id])
        assert values["identity_number"].encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_all_that_is_wrong_is_said_at_once() -> None:
    """Each field has its sentence; nothing is written."""
    with pytest.raises(Invalid) as refusal:
        actions.sign_up(
            **declared(
                name="123", identity_number="430102199003070000", phone="12345", password="12345678", consents=set()
            )
        )
    assert set(refusal.value.fields) == {"name", "identity_number", "phone", "password", "privacy_notice"}
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_an_address_is_needed() -> None:
    """Without phone or e-mail nobody could recover the account."""
    with pytest.raises(Invalid) as refusal:
        actions.sign_up(**declared(phone=""))
    assert "phone" in refusal.value.fields


@pytest.mark.django_db
def test_children_under_fourteen_have_a_guardian_act() -> None:
    """个人信息保护法 art. 31; on the fourteenth birthday they may."""
    with pytest.raises(Invalid) as refusal:
        actions.sign_up(**declared(identity_number=identity_number(date(2012, 11, 24))))
    assert set(refusal.value.fields) == {"identity_number"}
    assert actions.sign_up(**declared(identity_number=identity_number(date(2012, 11, 23))))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("passport", "E12345678"),
        ("hong_kong_macao_permit", "H12345678"),
        ("taiwan_permit", "12345678"),
        ("foreign_permanent_residence", "USA110012345678"),
    ],
)
def test_other_papers_are_good_too(kind: str, number: str) -> None:
    """Passports and permits by their published shape; spaces and full width do not matter."""
    account = actions.sign_up(**declared(name="Anna Lee", identity_kind=kind, identity_number=f" {number.lower()} "))
    assert Person.objects.get(account=account).identity_number == number


@pytest.mark.django_db
def test_an_identity_has_one_account() -> None:
    """The second is told of the ways out; nothing of it is kept."""
    values = declared()
    actions.sign_up(**values)
    with pytest.raises(IdentityTaken):
        actions.sign_up(**values | {"phone": mobile()})
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_a_sign_in_name_is_taken_once() -> None:
    """The other gets the sentence."""
    actions.sign_up(**declared(username="li.ming"))
    with pytest.raises(UsernameTaken):
        actions.sign_up(**declared(username="Li.Ming"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_identity() -> None:
    """One wins, the other gets the sentence; one person stands."""
    number = identity_number()
    outcomes: list[object] = []
    gate = threading.Barrier(2)

    def attempt() -> None:
        values = declared(identity_number=number)
        gate.wait()
        try:
            outcomes.append(actions.sign_up(**values).id)
        except IdentityTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("taken") == 1
    assert Person.objects.count() == Account.objects.count() == 1


@pytest.mark.django_db
def test_a_claimed_address_shuts_nobody_out() -> None:
    """Whoever typed my number first, I can still sign up with it and make it mine."""
    phone = mobile()
    squatter = actions.sign_up(**declared(phone=phone))
    account, _ = a_resident(phone=phone)
    assert queries.account_by_verified_address("sms", phone) == account
    assert queries.addresses_of(squatter.id)[1] == ""
    assert queries.addresses_of(account.id)[1] == phone


@pytest.mark.django_db
def test_who_was_served_at_a_window_joins_there() -> None:
    """Somebody who knows the number must not get at what was handed in on paper."""
    values = declared()
    actions.register_person(
        actor=SYSTEM, name=values["name"], identity_kind=values["identity_kind"],
        identity_number=values["identity_number"], assurance="seen", now=NOW,
    )  # fmt: skip
    with pytest.raises(IdentityAtWindow):
        actions.sign_up(**values)


@pytest.mark.django_db
def test_a_ward_joins_when_released() -> None:
    """First the guardian lets go, then the ward signs up and keeps the same person."""
    _, guardian = a_resident()
    values = declared(name="林小满", identity_number=identity_number(date(2008, 1, 1)))
    ward = actions.add_ward(
        actor=guardian, name="林小满", identity_kind=values["identity_kind"],
        identity_number=values["identity_number"], relation="parent", now=NOW,
    )  # fmt: skip
    with pytest.raises(IdentityHeldByGuardian):
        actions.sign_up(**values)
    actions.release_ward(actor=guardian, ward_id=ward.id, now=NOW)
    with pytest.raises(NameDiffers):
        actions.sign_up(**values | {"name": "林大满"})
    account = actions.sign_up(**values)
    assert Person.objects.get(account=account).id == ward.id


@pytest.mark.django_db
def test_one_place_opens_so_many() -> None:
    """A machine that opens accounts without end is stopped; the count outlives the refusal."""
    for _ in range(3):
        actions.sign_up(**declared(place="192.0.2.1"))
    TryCount.objects.filter(what="sign_up.place").update(tries=500)
    with pytest.raises(TooMany) as refusal:
        actions.sign_up(**declared(place="192.0.2.1"))
    assert refusal.value.retry_after > 0
    actions.sign_up(**declared(place="192.0.2.2"))


@pytest.mark.django_db
def test_officials_are_created_by_operators() -> None:
    """And leave at once when they leave."""
    _, resident = a_resident()
    with pytest.raises(Forbidden):
        actions.create_official(actor=resident, name="某某", staff_number="1", username="somebody", now=NOW)
    official = an_official()
    assert queries.actor_by_account(official.account_id).is_official
    actions.end_official(actor=SYSTEM, official_id=official.id, now=NOW + timedelta(days=1))
    assert queries.actor_by_account(official.account_id).is_nobody

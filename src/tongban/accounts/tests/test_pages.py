"""The account pages: nothing typed is lost, nobody sees another's, the demo's door is shut elsewhere."""

from typing import Any

import pytest
from django.test import Client

from tongban.accounts import actions, queries
from tongban.accounts.models import Account, Guardianship, Person
from tongban.accounts.tests.conftest import Post
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, an_official, credit_code, identity_number, mobile
from tongban.base import clock
from tongban.base.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongban.accounts.tests.urls")]
OK, FOUND, NOT_FOUND, CONFLICT, WRONG, TOO_MANY = 200, 302, 404, 409, 422, 429


def _typed(**changes: str) -> dict[str, str]:
    return {
        "name": "欧阳·买买提",
        "identity_kind": "resident_identity_card",
        "identity_number": identity_number(),
        "phone": mobile(),
        "email": "",
        "password": PASSWORD,
        "electronic_service": "yes",
        "privacy_notice": "on",
        **changes,
    }


def _signed_in(client: Client, **changes: Any) -> tuple[Account, Any]:
    account, actor = a_resident(**changes)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["accounts.asked"] = clock.now().isoformat()
    session.save()
    return account, actor


def test_sign_up_and_verify(client: Client, post: Post) -> None:
    """From the form to a verified number and on to where the reader wanted to go."""
    typed = _typed(next="/items/abc?x=1")
    answer = client.post("/sign-up", typed)
    assert answer.status_code == FOUND, answer.content.decode()
    assert answer["Location"].startswith("/profile/verify/sms?next=")
    page = client.get(answer["Location"])
    assert page.status_code == OK
    assert typed["phone"] not in page.content.decode()
    wrong = client.post(answer["Location"], {"code": "1", "next": "/items/abc?x=1"})
    assert wrong.status_code == WRONG
    done = client.post(answer["Location"], {"code": post.code(), "next": "/items/abc?x=1"})
    assert done["Location"] == "/items/abc?x=1"
    account = Account.objects.get()
    assert account.phone_verified_at
    assert queries.consents_electronic_service(account.id)


def test_nothing_typed_is_lost(client: Client) -> None:
    """All errors at once, each beside its field and in the summary; only the password is typed again."""
    typed = _typed(identity_number="430102199003070000", email="no-address", electronic_service="", phone="138")
    answer = client.post("/sign-up", typed)
    page = answer.content.decode()
    assert answer.status_code == WRONG
    for kept in ("欧阳·买买提", "430102199003070000", "no-address", 'value="138"'):
        assert kept in page
    assert PASSWORD not in page
    for field in ("identity_number", "email", "electronic_service", "phone"):
        assert f'href="#id_{field}"' in page
        assert f'id="id_{field}-error"' in page
    assert not Account.objects.exists()


def test_markup_in_a_name_is_only_text(client: Client) -> None:
    """Shown as typed, never run."""
    page = client.post("/sign-up", _typed(name="<script>alert(1)</script>")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_taken_identity_shows_the_ways_out(client: Client) -> None:
    """Recover, or a window."""
    account, _ = a_resident()
    number = Person.objects.get(account=account).identity_number
    page = client.post("/sign-up", _typed(identity_number=number))
    assert page.status_code == WRONG
    assert 'href="/recover"' in page.content.decode()
    assert Account.objects.count() == 1


def test_sign_in_goes_on_within_this_host_only(client: Client) -> None:
    """Also when the page before was a form somewhere on this host (its full address)."""
    account, _ = a_resident()
    for wanted, reached in (
        ("/my/cases?page=2", "/my/cases?page=2"),
        ("http://testserver/draft/1", "/draft/1"),
        ("https://evil.example/", "/my"),
        ("//evil.example/", "/my"),
        ("javascript:alert(1)", "/my"),
    ):
        answer = client.post("/sign-in", {"name": account.phone, "password": PASSWORD, "next": wanted})
        assert answer["Location"] == reached
        client.post("/sign-out")


def test_sign_in_gives_a_new_session_key(client: Client) -> None:
    """A session foisted on somebody is worth nothing; signing out is a POST."""
    account, _ = a_resident()
    client.post("/recover", {"address": mobile()})
    before = client.session.session_key
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    assert client.session.session_key not in {None, before}
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == OK
    client.post("/sign-out")
    answer = client.get("/profile")
    assert answer["Location"] == "/sign-in?next=%2Fprofile"


def test_wrong_passwords_are_bounded(client: Client) -> None:
    """With Retry-After; what was typed as a name stays."""
    account, _ = a_resident()
    wrong = {"name": account.phone, "password": "wrong"}
    for _ in range(10):
        answer = client.post("/sign-in", wrong)
        assert answer.status_code == WRONG
        assert account.phone in answer.content.decode()
    answer = client.post("/sign-in", wrong)
    assert answer.status_code == TOO_MANY
    assert int(answer["Retry-After"]) > 0


def test_officials_land_in_the_office(client: Client) -> None:
    """By the same page."""
    official = an_official()
    name = Account.objects.get(id=official.account_id).username
    answer = client.post("/sign-in", {"name": name, "password": PASSWORD})
    assert answer["Location"] == "/office/"
    assert client.get("/profile/wards").status_code == 403


def test_recovery_over_pages(client: Client, post: Post) -> None:
    """The page after is the same for a stranger's address; then the new password opens."""
    account, _ = a_resident()
    known = client.post("/recover", {"address": account.phone})
    page = client.get(known["Location"]).content.decode().replace(account.phone, "")
    other = Client()
    unknown = other.post("/recover", {"address": "13988887777"})
    assert unknown["Location"] == known["Location"]
    assert len(other.get(unknown["Location"]).content) > 0
    assert "13988887777" not in page
    assert client.post("/recover/password", {"code": "1", "password": "another horse 牛"}).status_code == WRONG
    done = client.post("/recover/password", {"code": post.code(), "password": "another horse 牛"})
    assert done["Location"] == "/sign-in"
    answer = client.post("/sign-in", {"name": account.phone, "password": "another horse 牛"})
    assert answer["Location"] == "/my"


def test_profile_shows_no_whole_number(client: Client) -> None:
    """Identity masked; name as declared."""
    account, _ = _signed_in(client)
    number = Person.objects.get(account=account).identity_number
    page = client.get("/profile").content.decode()
    assert number not in page
    assert f"{number[:4]}**********{number[-4:]}" in page
    assert "欧阳·买买提" in page


def test_password_change_ends_other_sessions(client: Client) -> None:
    """This one stays."""
    account, _ = _signed_in(client)
    other = Client()
    other.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    wrong = client.post("/profile/password", {"present": "wrong", "password": "another horse 牛"})
    assert wrong.status_code == WRONG
    client.post("/profile/password", {"present": PASSWORD, "password": "another horse 牛"})
    assert client.get("/profile").status_code == OK
    assert other.get("/profile").status_code == FOUND


def test_address_change_asks_for_a_code(client: Client, post: Post) -> None:
    """And wrong ones are said beside the field."""
    _signed_in(client)
    assert client.post("/profile/address/email", {"email": "no"}).status_code == WRONG
    answer = client.post("/profile/address/email", {"email": "new@example.com"})
    assert answer["Location"] == "/profile/verify/email"
    assert post.letters[-1][:2] == ("email", "new@example.com")
    assert client.get("/profile/address/fax").status_code == NOT_FOUND


def test_wards_over_pages(client: Client) -> None:
    """Added, listed, released; another's ward is not found."""
    _signed_in(client)
    typed = {
        "relation": "parent", "name": "林小满", "identity_kind": "resident_identity_card",
        "identity_number": "43010220200101001X",
    }  # fmt: skip
    assert client.post("/profile/wards/add", typed).status_code == WRONG
    typed["identity_number"] = identity_number()
    assert client.post("/profile/wards/add", typed | {"next": "/apply"})["Location"] == "/apply"
    page = client.get("/profile/wards").content.decode()
    assert "林小满" in page
    assert typed["identity_number"] not in page
    ward = Person.objects.get(name="林小满")
    stranger = Client()
    _signed_in(stranger)
    assert stranger.post(f"/profile/wards/{ward.id}/release").status_code == NOT_FOUND
    assert "林小满" not in stranger.get("/profile/wards").content.decode()
    client.post(f"/profile/wards/{ward.id}/release")
    assert Guardianship.objects.get().ended_at is not None


def test_consents_username_language_over_pages(client: Client) -> None:
    """Choices are kept."""
    account, _ = _signed_in(client)
    client.post("/profile/consents", {"matter": "electronic_service", "withdraw": "1"})
    assert not queries.consents_electronic_service(account.id)
    assert client.get("/profile/consents").status_code == OK
    assert client.post("/profile/username", {"username": "demo-me"}).status_code == WRONG
    client.post("/profile/username", {"username": "li.ming"})
    answer = client.post("/profile/language", {"language": "en"})
    assert answer.cookies["django_language"].value == "en"
    account.refresh_from_db()
    assert (account.username, account.language) == ("li.ming", "en")
    assert client.post("/profile/language", {"language": "xx"}).status_code == WRONG


def test_enterprises_are_registered(client: Client) -> None:
    """With a right code; wrong ones keep what was typed."""
    _, actor = _signed_in(client)
    wrong = client.post("/profile/enterprises/add", {"name": "云汀面馆", "credit_code": "9143"})
    assert wrong.status_code == WRONG
    assert "云汀面馆" in wrong.content.decode()
    client.post("/profile/enterprises/add", {"name": "云汀面馆", "credit_code": credit_code()})
    assert [one.name for one in queries.enterprises_of(actor)] == ["云汀面馆"]
    assert client.get("/profile/enterprises")["Location"] == "/profile/mandates"


def test_the_demo_door(client: Client, settings: Any) -> None:
    """One click in the demo, nothing elsewhere; nobody else's account."""
    an_official("陈静", username="demo-approver")
    account, _ = a_resident()
    settings.TONGBAN_DEMO = False
    assert "陈静" not in client.get("/sign-in").content.decode()
    assert client.post("/demo/sign-in", {"username": "demo-approver"}).status_code == NOT_FOUND
    settings.TONGBAN_DEMO = True
    assert "陈静" in client.get("/sign-in").content.decode()
    assert client.get("/demo/sign-in").status_code == 405
    assert client.post("/demo/sign-in", {"username": account.username}).status_code == NOT_FOUND
    assert client.post("/demo/sign-in", {"username": "demo-approver"})["Location"] == "/office/"
    assert client.get("/profile").status_code == OK


def test_closed_accounts_are_out_at_once(client: Client) -> None:
    """Also in open sessions."""
    official = an_official()
    client.force_login(Account.objects.get(id=official.account_id), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/profile").status_code == OK
    actions.end_official(actor=SYSTEM, official_id=official.id, now=NOW)
    assert client.get("/profile").status_code == FOUND

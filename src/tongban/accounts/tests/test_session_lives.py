"""Sessions: under a new key at each step, not for ever, ended everywhere; and browsers that are known."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tongban.accounts import actions
from tongban.accounts.models import Account, HeldInput
from tongban.accounts.tests.conftest import App, set_up
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, mobile
from tongban.base import clock
from tongban.base.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongban.accounts.tests.urls")]
OK, FOUND, WRONG, TOO_MANY = 200, 302, 422, 429


def test_a_key_of_before_the_password_is_worth_nothing_after_it(client: Client, app: App) -> None:
    """Whoever foisted a session on somebody does not come half way in with them, and not in."""
    account, actor = a_resident()
    client.post("/recover", {"address": mobile()})
    foisted = client.cookies["sessionid"].value
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    assert client.cookies["sessionid"].value != foisted
    secret = set_up(client, app)
    client.post("/sign-out")
    client.post("/recover", {"address": mobile()})
    foisted = client.cookies["sessionid"].value
    half = client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    assert half["Location"].startswith("/sign-in/code")
    thief = Client()
    thief.cookies["sessionid"] = foisted
    assert thief.get("/sign-in/code")["Location"].startswith("/sign-in")
    assert client.get("/sign-in/code").status_code == OK
    assert secret
    assert actor.account_id == account.id


def test_a_browser_is_known_after_signing_in_and_nobody_can_make_it_up(client: Client) -> None:
    """The cookie is ours or it is nothing."""
    account, _ = a_resident()
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    cookie = client.cookies["known"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for number in range(70):
        Client().post("/sign-in", {"name": account.phone, "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}")
    own, forged = Client(), Client()
    own.cookies["known"] = cookie.value
    forged.cookies["known"] = cookie.value[:-2]
    typed = {"name": account.phone, "password": PASSWORD}
    assert forged.post("/sign-in", typed).status_code == TOO_MANY
    assert own.post("/sign-in", typed).status_code == FOUND


def _signed_in_really(client: Client) -> Account:
    account, _ = a_resident()
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    return account


def _later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    moment = clock.now() + timedelta(**passed)
    monkeypatch.setattr("tongban.base.clock.now", lambda: moment)


def _opens_after_fifty_more_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> bool:
    _later(monkeypatch, minutes=50)
    return bool(client.get("/profile").status_code == OK)


def test_a_session_left_alone_ends_and_one_in_use_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour without a request; whoever goes on working stays, until the day is over."""
    _signed_in_really(client)
    opened = [number for number in range(20) if _opens_after_fifty_more_minutes(client, monkeypatch)]
    assert len(opened) == 14
    monkeypatch.undo()
    other = Client()
    _signed_in_really(other)
    assert other.get("/profile").status_code == OK
    _later(monkeypatch, minutes=59)
    assert other.get("/profile").status_code == OK
    _later(monkeypatch, minutes=61)
    assert other.get("/profile")["Location"].startswith("/sign-in")
    monkeypatch.undo()
    assert other.get("/profile")["Location"].startswith("/sign-in"), "what has ended does not come back"


def test_what_decides_who_gets_in_asks_for_the_password_once_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session left open in an office changes no address and no name, and sets up no app."""
    account = _signed_in_really(client)
    assert client.get("/profile/address/sms").status_code == OK
    _later(monkeypatch, minutes=20)
    for path in ("/profile/address/sms", "/profile/address/email", "/profile/username", "/profile/second-factor"):
        answer = client.post(
            path, {"phone": mobile(), "username": "thief.of.names", "email": "t@example.com", "code": "1"}
        )
        assert answer["Location"].startswith("/sign-in/again?next=%2Fprofile"), path
    account.refresh_from_db()
    assert (account.username, account.email) == (account.username, "")
    wrong = client.post("/sign-in/again?next=/profile/username", {"password": "no"})
    assert wrong.status_code == WRONG
    before = client.cookies["sessionid"].value
    right = client.post("/sign-in/again", {"password": PASSWORD, "next": "/profile/username"})
    assert right["Location"] == "/profile/username"
    assert client.cookies["sessionid"].value != before
    assert client.get("/profile/username").status_code == OK


def test_signing_out_lets_the_browser_forget_what_it_kept(client: Client) -> None:
    """Pages and storage; the cookies stay: they say whose a form in another tab is, and open nothing."""
    _signed_in_really(client)
    out = client.post("/sign-out")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/profile")["Location"].startswith("/sign-in")


def test_a_known_browser_forgives_no_tries_at_another_name(client: Client) -> None:
    """Two people use one browser: signing in to one's own account gives no new tries at the other's."""
    victim, own = _signed_in_really(client), _signed_in_really(client)
    for _round in range(2):
        for _try in range(6):
            last = client.post("/sign-in", {"name": victim.phone, "password": "wrong"})
        client.post("/sign-in", {"name": own.phone, "password": PASSWORD})
        client.post("/sign-out")
    assert client.post("/sign-in", {"name": victim.phone, "password": PASSWORD}).status_code == TOO_MANY
    assert last.status_code in {WRONG, TOO_MANY}


def test_all_other_devices_are_signed_out(client: Client, app: App) -> None:
    """By the owner, by a new second factor, by an operator; the browser in which it is done stays."""
    account = _signed_in_really(client)
    other = Client()
    other.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    assert client.post("/profile/sessions/end")["Location"] == "/profile"
    assert client.get("/profile").status_code == OK
    assert other.get("/profile")["Location"].startswith("/sign-in")
    other.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    assert set_up(client, app)
    assert client.get("/profile").status_code == OK
    assert other.get("/profile")["Location"].startswith("/sign-in")
    actions.end_sessions(actor=SYSTEM, username=account.username, now=NOW)
    assert client.get("/profile")["Location"].startswith("/sign-in")
    third = Client()
    _signed_in_really(third)
    assert actions.end_all_sessions(now=NOW) >= 1
    assert third.get("/profile")["Location"].startswith("/sign-in")


def _password_given(client: Client, asked: str) -> str:
    """Give the password on the page that asks for it; return where one goes on."""
    assert asked.startswith("/sign-in/again?next=")
    target = parse_qs(urlsplit(asked).query)["next"][0]
    return str(client.post("/sign-in/again", {"password": PASSWORD, "next": target})["Location"])


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/profile/username", {"username": "lin.of.the.river"}),
        ("/profile/address/email", {"email": "lin@example.com"}),
        ("/profile/second-factor", {"code": "123456"}),
    ],
)
def test_what_was_typed_is_there_after_the_password_was_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch, page: str, typed: dict[str, str]
) -> None:
    """It is offered again to whoever typed it, and not carried out by itself."""
    account = _signed_in_really(client)
    _later(monkeypatch, minutes=20)
    back = _password_given(client, client.post(page, typed)["Location"])
    shown = client.get(back)
    assert (urlsplit(back).path, shown.status_code) == (page, OK)
    assert all(f'value="{value}"' in shown.content.decode() for value in typed.values())
    assert HeldInput.objects.get().writer == account.id
    assert Account.objects.get(id=account.id).username == account.username
    assert Account.objects.get(id=account.id).email == account.email


def test_signing_out_other_devices_goes_on_after_the_password_was_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the page where the button stands: an address that only takes what is posted cannot be opened."""
    account = _signed_in_really(client)
    _later(monkeypatch, minutes=20)
    other = Client()
    other.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    back = _password_given(client, client.post("/profile/sessions/end")["Location"])
    shown = client.get(back)
    assert (back, shown.status_code) == ("/profile", OK)
    assert "请再操作一次" in shown.content.decode()
    assert other.get("/profile").status_code == OK
    assert client.post("/profile/sessions/end")["Location"] == "/profile"
    assert other.get("/profile")["Location"].startswith("/sign-in")

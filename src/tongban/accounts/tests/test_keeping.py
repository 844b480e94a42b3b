"""What is typed after the session has expired is kept, for its page and its writer, and forgotten in time."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tongban.accounts import actions, queries
from tongban.accounts.models import Account, Guardianship, HeldInput
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, identity_number
from tongban.base import clock

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_typed_input_is_kept_two_hours_for_its_page() -> None:
    writer = uuid4()
    token = actions.hold_input(path="/drafts/1/", values={"words": "望江面馆"}, writer=writer, now=NOW)
    assert token

    def found(path: str, after: int = 0) -> object:
        return queries.held_input(token=token, path=path, reader=writer, now=NOW + timedelta(hours=after))

    assert found("/drafts/1/") == {"words": "望江面馆"}
    assert found("/drafts/2/") is None
    assert found("/drafts/1/", after=2) is None
    actions.release_input(token=token, path="/drafts/2/")
    assert HeldInput.objects.exists()
    assert actions.forget_expired_input(now=NOW + timedelta(hours=1)) == 0
    assert actions.forget_expired_input(now=NOW + timedelta(hours=2)) == 1


@pytest.mark.parametrize(("path", "words"), [("/" + "x" * 300, "a"), ("/\x00", "a"), ("/", "x" * 200_001)])
def test_what_cannot_be_kept_is_not_kept(path: str, words: str) -> None:
    assert actions.hold_input(path=path, values={"words": words}, writer=uuid4(), now=NOW) is None
    assert not HeldInput.objects.exists()


def test_what_has_a_writer_is_for_nobody_else() -> None:
    writer = uuid4()
    token = actions.hold_input(path="/x", values={"words": "甲"}, writer=writer, now=NOW)
    assert token
    assert queries.held_input(token=token, path="/x", reader=writer, now=NOW) == {"words": "甲"}
    for reader in (uuid4(), None):
        assert queries.held_input(token=token, path="/x", reader=reader, now=NOW) is None


def browser_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def back_of(answer: Any) -> str:
    return parse_qs(urlsplit(str(answer["Location"])).query)["next"][0]


WARD = {"name": "小满", "identity_kind": "resident_identity_card", "relation": "parent", "next": "/apply/x/"}


def test_what_an_expired_session_posts_comes_back_to_its_own_writer_once() -> None:
    (lin, _actor), (other, _other) = a_resident(), a_resident()
    browser, number = browser_of(lin), identity_number()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    sent = browser.post("/profile/wards/add", WARD | {"identity_number": number, "password": PASSWORD})
    assert sent.status_code == 302
    held = HeldInput.objects.get()
    assert (held.writer, held.values) == (
        lin.id,
        {k: v for k, v in WARD.items() if k != "next"} | {"identity_number": number},
    )
    assert not Guardianship.objects.exists()
    back = back_of(sent)
    assert number not in browser_of(other).get(back).content.decode()
    browser.force_login(lin, backend=BACKEND)
    shown = browser.get(back)
    assert shown.status_code == 200
    for words in (number, "小满", "欢迎回来", 'name="next" value="/apply/x/"'):
        assert words in shown.content.decode()
    assert not Guardianship.objects.exists()
    assert browser.post("/profile/wards/add", WARD | {"identity_number": "1"}).status_code == 422
    assert HeldInput.objects.exists()
    done = browser.post("/profile/wards/add", WARD | {"identity_number": number})
    assert done["Location"] == "/apply/x/"
    assert not HeldInput.objects.exists()
    assert 'value="小满"' not in browser.get(back).content.decode()


def test_errors_of_what_was_kept_are_shown_with_it() -> None:
    lin, _actor = a_resident()
    browser = browser_of(lin)
    browser.post("/sign-out")
    back = back_of(browser.post("/profile/wards/add", {"name": "", "identity_number": "430"}))
    browser.force_login(lin, backend=BACKEND)
    shown = browser.get(back)
    assert shown.status_code == 200
    assert 'value="430"' in shown.content.decode()
    assert "govuk-error-summary" in shown.content.decode()


def test_what_is_posted_after_signing_out_in_another_tab_is_for_its_writer_alone() -> None:
    """Signed out on the page or over the API: whoever signs in there next is not offered it."""
    (lin, _actor), (other, _other) = a_resident(), a_resident()
    browser = browser_of(lin)
    browser.post("/sign-out")
    back = back_of(browser.post("/profile/wards/add", WARD))
    assert HeldInput.objects.get().writer == lin.id
    browser.post("/sign-in", {"name": other.phone, "password": PASSWORD})
    assert "小满" not in browser.get(back).content.decode()
    browser.post("/sign-out")
    browser.post("/sign-in", {"name": lin.phone, "password": PASSWORD})
    assert 'value="小满"' in browser.get(back).content.decode()


def test_what_nobody_is_known_to_have_written_is_not_kept() -> None:
    """A browser without a session, and one whose session was wiped out by an operator."""
    lin, _actor = a_resident()
    browser = browser_of(lin)
    actions.end_all_sessions(now=NOW)
    for one in (Client(), browser):
        assert back_of(one.post("/profile/wards/add", WARD)) == "/profile/wards/add?next=%2Fapply%2Fx%2F"
    assert not HeldInput.objects.exists()


def test_whose_a_session_was_is_known_for_a_day_after_it_has_ended(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form left open overnight: its cookie and its row outlive the session, and open nothing."""
    lin, _actor = a_resident()
    browser = signed_in_for_long(lin, monkeypatch, settings.TONGBAN_SESSION_LONGEST + timedelta(hours=20))
    assert (settings.TONGBAN_SESSION_LONGEST + timedelta(hours=20)).total_seconds() < settings.SESSION_COOKIE_AGE
    assert browser.get("/profile")["Location"].startswith("/sign-in")
    browser.post("/profile/wards/add", WARD)
    assert HeldInput.objects.get().writer == lin.id


def test_nothing_typed_nothing_kept() -> None:
    Client().post("/profile/wards/add", {"password": PASSWORD})
    assert not HeldInput.objects.exists()


def signed_in_for_long(account: Account, monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> Client:
    """Return a browser in which somebody signed in, so long ago."""
    browser = Client()
    assert browser.post("/sign-in", {"name": account.phone, "password": PASSWORD}).status_code == 302
    moment = clock.now() + passed
    monkeypatch.setattr("tongban.base.clock.now", lambda: moment)
    return browser


@pytest.mark.parametrize("before", [(), ("/profile",)])
def test_what_a_session_left_alone_posts_is_for_nobody_who_signs_in_after(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...]
) -> None:
    """Its row is gone when it ends: whose it was is known all the same, also if a page was asked for in between."""
    (lin, _actor), (other, _other) = a_resident(), a_resident()
    browser = signed_in_for_long(lin, monkeypatch, settings.TONGBAN_SESSION_IDLE + timedelta(minutes=1))
    for page in before:
        assert browser.get(page)["Location"].startswith("/sign-in")
    back = back_of(browser.post("/profile/wards/add", WARD))
    assert HeldInput.objects.get().writer == lin.id
    browser.post("/sign-in", {"name": other.phone, "password": PASSWORD})
    assert "小满" not in browser.get(back).content.decode()
    browser.post("/sign-out")
    browser.post("/sign-in", {"name": lin.phone, "password": PASSWORD})
    assert 'value="小满"' in browser.get(back).content.decode()


def test_what_is_posted_after_all_devices_were_signed_out_is_for_its_writer() -> None:
    lin, actor = a_resident()
    browser = Client()
    browser.post("/sign-in", {"name": lin.phone, "password": PASSWORD})
    actions.end_sessions(actor=actor, now=NOW)
    browser.post("/profile/wards/add", WARD)
    assert HeldInput.objects.get().writer == lin.id
    browser.post("/sign-in", {"name": lin.phone, "password": PASSWORD})
    assert "base.left_by" not in browser.session


def test_one_writer_uses_up_their_own_share_only() -> None:
    lin, wang = uuid4(), uuid4()

    def hold(writer: UUID) -> bool:
        return bool(actions.hold_input(path="/x", values={"words": "甲"}, writer=writer, now=NOW))

    assert [hold(lin) for _ in range(62)] == [True] * 60 + [False] * 2
    assert HeldInput.objects.count() == 60
    assert hold(wang)

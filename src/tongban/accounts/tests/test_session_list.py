"""Where one is signed in: seen by its owner alone, ended one by one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tongban.accounts import actions, queries, rules
from tongban.accounts.models import Account, OpenedSession
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident
from tongban.base import clock
from tongban.base.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongban.accounts.tests.urls")]
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0"
WECHAT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50"


def browser_of(account: Account, user_agent: str = EDGE) -> Client:
    browser = Client(headers={"User-Agent": user_agent})
    assert browser.post("/sign-in", {"name": account.phone, "password": PASSWORD}).status_code == 302
    return browser


def devices(browser: Client) -> list[tuple[str, bool]]:
    return [(one.device, one.is_present) for one in browser.get("/profile/sessions").context["sessions"]]


def test_sessions_are_seen_by_their_owner_and_ended_one_by_one() -> None:
    """The others go on; what has ended opens nothing; the present one has no button."""
    (lin, _actor), (other, other_actor) = a_resident(), a_resident()
    here, telephone, third = browser_of(lin), browser_of(lin, WECHAT), browser_of(lin, "")
    stranger = browser_of(other)
    assert devices(here)[0] == ("Edge · Windows", True)
    assert sorted(devices(here)[1:]) == [("", False), ("微信 · Android", False)]
    assert devices(stranger) == [("Edge · Windows", True)]
    shown = queries.sessions_of(lin, present_key=here.session.session_key, now=clock.now())
    lost = next(one for one in shown if one.device.startswith("微信"))
    page = here.get("/profile/sessions").content.decode()
    assert str(lost.id) in page
    assert str(shown[0].id) not in page
    assert str(telephone.session.session_key) not in page
    with pytest.raises(NotFound):
        actions.end_session(actor=other_actor, session_id=lost.id, now=NOW)
    assert stranger.post(f"/profile/sessions/{lost.id}/end").status_code == 404
    assert telephone.get("/profile").status_code == 200
    assert here.post(f"/profile/sessions/{lost.id}/end")["Location"] == "/profile/sessions"
    assert telephone.get("/profile")["Location"].startswith("/sign-in")
    assert [one.get("/profile").status_code for one in (here, third, stranger)] == [200, 200, 200]
    assert len(devices(here)) == 2
    assert here.post(f"/profile/sessions/{uuid4()}/end").status_code == 404


def test_a_session_under_a_new_key_is_shown_once_and_one_that_has_ended_not() -> None:
    """Signed out, ended by the round of sessions, left alone: none is offered."""
    lin, actor = a_resident()
    here = browser_of(lin)
    here.post("/sign-in/again", {"password": PASSWORD, "next": "/profile"})
    assert len(devices(here)) == 1
    browser_of(lin).post("/sign-out")
    assert len(devices(here)) == 1
    browser_of(lin)
    actions.end_sessions(actor=actor, now=NOW)
    lin.refresh_from_db()
    assert queries.sessions_of(lin, present_key=None, now=clock.now()) == []
    fresh = browser_of(lin)
    assert len(devices(fresh)) == 1
    assert queries.sessions_of(lin, present_key=None, now=clock.now() + timedelta(minutes=61)) == []


def test_whose_a_session_was_is_forgotten_with_it() -> None:
    lin, _actor = a_resident()
    browser_of(lin)
    assert OpenedSession.objects.filter(account=lin).count() == 1
    actions.forget_old_sessions(now=clock.now())
    assert OpenedSession.objects.filter(account=lin).count() == 1
    Session.objects.update(expire_date=NOW - timedelta(days=1))
    actions.forget_old_sessions(now=NOW)
    assert not OpenedSession.objects.exists()


def test_a_device_is_told_in_two_words_whatever_a_browser_says() -> None:
    assert rules.device("") == rules.device("<script>alert(1)</script>") == ""
    assert rules.device("curl/8 Linux") == "Linux"

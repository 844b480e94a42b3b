"""A session is over when it ran out or was ended, at once; and a closed account has none."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tongban.accounts.models import Account, OpenedSession
from tongban.accounts.tests.people import a_resident
from tongban.base.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    account, _actor = a_resident()
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile").status_code == 200


def test_a_session_that_ran_out(client: Client) -> None:
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert not is_in(client)


def test_a_session_that_was_ended(client: Client) -> None:
    Session.objects.all().delete()
    assert not is_in(client)


def test_a_key_that_was_made_up(client: Client) -> None:
    for key in ("x" * 32, "", "'; --"):
        stranger = Client()
        stranger.cookies["sessionid"] = key
        assert not is_in(stranger)


def test_a_password_that_was_changed_ends_sessions(client: Client) -> None:
    account = Account.objects.get()
    account.set_password("another long one 4711")
    account.save(update_fields=["password"])
    assert not is_in(client)


def test_an_account_that_was_closed(client: Client) -> None:
    Account.objects.update(is_active=False)
    assert not is_in(client)


def test_whose_a_session_is_stands_in_itself(client: Client) -> None:
    """What is noted beside it saves a query, and proves nothing."""
    own = Account.objects.get()
    OpenedSession.objects.all().delete()
    assert is_in(client)
    other, _actor = a_resident(name="别人")
    OpenedSession.objects.create(session_key=client.cookies["sessionid"].value, account=other)
    response = client.get("/profile")
    assert response.wsgi_request.user.pk == own.pk
    assert "别人" not in response.content.decode()


def test_a_session_proven_by_a_former_secret_goes_on(client: Client, settings: Any) -> None:
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the secret of today, as long as any", [former]
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client), "it goes on under a new key, proven by the secret of today"

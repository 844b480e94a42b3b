"""A session is over when it ran out or was ended, at once; and a closed account has none."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tongban.accounts.models import Account
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

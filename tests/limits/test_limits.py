"""What comes too often is answered 429 with the seconds to wait, and nothing typed is lost."""

import json
import threading
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, RequestFactory

from tests.people import BACKEND, Town, resident
from tests.standing import nothing_changes
from tongban.accounts.models import Account, TryCount
from tongban.accounts.web import limits
from tongban.accounts.web.answers import place_of
from tongban.base.limits import Buckets
from tongban.site.limits import read_allowances

TOO_MANY = 429


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "buckets", Buckets())


@pytest.mark.django_db
def test_search_waits_by_address_and_says_how_long(client: Client, settings: LazySettings) -> None:
    settings.TONGBAN_ALLOWANCES = read_allowances("search=3/60")
    assert [client.get("/search?q=x").status_code for _ in range(4)] == [200, 200, 200, TOO_MANY]
    refused = client.get("/search?q=x", headers={"Accept-Language": "en"})
    assert 0 < int(refused["Retry-After"]) <= 60
    assert client.get("/search?q=x", REMOTE_ADDR="192.0.2.9").status_code == 200
    assert client.get("/about").status_code == 200


@pytest.mark.django_db
def test_the_api_answers_a_problem(client: Client, settings: LazySettings) -> None:
    settings.TONGBAN_ALLOWANCES = read_allowances("api=2/60")
    answers = [client.get("/api/v1/themes") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, TOO_MANY]
    problem = json.loads(answers[-1].content)
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert problem["code"] == "too_many_requests"
    assert problem["retry_after"] == answers[-1]["Retry-After"]


@pytest.mark.django_db
def test_nothing_typed_is_lost_and_no_password_comes_back(client: Client, settings: LazySettings) -> None:
    """The page of the refusal sends the same once more; passwords are typed again."""
    settings.TONGBAN_ALLOWANCES = read_allowances("sign_in=1/600")
    typed = {"name": '"><script>林', "password": "geheim-123", "next": "/my"}
    client.post("/sign-in", typed)
    refused = client.post("/sign-in?next=/my", typed)
    page = refused.content.decode()
    assert refused.status_code == TOO_MANY
    assert 0 < int(refused["Retry-After"]) <= 600
    assert 'name="name" value="&quot;&gt;&lt;script&gt;林"' in page
    assert 'name="next" value="/my"' in page
    assert 'type="password" name="password"' in page
    assert "geheim-123" not in page
    assert refused["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_refused_submission_changes_nothing_and_keeps_its_key(town: Town, settings: LazySettings) -> None:
    """By account: another resident at the same address goes on."""
    one, other = Client(), Client()
    one.force_login(Account.objects.get(username=town.lin.username), backend=BACKEND)
    other.force_login(Account.objects.get(username=resident("沈青禾").username), backend=BACKEND)
    settings.TONGBAN_ALLOWANCES = read_allowances("submit=10/600")  # one for each account
    address = "/drafts/00000000-0000-7000-8000-000000000000/review/"
    sent = {"key": "0197a3c0-0000-7000-8000-000000000001", "declared": "on"}
    assert one.post(address, sent).status_code == 404
    with nothing_changes("accounts_account", "ledger_event"):
        refused = one.post(address, sent)
    assert refused.status_code == TOO_MANY
    assert f'name="key" value="{sent["key"]}"' in refused.content.decode()
    assert other.post(address, sent).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_through_exactly_as_often_as_allowed(settings: LazySettings) -> None:
    """Counted in the database: threads here stand for processes anywhere; each has a connection of its own."""
    settings.TONGBAN_ALLOWANCES = read_allowances("recovery=20/600")
    statuses: list[int] = []

    def ask() -> None:
        own = Client()
        statuses.extend(own.post("/recover", {"address": "x"}).status_code for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(TOO_MANY) == 20
    assert len(statuses) == 40
    assert TryCount.objects.get(what="limit.recovery.place").tries == 40


@pytest.mark.parametrize(
    ("forwarded", "remote", "counted"),
    [
        ("", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1, 198.51.100.4", "127.0.0.1", "198.51.100.4"),
        ("made-up, 198.51.100.4:4711", "127.0.0.1", "198.51.100.4"),
        ("2001:db8:1:2:3:4:5:6", "127.0.0.1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "127.0.0.1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.4", "127.0.0.1", "198.51.100.4"),
    ],
)
def test_only_the_trusted_hop_counts(settings: LazySettings, forwarded: str, remote: str, counted: str) -> None:
    headers: dict[str, Any] = {"headers": {"X-Forwarded-For": forwarded}} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR=remote).get("/", **headers)
    settings.USE_X_FORWARDED_HOST = True
    assert place_of(request) == counted
    settings.USE_X_FORWARDED_HOST = False
    assert place_of(request) == remote


@pytest.mark.django_db
def test_a_foreign_form_uses_up_nobodys_share(settings: LazySettings) -> None:
    """Without the CSRF token nothing is counted."""
    settings.TONGBAN_ALLOWANCES = read_allowances("recovery=1/600")
    foreign = Client(enforce_csrf_checks=True)
    assert [foreign.post("/recover", {"address": "x"}).status_code for _ in range(3)] == [403] * 3
    assert not TryCount.objects.exists()

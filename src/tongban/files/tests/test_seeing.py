from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.test import Client

from tongban.accounts import actions as accounts
from tongban.accounts.models import Account
from tongban.base.actor import NOBODY, SYSTEM, Actor
from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.files import actions, errors, kinds, queries
from tongban.files.models import StoredFile
from tongban.files.tests import samples

Receive = Callable[..., StoredFile]
Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def no_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds.guards, "_entries", {})


@pytest.fixture
def account(db: None, now: datetime) -> Account:
    official = accounts.create_official(actor=SYSTEM, name="江河", staff_number="F1", username="jianghe", now=now)
    return official.account


@pytest.fixture
def owned(account: Account, receive: Receive) -> Callable[..., StoredFile]:
    """Receive a file from the account that is signed in."""
    owner = Actor(kind="official", account_id=account.id)
    return lambda content, name="file": receive(content, name, owner)


@pytest.fixture
def visitor(client: Client, account: Account) -> Client:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_damaged_file_is_told_kindly(owned: Callable[..., StoredFile], visitor: Client, place: Path) -> None:
    stored = owned(samples.pdf())
    (place / stored.path).write_bytes(b"something else")
    answer = visitor.get(f"/files/{stored.id}", headers={"accept-language": "zh-hans"})
    assert answer.status_code == 503
    assert "这份文件打不开：在我们这里存放时损坏了。" in answer.content.decode()


def test_only_who_sent_it_sees_a_file_that_nothing_refers_to(receive: Receive, sender: Actor) -> None:
    stored = receive(samples.pdf())
    assert queries.file_for(sender, stored.id) == stored
    for other in (NOBODY, SYSTEM, Actor(kind="resident", account_id=new_id())):
        with pytest.raises(NotFound):
            queries.file_for(other, stored.id)
    with pytest.raises(NotFound):
        queries.file_for(sender, new_id())


def test_a_guard_lets_others_see(receive: Receive) -> None:
    stored, other = receive(samples.pdf()), receive(samples.png())
    desk = Actor(kind="official", account_id=new_id())

    def guard(actor: Actor, file_id: UUID) -> bool:
        return actor == desk and file_id == stored.id

    kinds.guards.register("tests", guard)
    assert queries.file_for(desk, stored.id) == stored
    with pytest.raises(NotFound):
        queries.file_for(desk, other.id)


@pytest.mark.parametrize(
    ("content", "name", "query", "disposition"),
    [
        (samples.pdf(), "营业执照 副本.pdf", "", "inline"),
        (samples.jpeg(), "照片.jpg", "", "inline"),
        (samples.png(), "a.png", "?download", "attachment"),
        (samples.ofd(), "公文.ofd", "", "attachment"),
    ],
)
def test_what_a_browser_is_told(
    visitor: Client, owned: Callable[..., StoredFile], content: bytes, name: str, query: str, disposition: str
) -> None:
    stored = owned(content, name)
    answer = visitor.get(f"/files/{stored.id}{query}")
    assert answer.status_code == 200
    assert answer.getvalue() == content
    headers = answer.headers
    assert headers["Content-Disposition"].startswith(disposition)
    assert name in unquote(headers["Content-Disposition"])
    assert headers["Content-Type"] == stored.media_type
    assert int(headers["Content-Length"]) == len(content)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Cache-Control"] == "private, no-store"


def test_strangers_and_others_get_nothing(client: Client, visitor: Client, receive: Receive) -> None:
    stored = receive(samples.pdf())
    assert Client().get(f"/files/{stored.id}").status_code == 302
    assert visitor.get(f"/files/{stored.id}").status_code == 404
    assert visitor.get(f"/files/{new_id()}").status_code == 404
    assert visitor.post(f"/files/{stored.id}").status_code == 405


def test_an_erased_file_says_so_to_its_owner_only(
    visitor: Client, owned: Callable[..., StoredFile], now: datetime
) -> None:
    stored = owned(samples.pdf())
    actions.erase([stored.id], now=now)
    assert visitor.get(f"/files/{stored.id}").status_code == 410
    stored.refresh_from_db()
    with pytest.raises(errors.Erased):
        queries.content_of(stored)


def test_seeing_costs_a_constant_number_of_queries(
    receive: Receive, sender: Actor, django_assert_num_queries: Counted
) -> None:
    for _file in range(3):
        stored = receive(samples.pdf())
        with django_assert_num_queries(2):
            queries.file_for(sender, stored.id)

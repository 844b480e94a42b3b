from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tongban.accounts.models import Account
from tongban.base.ids import new_id
from tongban.notifications import actions
from tongban.notifications.models import Message

Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def visitor(client: Client, account: Account) -> Client:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tell(account: Account, number: int, now: datetime, **changes: Any) -> Message:
    message = actions.tell(
        account_id=account.id,
        key=f"case:{number}",
        subject=f"办件 {number} 有新进展",
        body="第一段。\n\n第二段 <script>alert(1)</script>。",
        now=now + timedelta(minutes=number),
        **changes,
    )
    assert message is not None
    return message


def page(visitor: Client, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_box_says_so(visitor: Client) -> None:
    assert "还没有消息" in page(visitor, "/my/messages")


def test_opening_is_reading(visitor: Client, account: Account, now: datetime) -> None:
    message = tell(account, 1, now, link="/my/cases/1", wants_answer=True)
    tell(account, 2, now)
    box = page(visitor, "/my/messages")
    assert box.index("办件 2") < box.index("办件 1"), "newest first"
    assert "您有 2 条消息未读" in box
    assert "等您处理" in box
    opened = page(visitor, f"/my/messages/{message.id}")
    assert 'href="/my/cases/1"' in opened
    assert "现在去处理" in opened
    assert "&lt;script&gt;" in opened
    assert "您有 1 条消息未读" in page(visitor, "/my/messages")


def test_all_at_once(visitor: Client, account: Account, now: datetime) -> None:
    tell(account, 1, now)
    assert visitor.get("/my/messages/read").status_code == 405
    assert visitor.post("/my/messages/read").headers["Location"] == "/my/messages"
    assert "未读" not in page(visitor, "/my/messages")


def test_messages_of_others_are_not_there(visitor: Client, account: Account, now: datetime) -> None:
    message = tell(account, 1, now)
    assert visitor.get(f"/my/messages/{new_id()}").status_code == 404
    assert Client().get(f"/my/messages/{message.id}").status_code == 302
    message.refresh_from_db()
    assert message.read_at is None


def test_many_messages_cost_as_many_queries_as_few(
    visitor: Client, account: Account, now: datetime, django_assert_max_num_queries: Counted
) -> None:
    tell(account, 1, now)
    page(visitor, "/my/messages")
    for count in (2, 25):
        for number in range(count * 100, count * 101):
            tell(account, number, now)
        with django_assert_max_num_queries(8):
            page(visitor, "/my/messages")
    assert "办件 1 " in page(visitor, "/my/messages?page=2")


def test_the_outbox_is_the_demos_alone(visitor: Client, account: Account, now: datetime, settings: Any) -> None:
    tell(account, 1, now)
    assert Client().get("/demo/outbox").status_code == 404
    settings.TONGBAN_DEMO = True
    tell(account, 2, now)
    shown = page(Client(), "/demo/outbox")
    assert "jiang@mail.example" in shown
    assert "13800001111" in shown
    assert "jiang@mail.example" not in page(Client(), "/demo/outbox?channel=sms")
    assert "jiang@mail.example" in page(Client(), "/demo/outbox?channel=%00")

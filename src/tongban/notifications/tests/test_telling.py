import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tongban.accounts.kinds import carriers
from tongban.accounts.models import Account
from tongban.base.actor import NOBODY, Actor
from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.notifications import actions, queries
from tongban.notifications.models import Carriage, Message

Counted = Callable[[int], AbstractContextManager[Any]]


def tell(account: Account, now: datetime, **changes: Any) -> Message | None:
    news: dict[str, Any] = {
        "key": "case:7:accepted",
        "subject": "您的申请已受理",
        "body": "食品经营许可申请已受理。\n\n我们将在 10 个工作日内办结。",
        "link": "/my/cases/2026-0007",
        "now": now,
    }
    return actions.tell(account_id=account.id, **(news | changes))


def test_news_stand_in_the_box_and_go_by_mail(account: Account, reader: Actor, now: datetime) -> None:
    message = tell(account, now)
    assert message is not None
    assert list(queries.box_of(reader)) == [message]
    [letter] = Carriage.objects.all()
    assert (letter.channel, letter.address, letter.state) == ("email", "jiang@mail.example", "waiting")
    assert letter.subject == "【云汀市通办】您的申请已受理"
    assert "10 个工作日内办结。" in letter.body
    assert "https://tongban.example/my/cases/2026-0007" in letter.body
    assert letter.mail_message_id == f"<{letter.id}@tongban.example>"


def test_text_messages_go_where_somebody_carries_them(account: Account, now: datetime, settings: Any) -> None:
    settings.TONGBAN_DEMO = True
    tell(account, now)
    text = Carriage.objects.get(channel="sms")
    assert text.address == "13800001111"
    assert text.body == "【云汀市通办】您的申请已受理 https://tongban.example/my/cases/2026-0007"
    assert "食品经营许可" not in text.body, "screens are seen by others"


def test_letters_are_in_the_readers_language(account: Account, now: datetime) -> None:
    Account.objects.filter(id=account.id).update(language="en")
    assert queries.language_of(account.id) == "en"
    tell(account, now, subject="Your application was accepted", body="It will be decided in 10 working days.")
    letter = Carriage.objects.get()
    assert letter.subject == "[Yunting Tongban] Your application was accepted"
    assert "See it here:" in letter.body


def test_the_same_news_are_told_once(account: Account, now: datetime) -> None:
    assert tell(account, now) is not None
    assert tell(account, now, body="anders") is None
    assert (Message.objects.count(), Carriage.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_news_told_twice_at_once_are_told_once(account: Account, now: datetime) -> None:
    start = threading.Barrier(4)
    told: list[Message | None] = []

    def one() -> None:
        start.wait()
        told.append(tell(account, now))
        connection.close()

    threads = [threading.Thread(target=one) for _teller in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(message is not None for message in told) == 1
    assert (Message.objects.count(), Carriage.objects.count()) == (1, 1)


def test_without_an_address_there_is_only_the_box(account: Account, now: datetime) -> None:
    Account.objects.filter(id=account.id).update(email="", phone="")
    assert tell(account, now) is not None
    assert not Carriage.objects.exists()


def test_addresses_and_texts_are_sealed(account: Account, now: datetime) -> None:
    tell(account, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM notifications_carriage")
        address, body = (bytes(column) for column in cursor.fetchone())
    assert b"jiang@mail.example" not in address
    assert "工作日".encode() not in body


@pytest.mark.django_db
def test_codes_go_to_an_address(now: datetime) -> None:
    """Through the door that the room of accounts calls."""
    carriers["post_office"](channel="sms", address="13912345678", subject="验证码", body="验证码 123456", now=now)
    carriers["post_office"](channel="email", address="a@mail.example", subject="验证码", body="验证码 123456", now=now)
    assert sorted(Carriage.objects.values_list("channel", "subject")) == [
        ("email", "【云汀市通办】验证码"),
        ("sms", "验证码"),
    ]


def test_nobody_sees_the_messages_of_others(account: Account, reader: Actor, now: datetime) -> None:
    message = tell(account, now)
    assert message is not None
    assert queries.message_for(reader, message.id) == message
    for other in (NOBODY, Actor(kind="resident", account_id=new_id())):
        assert not queries.box_of(other).exists()
        with pytest.raises(NotFound):
            queries.message_for(other, message.id)


def test_erased_with_the_matter(account: Account, now: datetime) -> None:
    tell(account, now)
    tell(account, now, key="case:70:accepted")
    assert actions.erase(keys_beginning="case:7:") == 1
    assert [message.key for message in Message.objects.all()] == ["case:70:accepted"]
    assert Carriage.objects.count() == 1


def test_telling_costs_few_queries(account: Account, now: datetime, django_assert_max_num_queries: Counted) -> None:
    with django_assert_max_num_queries(9):
        tell(account, now + timedelta(days=1))

"""Real conversations with a mail server, and with servers that refuse, drop the line or hang."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from tongban.notifications import actions, queries, rules
from tongban.notifications.models import Carriage
from tongban.notifications.tests.conftest import MailServer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def send(now: datetime, **changes: str) -> Carriage:
    letter = {"address": "li@mail.example", "subject": "您的证照已制作完成", "body": "请查收。\n第二行。"}
    return actions.send_to_address(channel="email", now=now, **(letter | changes))


def carry(letter: Carriage, now: datetime) -> Carriage:
    actions.carry(letter.id, now=now)
    letter.refresh_from_db()
    return letter


def test_a_letter_arrives_whole(mail_server: MailServer, now: datetime) -> None:
    letter = carry(send(now), now)
    assert (letter.state, letter.tries, letter.sent_at, letter.last_error) == ("sent", 1, now, "")
    [mail] = mail_server.taken
    assert mail_server.recipients == ["li@mail.example"]
    assert mail["Subject"].strip() == "【云汀市通办】您的证照已制作完成"
    assert mail["From"] == "云汀通办 <office@tongban.example>"
    assert mail["Message-ID"] == letter.mail_message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().split() == ["请查收。", "第二行。"]


def test_a_sent_letter_is_not_sent_again(mail_server: MailServer, now: datetime) -> None:
    letter = carry(send(now), now)
    assert not actions.carry(letter.id, now=now + 60 * MINUTE)
    assert len(mail_server.taken) == 1


def test_nobody_writes_headers_but_us(mail_server: MailServer, now: datetime) -> None:
    carry(send(now, subject="您好\r\nBcc: everybody@mail.example", body="a\r\n.\r\nDATA\r\n"), now)
    [mail] = mail_server.taken
    assert mail["Bcc"] is None
    assert mail["Subject"].strip() == "【云汀市通办】您好 Bcc: everybody@mail.example"
    assert mail_server.recipients == ["li@mail.example"]
    wrong = carry(send(now, address="li@mail.example\r\nRCPT TO:<all@mail.example>"), now)
    assert (wrong.state, wrong.last_error) == ("failed", "ValidationError")
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_a_refused_address_is_given_up_at_once(mail_server: MailServer, now: datetime, where: str) -> None:
    mail_server.answers[where] = "550 no such user li@mail.example"
    letter = carry(send(now), now)
    assert (letter.state, letter.tries) == ("failed", 1)
    assert letter.last_error.endswith(" 550")
    assert "li@" not in letter.last_error
    assert queries.carriage_state().given_up == 1


@pytest.mark.parametrize("answer", ["451 try later", "drop"])
def test_what_does_not_go_now_is_tried_again_with_the_same_id(
    mail_server: MailServer, now: datetime, answer: str
) -> None:
    mail_server.answers["DATA"] = answer
    letter = carry(send(now), now)
    assert (letter.state, letter.tries, letter.next_try_at) == ("waiting", 1, now + 2 * MINUTE)
    assert letter.last_error
    assert queries.carriage_state().tried_in_vain == 1
    del mail_server.answers["DATA"]
    assert actions.carry_due(now=now + MINUTE) == 0
    assert actions.carry_due(now=now + 2 * MINUTE) == 1
    [mail] = mail_server.taken
    assert mail["Message-ID"] == letter.mail_message_id


def test_a_grey_list_only_delays(mail_server: MailServer, now: datetime) -> None:
    mail_server.answers["RCPT"] = "450 grey"
    assert carry(send(now), now).state == "waiting"


def test_given_up_after_two_days(mail_server: MailServer, now: datetime) -> None:
    mail_server.answers["DATA"] = "451 never"
    letter, at = send(now), now
    while letter.state == "waiting":
        letter = carry(letter, at)
        at = letter.next_try_at
    assert letter.tries == len(rules.TRY_AGAIN) + 1
    assert timedelta(days=1) < at - now < timedelta(days=4)
    assert letter.last_error == "SMTPDataError 451"


def test_no_server_there(settings: Any, now: datetime) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free.getsockname()[1]
        letter = carry(send(now), now)
    assert (letter.state, letter.last_error) == ("waiting", "ConnectionRefusedError")


@pytest.fixture
def silent_server(settings: Any) -> Iterator[None]:
    """Takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.3
        ended = threading.Event()

        def take() -> None:
            line, _address = server.accept()
            ended.wait(5)
            line.close()

        thread = threading.Thread(target=take)
        thread.start()
        yield
        ended.set()
        thread.join()


@pytest.mark.usefixtures("silent_server")
def test_a_server_that_hangs_is_given_up_in_time(now: datetime) -> None:
    began = time.monotonic()
    letter = carry(send(now), now)
    assert time.monotonic() - began < 3
    assert (letter.state, letter.last_error) == ("waiting", "SMTPServerDisconnected")


def test_letters_wait_for_a_mail_server_and_grow_old(now: datetime, mail_server: MailServer, settings: Any) -> None:
    configured, settings.EMAIL_HOST = settings.EMAIL_HOST, ""
    letter = carry(send(now), now)
    assert (letter.state, letter.tries, letter.last_error) == ("waiting", 0, "no carrier for email")
    state = queries.carriage_state()
    assert (state.waiting, state.oldest_waiting_at, state.without_carrier) == (1, now, ("email", "sms"))
    settings.EMAIL_HOST = configured
    assert actions.carry_due(now=now + 10 * MINUTE) == 1
    old = carry(send(now), now + rules.TOO_OLD + MINUTE)
    assert (old.state, old.last_error) == ("failed", "too old")
    assert len(mail_server.taken) == 1


def test_in_the_demo_letters_stay_in_the_outbox(settings: Any, now: datetime) -> None:
    settings.TONGBAN_DEMO = True
    letter = carry(send(now), now)
    text = actions.send_to_address(channel="sms", address="13912345678", subject="码", body="123456", now=now)
    assert (letter.state, carry(text, now).state) == ("sent", "sent")


def test_what_stays_in_the_outbox_and_what_goes_by_mail_go_in_one_round(
    mail_server: MailServer, settings: Any, now: datetime
) -> None:
    settings.TONGBAN_DEMO = True
    mails = [send(now) for _mail in range(2)]
    text = actions.send_to_address(channel="sms", address="13912345678", subject="码", body="123456", now=now)
    mail_server.answers["DATA"] = "451 later"
    assert queries.is_anything_due(now=now)
    assert actions.carry_due(now=now) == 1
    text.refresh_from_db()
    assert (text.state, text.tries, text.sent_at) == ("sent", 1, now)
    assert set(Carriage.objects.filter(channel="email").values_list("state", "tries")) == {("waiting", 1)}
    assert not queries.is_anything_due(now=now)
    del mail_server.answers["DATA"]
    assert actions.carry_due(now=now + 5 * MINUTE) == 2
    assert len(mail_server.taken) == len(mails)


def test_addresses_are_forgotten_after_a_month(mail_server: MailServer, now: datetime) -> None:
    carry(send(now), now)
    waiting = send(now)
    assert actions.forget_carried(now=now + timedelta(days=30)) == 0
    assert actions.forget_carried(now=now + timedelta(days=31)) == 1
    assert Carriage.objects.get() == waiting


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_once(mail_server: MailServer, now: datetime) -> None:
    letters = [send(now) for _letter in range(5)]
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        actions.carry_due(now=now)
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["Message-ID"] for mail in mail_server.taken) == sorted(
        letter.mail_message_id for letter in letters
    )


def test_many_letters_cost_few_statements(now: datetime, django_assert_max_num_queries: Any) -> None:
    """Take them, and say what became of all; the rest are the savepoints of the test."""
    for number in (1, 15):
        for _letter in range(number):
            actions.send_to_address(channel="email", address="li@mail.example", subject="好", body="好", now=now)
        with (
            django_assert_max_num_queries(4),
            override_settings(TONGBAN_DEMO=True, EMAIL_HOST=""),
        ):
            assert actions.carry_due(now=now) == number

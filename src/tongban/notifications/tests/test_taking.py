"""Whose a letter is while it is carried: what goes out twice, or is forgotten, when carrying is slow or breaks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tongban.notifications import actions, providers, rules
from tongban.notifications.contrib.smtp import Smtp
from tongban.notifications.errors import Delayed
from tongban.notifications.models import Carriage
from tongban.notifications.providers import Letter

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Messenger:
    """A carrier that does to each letter what the test says, by its subject, and counts what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.does: dict[str, Callable[[], object]] = {}

    def carry(self, letter: Letter) -> None:
        self.given.append(letter.subject[-1])
        self.does.get(letter.subject[-1], lambda: None)()

    def longest(self) -> timedelta:
        return timedelta(minutes=7)


@pytest.fixture
def messenger(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Messenger:
    settings.EMAIL_HOST = "mail.example"
    carrier = Messenger()
    monkeypatch.setattr(providers.CARRIERS, "_entries", {"smtp": carrier})
    return carrier


def send(now: datetime, *names: str) -> list[Carriage]:
    return [
        actions.send_to_address(channel="email", address="li@mail.example", subject=name, body="好", now=now)
        for name in names
    ]


def states() -> dict[str, str]:
    return {row.subject[-1]: row.state for row in Carriage.objects.all()}


def raising(fault: Exception) -> Callable[[], object]:
    def fail() -> None:
        raise fault

    return fail


def test_what_is_not_begun_in_time_is_given_back_untried(
    messenger: Messenger, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ROUND", timedelta(seconds=0.2))
    send(now, "a", "b", "c")
    messenger.does = dict.fromkeys("abc", lambda: time.sleep(0.25))
    assert actions.carry_due(now=now) == 1
    assert len(messenger.given) == 1
    back = Carriage.objects.filter(state=Carriage.State.WAITING)
    assert [(row.tries, row.next_try_at) for row in back] == [(0, now)] * 2
    messenger.does.clear()
    assert actions.carry_due(now=now) == 2
    assert sorted(messenger.given) == ["a", "b", "c"]


def test_a_letter_is_its_takers_for_as_long_as_the_last_one_may_last(messenger: Messenger, now: datetime) -> None:
    [letter] = send(now, "a")
    other: list[int] = []
    last = rules.ROUND + messenger.longest() - timedelta(seconds=1)
    messenger.does["a"] = lambda: other.append(actions.carry_due(now=now + last))
    assert actions.carry(letter.id, now=now)
    assert (other, messenger.given) == ([0], ["a"])


def test_who_is_late_does_not_undo_what_another_wrote(messenger: Messenger, now: datetime) -> None:
    """The first holds a letter for longer than it may; another sends it; then the first fails."""
    [letter] = send(now, "a")

    def late() -> None:
        messenger.does.clear()
        assert actions.carry_due(now=now + HOUR) == 1
        raising(Delayed("late"))()

    messenger.does["a"] = late
    assert not actions.carry(letter.id, now=now)
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.sent_at, letter.last_error) == ("sent", 2, now + HOUR, "")


def test_who_is_late_does_not_give_back_what_another_holds(
    messenger: Messenger, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ROUND", timedelta(seconds=0.2))
    send(now, "a", "b")

    def late() -> None:
        messenger.does = dict.fromkeys("ab", raising(Delayed("busy")))
        actions.carry_due(now=now + HOUR)
        time.sleep(0.25)

    messenger.does = {"a": late, "b": late}
    actions.carry_due(now=now)
    assert [(row.tries, row.next_try_at > now + HOUR) for row in Carriage.objects.all()] == [(2, True)] * 2


def test_each_result_is_written_before_the_next_letter(messenger: Messenger, now: datetime) -> None:
    send(now, "a", "b", "c")
    seen: list[int] = []

    def look() -> None:
        seen.append(Carriage.objects.filter(state=Carriage.State.SENT).count())

    messenger.does = dict.fromkeys("abc", look)
    assert actions.carry_due(now=now) == 3
    assert seen == [0, 1, 2]


def test_a_carriers_own_fault_costs_one_letter_a_try(messenger: Messenger, now: datetime) -> None:
    send(now, "a", "b", "c")
    messenger.does["b"] = raising(ZeroDivisionError("li@mail.example"))
    assert actions.carry_due(now=now) == 2
    assert states() == {"a": "sent", "b": "waiting", "c": "sent"}
    failed = Carriage.objects.get(state=Carriage.State.WAITING)
    assert (failed.tries, failed.last_error) == (1, "ZeroDivisionError")
    assert failed.next_try_at == now + rules.TRY_AGAIN[0]


@pytest.fixture
def slow_server(settings: Any) -> Iterator[list[str]]:
    """Answers each line when its caller is about to give up; keeps the lines."""
    lines: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.4
        thread = threading.Thread(target=_answer_slowly, args=(server, lines))
        thread.start()
        yield lines
        thread.join(timeout=10)


def _answer_slowly(server: socket.socket, lines: list[str]) -> None:
    line, _address = server.accept()
    with line, line.makefile("rwb", buffering=0) as talk:
        time.sleep(0.25)
        talk.write(b"220 here\r\n")
        in_text = False
        while said := talk.readline():
            lines.append(said.decode().strip())
            in_text = (in_text or lines[-1] == "data") and lines[-1] != "."
            if in_text and lines[-1] != "data":
                continue
            time.sleep(0.25)
            talk.write(b"354 go on\r\n" if lines[-1] == "data" else b"250 yes\r\n")


def test_the_slowest_conversation_ends_before_the_longest_time(slow_server: list[str], now: datetime) -> None:
    [letter] = send(now, "a")
    began = time.monotonic()
    assert actions.carry(letter.id, now=now)
    lasted = time.monotonic() - began
    assert slow_server[-1] == "quit"
    assert lasted > 0.25 * 6, "greeting, EHLO, MAIL, RCPT, DATA, text, QUIT"
    assert lasted < Smtp().longest().total_seconds()

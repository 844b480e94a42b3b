"""What the worker does again and again: hands on, carries, seals; goes on when the database was away."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.clock import now, office_date
from tongban.base.ids import new_id
from tongban.cases.events import CaseLapsed
from tongban.ledger import actions as ledger
from tongban.ledger import kinds
from tongban.ledger.log_of_ours import StrangeKey
from tongban.ledger.models import Event, Leaf, Owed
from tongban.notifications import actions as notifications
from tongban.notifications import rules
from tongban.notifications.contrib.smtp import Smtp
from tongban.notifications.models import Carriage
from tongban.site import beats
from tongban.site.pulse import Pulse

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 15.0


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was given to the only handler that there is."""
    seen: list[object] = []
    monkeypatch.setattr(kinds.HANDLERS, "_entries", {})
    monkeypatch.setattr(kinds, "_HANDLERS_OF_KIND", {})

    @kinds.handler(CaseLapsed, name="tests.keep")
    def keep(event: CaseLapsed, /, *, recorded: object, now: object) -> None:
        seen.append(event.subject_id)

    return seen


@pytest.fixture
def handled(kept: list[object]) -> Iterator[list[object]]:
    """The beats at work, with one handler that keeps what it was given."""
    stop = threading.Event()
    threads = beats.start(stop, Pulse({}))
    yield kept
    stop.set()
    for thread in threads:
        thread.join(timeout=SOON)
    assert not any(thread.is_alive() for thread in threads)


def record() -> object:
    lapsed = CaseLapsed(subject_id=new_id(), revision=1, organisation_id=new_id(), answer_by=office_date(now()))
    with transaction.atomic():
        ledger.record(lapsed, actor=SYSTEM, now=now())
    return lapsed.subject_id


def soon(holds: Callable[[], bool]) -> bool:
    ends = time.monotonic() + SOON
    while not holds() and time.monotonic() < ends:
        time.sleep(0.02)
    return holds()


def test_news_and_letters_go_out_and_events_get_their_place(handled: list[object], settings: Any) -> None:
    settings.TONGBAN_DEMO, settings.EMAIL_HOST = True, ""
    subject = record()
    letter = notifications.send_to_address(
        channel="email", address="li@mail.example", subject="好", body="好", now=now()
    )
    assert soon(lambda: handled == [subject] and not Owed.objects.exists())
    assert soon(lambda: Carriage.objects.get(id=letter.id).state == Carriage.State.SENT)
    assert soon(lambda: not Event.objects.filter(position=None).exists())


def test_they_go_on_when_their_connections_were_cut(handled: list[object]) -> None:
    for _round in range(2):
        before = len(handled)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        record()
        assert soon(lambda wanted=before + 1: len(handled) == wanted)  # type: ignore[misc]


def test_every_beat_is_watched_for_longer_than_its_work_may_last() -> None:
    limits = beats.silences()
    assert set(limits) == {beat.name for beat in beats.BEATS}
    longest = (rules.ROUND + Smtp().longest()).total_seconds()
    assert [limits[name] > longest for name in limits if name.startswith("letters")] == [True, True]


def test_a_beat_with_nothing_to_do_asks_one_thing(kept: list[object], django_assert_num_queries: Any) -> None:
    often = [beat for beat in beats.BEATS if beat.seconds <= 1]
    assert len(often) == 7
    subject = record()
    for beat in often:
        while beat.work():
            pass
    assert kept == [subject]
    assert not Event.objects.filter(position=None).exists()
    assert not Owed.objects.exists()
    for beat in often:
        with django_assert_num_queries(1):
            assert beat.work() is False


def test_a_sealer_with_a_strange_key_says_so_whether_it_has_something_to_do_or_not(settings: Any) -> None:
    """Positions go on: handlers, feed and webhooks read by them."""
    sealer = beats.BEATS[0]
    record()
    while sealer.work():
        pass
    assert sealer.work() is False
    settings.TONGBAN_LEDGER_KEY = b"k" * 32
    with pytest.raises(StrangeKey):
        sealer.work()
    record()
    with pytest.raises(StrangeKey):
        sealer.work()
    assert not Event.objects.filter(position=None).exists()
    assert (Event.objects.count(), Leaf.objects.count()) == (2, 1)

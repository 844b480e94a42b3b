import hashlib
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.files import actions, kinds, queries
from tongban.files.models import StoredFile
from tongban.files.tests import samples

Receive = Callable[..., StoredFile]
DAY = timedelta(days=1)


def kept(place: Path) -> list[str]:
    return sorted(path.name for path in place.rglob("*") if path.is_file())


def erase_wholly(stored: StoredFile, now: datetime) -> bool:
    """Erase, and do the job that erasing defers."""
    actions.erase([stored.id], now=now)
    return actions.remove_bytes(stored.sha256)


def test_erasing_takes_the_name_and_the_bytes(receive: Receive, place: Path, now: datetime) -> None:
    stored = receive(samples.pdf(), "张三的身份证.pdf")
    assert actions.erase([stored.id, new_id()], now=now) == 1
    assert actions.erase([stored.id], now=now) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'files.remove_bytes' ORDER BY id DESC")
        assert stored.sha256 in str(cursor.fetchone()[0])
    assert actions.remove_bytes(stored.sha256)
    stored.refresh_from_db()
    assert (stored.name, stored.erased_at) == ("", now)
    assert kept(place) == []


def test_the_same_bytes_of_somebody_else_stay(receive: Receive, place: Path, now: datetime) -> None:
    mine, theirs = receive(samples.pdf()), receive(samples.pdf(), actor=Actor(kind="resident", account_id=new_id()))
    assert not erase_wholly(mine, now)
    assert queries.content_of(theirs) == samples.pdf()
    assert erase_wholly(theirs, now)
    assert kept(place) == []


def test_what_was_never_attached_goes_after_a_day(receive: Receive, now: datetime) -> None:
    old, young = receive(samples.pdf(1)), receive(samples.pdf(2), now=now + DAY)
    assert actions.sweep(now=now + DAY) == 0
    assert actions.sweep(now=now + DAY + timedelta(seconds=1)) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.erased_at is not None, young.erased_at) == (True, None)


def test_what_is_referred_to_stays(
    receive: Receive, sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that holds ids without being a foreign key counts once it is registered."""
    monkeypatch.setattr(kinds.REFERENCES, "_entries", {})
    stored = receive(samples.pdf())
    assert not queries.is_referred_to(stored.id)
    kinds.register_reference("files.StoredFile", "owner_account_id")
    StoredFile.objects.filter(id=stored.id).update(owner_account_id=stored.id)
    assert queries.is_referred_to(stored.id)
    assert actions.sweep(now=now + 2 * DAY) == 0


def test_every_foreign_key_to_files_is_known() -> None:
    columns = {f"{model._meta.label}.{column}" for model, column in kinds.referring_columns()}
    assert {"applications.DraftMaterial.file_id", "papers.Paper.file_id"} <= columns


def test_bytes_that_were_never_recorded_go(receive: Receive, place: Path, now: datetime) -> None:
    recorded, lost = receive(samples.pdf(1)), samples.pdf(2)
    with transaction.atomic():
        unrecorded = receive(lost)
        transaction.set_rollback(True)
    assert len(kept(place)) == 2
    long_ago = (now - 2 * DAY).timestamp()
    for path in place.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    assert actions.sweep_bytes(now=now) == 1
    assert kept(place) == [recorded.sha256]
    assert not place.joinpath(unrecorded.path).exists()


@pytest.mark.django_db(transaction=True)
def test_bytes_received_while_they_are_removed_are_not_lost(place: Path, now: datetime, sender: Actor) -> None:
    """Somebody sends the same bytes in the moment of the removal: whoever comes first, they are there at the end.

    A command seals them anew all the while.
    """
    content = samples.pdf()
    start, ended = threading.Barrier(3), threading.Event()
    sealed: list[bool] = []

    def keep_sending() -> None:
        start.wait()
        for _try in range(30):
            actions.store_made(name="a.pdf", content=content, media_type="application/pdf", now=now)
        connection.close()

    def keep_sealing() -> None:
        start.wait()
        while not ended.is_set():
            sealed.append(actions.seal_anew(hashlib.sha256(content).hexdigest()))
        connection.close()

    threads = [threading.Thread(target=keep_sending), threading.Thread(target=keep_sealing)]
    for thread in threads:
        thread.start()
    start.wait()
    for _try in range(30):
        erase_wholly(actions.store_made(name="b.pdf", content=content, media_type="application/pdf", now=now), now)
        for standing in StoredFile.objects.filter(erased_at=None):
            assert queries.content_of(standing) == content
    threads[0].join()
    ended.set()
    threads[1].join()
    assert sum(sealed) > 1, "nothing was sealed anew meanwhile"
    assert StoredFile.objects.filter(erased_at=None).count() == 30
    assert kept(place) == [StoredFile.objects.all()[0].sha256]

"""The promises of the room on object storage: a real S3 server in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.files.storage import storages
from django.db import transaction

from tongban.files import actions, errors, queries
from tongban.files.models import StoredFile
from tongban.files.tests import samples
from tongban.site.files_place import FilesPlace

Receive = Callable[..., StoredFile]
PATIENCE_SECONDS = 60


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start moto's S3 server; yields its process and its host."""
    port = _free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/moto-api/", timeout=5)
            break
        time.sleep(0.1)
    yield process, f"127.0.0.1:{port}"
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@pytest.fixture(autouse=True)
def place(settings: Any, server: tuple[subprocess.Popen[bytes], str], tmp_path: Path) -> Any:
    """An empty bucket of each test's own; returns the client."""
    address = f"s3+http://key:s%2Fecret@{server[1]}/tongban-files/city?region=cn-north-1"
    files = FilesPlace.parse(address, without=tmp_path)
    settings.STORAGES = {**settings.STORAGES, "files": files.as_storage()}
    requests.post(f"http://{server[1]}/moto-api/reset", timeout=5)
    client = queries.storage()._client  # type: ignore[attr-defined]
    client.create_bucket(Bucket="tongban-files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    return client


def kept(client: Any) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket="tongban-files").get("Contents", [])]


@contextlib.contextmanager
def silent(server: tuple[subprocess.Popen[bytes], str]) -> Iterator[None]:
    """Let the server stand still: connections are taken and nothing is answered."""
    os.kill(server[0].pid, signal.SIGSTOP)
    yield
    os.kill(server[0].pid, signal.SIGCONT)


def test_a_file_is_kept_by_its_content_once(receive: Receive, place: Any) -> None:
    first, second = receive(samples.pdf(2), "a.pdf"), receive(samples.pdf(2), "b.pdf")
    assert first.path == second.path == actions.path_of(first.sha256)
    assert kept(place) == [f"city/{first.path}"]
    assert queries.content_of(first) == samples.pdf(2)
    lying = place.get_object(Bucket="tongban-files", Key=f"city/{first.path}")["Body"].read()
    assert samples.pdf(2)[:100] not in lying, "sealed where it lies"
    assert queries.key_of(first) == 1, "asked for by its first bytes alone"
    assert actions.seal_anew(first.sha256)
    assert queries.content_of(second) == samples.pdf(2)


def test_a_file_of_the_largest_size_goes_there_and_back(receive: Receive) -> None:
    content = samples.jpeg() + bytes(19 * 1024 * 1024)
    assert queries.content_of(receive(content)) == content


def test_erasing_takes_the_bytes(receive: Receive, place: Any, now: datetime) -> None:
    stored = receive(samples.pdf())
    actions.erase([stored.id], now=now)
    assert actions.remove_bytes(stored.sha256)
    assert actions.remove_bytes(stored.sha256), "a second run of the job is no error"
    assert kept(place) == []


def test_bytes_that_were_never_recorded_go(receive: Receive, place: Any) -> None:
    recorded = receive(samples.pdf(1))
    with transaction.atomic():
        receive(samples.pdf(2))
        transaction.set_rollback(True)
    assert len(kept(place)) == 2
    assert actions.sweep_bytes(now=datetime.now(UTC)) == 0, "what has just arrived may be about to be recorded"
    assert actions.sweep_bytes(now=datetime.now(UTC) + timedelta(days=2)) == 1
    assert kept(place) == [f"city/{recorded.path}"]


def test_what_cannot_be_kept_is_said_and_not_recorded(receive: Receive, place: Any) -> None:
    place.delete_bucket(Bucket="tongban-files")
    with pytest.raises(errors.StorageFull):
        receive(samples.pdf())
    assert not StoredFile.objects.exists()


def test_a_place_that_does_not_answer_is_said(
    receive: Receive, server: tuple[subprocess.Popen[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = receive(samples.pdf(1))
    monkeypatch.setattr("tongban.files.contrib.s3.storage.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("tongban.files.contrib.s3.storage.TRIES", 1)
    with override_storage(), silent(server):
        with pytest.raises(errors.StorageSilent):
            queries.content_of(stored)
        with pytest.raises(errors.StorageFull):
            receive(samples.pdf(2))
    assert StoredFile.objects.count() == 1


@contextlib.contextmanager
def override_storage() -> Iterator[None]:
    """Make the storage anew, with the present limits of waiting."""
    made: dict[str, object] = storages._storages  # type: ignore[attr-defined]  # where Django keeps what it has made
    before = made.pop("files")
    yield
    made["files"] = before


def test_an_object_that_is_gone_is_no_silence(receive: Receive, place: Any) -> None:
    stored = receive(samples.pdf())
    place.delete_object(Bucket="tongban-files", Key=f"city/{stored.path}")
    place.put_object(Bucket="tongban-files", Key=f"city/{stored.path}", Body=b"")
    assert queries.key_of(stored) == 0
    place.delete_object(Bucket="tongban-files", Key=f"city/{stored.path}")
    for ask in (queries.content_of, queries.key_of):
        with pytest.raises(FileNotFoundError):
            ask(stored)

"""A worker that is asked to stop finishes what it does or gives it back; one that lives says so."""

import contextlib
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.operate.place import Place, present
from tests.operate.web import free_port
from tongban.files import tasks
from tongban.site.pulse import Pulse, answer_probes

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60
DIGEST = "ab" * 32


def _until(what: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)


@contextlib.contextmanager
def _working(place: Place, *more: str) -> Iterator["subprocess.Popen[str]"]:
    with (place.folder / "log-worker").open("wb") as log:
        process = place.start("worker", *more, log=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _state(reader: psycopg.Connection, job: int) -> str:
    row = reader.execute("SELECT status::text FROM city.procrastinate_jobs WHERE id = %s", [job]).fetchone()
    return str(row[0]) if row else "gone"


def _probe(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def test_a_job_that_is_being_done_is_finished_after_the_signal(tmp_path: Path) -> None:
    place, port = present(tmp_path), free_port()
    with (
        _working(place, "--health", f"127.0.0.1:{port}") as worker,
        psycopg.connect(place.owner.address) as holder,
        psycopg.connect(place.owner.address, autocommit=True) as reader,
    ):
        _until(lambda: _probe(port) == 200, worker)
        holder.execute("LOCK TABLE city.files_storedfile IN ACCESS EXCLUSIVE MODE")
        job: int = tasks.remove_bytes.defer(sha256=DIGEST)
        _until(lambda: _state(reader, job) == "doing", worker)
        worker.send_signal(signal.SIGTERM)
        time.sleep(1)  # it must have heard it before another job comes
        later: int = tasks.remove_bytes.defer(sha256=DIGEST)
        time.sleep(1.5)
        assert worker.poll() is None
        holder.rollback()
        assert worker.wait(30) == 0
        assert _state(reader, job) == "succeeded"
        assert _state(reader, later) == "todo", "a job that came after the signal waits for the next worker"


def test_a_worker_that_stands_still_is_noticed() -> None:
    pulse, port = Pulse({"the queue": 0.3}), free_port()
    server = answer_probes(pulse, address="127.0.0.1", port=port)
    try:
        assert _probe(port) == 200
        time.sleep(0.5)
        assert _probe(port) == 503
        pulse.beat("the queue")
        assert _probe(port) == 200
    finally:
        server.shutdown()
        server.server_close()

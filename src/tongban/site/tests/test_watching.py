"""The addresses for whoever watches tell the truth."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tongban.base.clock import now
from tongban.site import watching

TOKEN = "token-of-sixteen-or-more"


def _measured(client: Client) -> dict[tuple[str, str], float]:
    """Return (name, labels) → value."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, ",".join(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_ready_when_the_database_answers_and_has_the_tables(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (200, "ready")
    assert client.get("/healthz").content == b"ok\n"


def test_not_ready_when_the_database_is_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connection, "cursor", away)
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")
    assert client.get("/healthz").status_code == 200


def test_not_ready_before_the_migrations_and_ready_when_ahead(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', now())")
        assert client.get("/readyz").status_code == 200
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name = '0001_initial'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database lacks migrations of this release\n")


def test_a_silent_worker_and_a_full_disk_are_said(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 50  # of 100: the disk of whoever runs the tests may itself be nearly full
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=100, free=free))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert client.get("/readyz").content == b"ready\n"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    free = 1
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "warning: no worker has shown itself for 36" in answer.content.decode()
    assert "warning: the disk for files is nearly full" in answer.content.decode()


@pytest.mark.parametrize(
    ("configured", "shown"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, f"Bearer {TOKEN}x"), (TOKEN, "Bearer")]
)
def test_metrics_are_not_there_for_strangers(
    client: Client, db: None, settings: Any, configured: str, shown: str
) -> None:
    settings.TONGBAN_METRICS_TOKEN = configured
    answer = client.get("/metrics", headers={"Authorization": shown} if shown else {})
    assert answer.status_code == 404
    assert b"tongban_" not in answer.content


def test_requests_are_counted_by_route_and_not_by_address(client: Client, db: None, settings: Any) -> None:
    settings.TONGBAN_METRICS_TOKEN = TOKEN
    before = _measured(client)
    client.get("/items/secret-words-of-a-person/")
    client.get("/privacy")
    client.generic("FOO", "/privacy")
    after = _measured(client)
    grown = {key for key, value in after.items() if value > before.get(key, 0) and key[0] == "tongban_requests_total"}
    assert ("tongban_requests_total", "2xx,GET,portal:privacy") in grown
    assert any("other" in labels for _name, labels in grown)
    assert not any("secret-words" in labels for _name, labels in after)
    assert after["tongban_request_seconds_count", "portal:privacy"] > before.get(
        ("tongban_request_seconds_count", "portal:privacy"), 0
    )


def test_what_the_house_knows_of_itself_is_told(client: Client, db: None, settings: Any) -> None:
    settings.TONGBAN_METRICS_TOKEN = TOKEN
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('letters', 'x', 'todo', now() - interval '90 seconds'), ('letters', 'x', 'failed', NULL),"
            " ('letters', 'x', 'todo', now() + interval '1 hour')"
        )
    told = _measured(client)
    assert told["tongban_jobs", "letters,todo"] == 1
    assert told["tongban_jobs", "failed,letters"] == 1
    assert 89 < told["tongban_jobs_waiting_seconds", "letters"] < 120
    assert told["tongban_worker_silent_seconds", ""] == float("inf")
    wanted = {"cases", "events_unsealed", "events_owed", "sealer_lag_seconds", "files_disk_free_bytes", "workers"}
    assert {f"tongban_{name}" for name in wanted} <= {name for name, _labels in told}
    assert told["tongban_cases", "submitted"] == 0


def test_a_visit_asks_as_much_whatever_waits(db: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        list(watching.measures(now()))


def test_the_processes_of_a_server_count_together(tmp_path: Path) -> None:
    """Two processes count into one folder; a third tells the sum."""
    count = "from tongban.base.measures import count_request as c; c(route='r', method='GET', status=200, seconds=0.1)"
    tell = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess; r = CollectorRegistry();"
        "multiprocess.MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=environment, check=True)
    told = subprocess.run([sys.executable, "-c", tell], env=environment, check=True, capture_output=True, text=True)
    assert 'tongban_requests_total{method="GET",route="r",status="2xx"} 2.0' in told.stdout


def test_no_disk_is_told_where_object_storage_keeps_the_files(db: None, settings: Any) -> None:
    options = {"endpoint": "http://127.0.0.1:9", "bucket": "b", "access_key": "k", "secret_key": "s"}
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "tongban.files.contrib.s3.ObjectStorage", "OPTIONS": options},
    }
    assert storages["files"]
    assert not [measure for measure in watching.measures(now()) if measure.name.startswith("files_disk")]

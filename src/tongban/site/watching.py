"""What the installation tells whoever watches it: readiness, queue, workers; and all of it as Prometheus reads it."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from psycopg.errors import UndefinedTable

from tongban.base.measures import LOOK_UPS, Measure

SILENT_SECONDS = 30
"""A worker shows itself every few seconds; after this long somebody should look."""
LEAST_FREE = 0.05
"""Part of the disk below which uploads will soon be refused."""
_QUEUE = """
    SELECT queue_name, status::text, count(*),
           COALESCE(extract(epoch FROM now() - min(scheduled_for)), 0)
    FROM (
        SELECT job.queue_name, job.status, COALESCE(job.scheduled_at, first.at, now()) AS scheduled_for
        FROM procrastinate_jobs AS job
        LEFT JOIN LATERAL (
            SELECT min(event.at) AS at FROM procrastinate_events AS event
            WHERE event.job_id = job.id AND job.status = 'todo' AND job.scheduled_at IS NULL
        ) AS first ON true
        WHERE job.status IN ('todo', 'doing', 'failed')
          AND (job.status <> 'todo' OR job.scheduled_at IS NULL OR job.scheduled_at <= now())
        LIMIT 10000
    ) AS job
    GROUP BY 1, 2 ORDER BY 1, 2
"""


@cache
def _own_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def missing_migrations() -> bool:
    """Whether the database lacks a migration that this code has. One that is ahead is fine: an upgrade is going on."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT app, name FROM django_migrations")
        except Exception as fault:
            if isinstance(fault.__cause__, UndefinedTable):
                return True
            raise
        return not _own_migrations() <= set(cursor.fetchall())


def measures(now: datetime) -> Iterator[Measure]:
    """Return what every room and the queue say of this moment."""
    yield from _queue()
    yield from _workers(now)
    for look_up in LOOK_UPS.values():
        yield from look_up(now)


def warnings(now: datetime) -> Iterator[str]:
    """Return what is wrong though requests can be served."""
    known = {measure.name: measure.value for measure in (*_workers(now), *LOOK_UPS["files"](now))}
    if known["worker_silent_seconds"] > SILENT_SECONDS:
        yield f"no worker has shown itself for {known['worker_silent_seconds']:.0f} s"
    if known.get("files_disk_free_bytes", 1) < known.get("files_disk_bytes", 0) * LEAST_FREE:
        yield "the disk for files is nearly full"


def _queue() -> Iterator[Measure]:
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE)
        rows = cursor.fetchall()
    for queue, state, number, age in rows:
        labels = {"queue": queue, "state": state}
        yield Measure("jobs", "Jobs due (todo), being done, or given up (failed); to 10,000.", number, labels)
        if state == "todo":
            says = "How long the oldest job that is due has waited."
            yield Measure("jobs_waiting_seconds", says, float(age), {"queue": queue})


def _workers(now: datetime) -> Iterator[Measure]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(last_heartbeat) FROM procrastinate_workers")
        number, last = cursor.fetchone()
    silent = (now - last).total_seconds() if last else float("inf")
    yield Measure("workers", "Workers known, dead ones included until they are cleared away.", number)
    yield Measure("worker_silent_seconds", "Since a worker last showed itself.", max(silent, 0.0))


def as_text(now: datetime) -> bytes:
    """Return all measures as Prometheus reads them."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    return generate_latest(registry) + generate_latest(_Moment(measures(now)))


class _Moment(CollectorRegistry):
    """What was looked up just now."""

    def __init__(self, found: Iterable[Measure]) -> None:
        """Gather the measures by name."""
        super().__init__()
        families: dict[str, GaugeMetricFamily] = {}
        for measure in found:
            names = sorted(measure.labels)
            family = families.setdefault(
                measure.name, GaugeMetricFamily(f"tongban_{measure.name}", measure.says, labels=names)
            )
            family.add_metric([measure.labels[name] for name in names], measure.value)
        self._found = list(families.values())

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._found

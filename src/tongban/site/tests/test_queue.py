"""Jobs of killed workers are taken up again."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import connection
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django import app

from tongban.site import again, tasks
from tongban.site.commands import worker

AT_NOUGHT: dict[str, Any] = {"timestamp": 0}
"""What procrastinate gives a periodic task: the second it was due."""


def _states() -> dict[int, tuple[str, int]]:
    """Return job → state and number of attempts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status, attempts FROM procrastinate_jobs")
        return {number: (state, attempts) for number, state, attempts in cursor.fetchall()}


def _strand() -> int:
    """Leave a job as a worker does that is killed while it works on it; returns its number."""
    stranded: int = tasks.prune_finished.configure(queue="elsewhere", queueing_lock="once").defer(**AT_NOUGHT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [stranded])
    return stranded


def _connector() -> PsycopgConnector:
    known = settings.DATABASES["default"]
    parameters = {"dbname": known["NAME"], "user": settings.TONGBAN_ROLES.app}
    parameters |= {"host": known["HOST"], "port": known["PORT"]}
    return PsycopgConnector(kwargs=parameters, min_size=1, max_size=3)


def _run_worker(*queues: str) -> None:
    """Work off the queues once, all without names, on a connection of its own as `tongban worker` does.

    By name where a task is watched that is also done once an hour.
    """

    only: dict[str, Any] = {"queues": list(queues)} if queues else {}

    async def work() -> None:
        connector = _connector()
        async with app.with_connector(connector).open_async() as working:
            assert isinstance(working, App)
            await working.run_worker_async(
                **only,
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                worker_middleware=[again.again_when_the_database_is_back],
            )

    async_to_sync(work)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False], ids=["its worker stands in the list", "no longer"])
def test_a_job_of_a_dead_worker_is_put_back_into_the_queue(*, is_known: bool) -> None:
    stranded = _strand()
    if is_known:
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - interval '1 minute') RETURNING id) "
                "UPDATE procrastinate_jobs SET worker_id = worker.id FROM worker WHERE procrastinate_jobs.id = %s",
                [stranded],
            )
    tasks.retry_stalled.defer(**AT_NOUGHT)
    _run_worker()
    assert _states()[stranded] == ("succeeded", 2)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_twin_waits_is_given_up() -> None:
    stranded = _strand()
    later = tasks.prune_finished.configure(queue="elsewhere", queueing_lock="once", schedule_in={"hours": 1})
    waiting: int = later.defer(**AT_NOUGHT)
    tasks.retry_stalled.defer(**AT_NOUGHT)
    _run_worker()
    states = _states()
    assert (states[stranded][0], states[waiting][0]) == ("aborted", "todo")


def _let_its_worker_seem_dead(job_id: int | None) -> None:
    """Leave its worker as it is when the database was away: it lives, and could not say so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' "
            "WHERE id = (SELECT worker_id FROM procrastinate_jobs WHERE id = %s)",
            [job_id],
        )


@pytest.mark.django_db(transaction=True)
def test_who_could_not_show_that_it_lives_takes_nobody_for_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    stranded = _strand()
    with monkeypatch.context() as patch:
        looking = tasks.retry_stalled.func

        async def look(context: JobContext, timestamp: int) -> None:
            await sync_to_async(_let_its_worker_seem_dead)(context.job.id)
            await looking(context, timestamp)

        patch.setattr(tasks.retry_stalled, "func", look)
        job: int = tasks.retry_stalled.configure(queue="elsewhere").defer(**AT_NOUGHT)
        _run_worker("elsewhere")
    assert (_states()[stranded], _states()[job]) == (("doing", 0), ("succeeded", 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_events WHERE type = 'deferred_for_retry'")
        assert cursor.fetchall() == [(0,)]
    # With a lock of its own: meanwhile the worker may have put off the round that is due every 15 seconds.
    tasks.retry_stalled.configure(queue="elsewhere", queueing_lock="next").defer(**AT_NOUGHT)
    _run_worker("elsewhere")
    assert _states()[stranded] == ("succeeded", 2), "the next round knows who lives"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", ["get_stalled_jobs", "retry_job"])
def test_a_job_that_ends_while_it_is_taken_for_a_dead_ones_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """After the second of them only where its twin waits: it cannot be put back, and is to be given up."""
    stranded = _strand()
    if after == "retry_job":
        later = tasks.prune_finished.configure(queue="elsewhere", queueing_lock="once", schedule_in={"hours": 1})
        later.defer(**AT_NOUGHT)

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [stranded])

    looking = tasks.retry_stalled.func

    async def look(context: JobContext, timestamp: int) -> None:
        manager = context.app.job_manager
        doing = getattr(manager, after)

        async def do(*given: Any, **named: Any) -> Any:
            try:
                return await doing(*given, **named)
            finally:
                await sync_to_async(end)()

        with monkeypatch.context() as patch:
            patch.setattr(manager, after, do)
            await looking(context, timestamp)

    monkeypatch.setattr(tasks.retry_stalled, "func", look)
    job: int = tasks.retry_stalled.configure(queue="elsewhere").defer(**AT_NOUGHT)
    _run_worker("elsewhere")
    assert (_states()[stranded], _states()[job]) == (("succeeded", 0), ("succeeded", 1))


def _cut_once(times: list[int]) -> None:
    times.append(len(times))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())" if len(times) == 1 else "SELECT 1")


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_database_went_away_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    monkeypatch.setattr(again, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(tasks.prune_finished, "func", lambda _context, **_given: _cut_once(times))
    job: int = tasks.prune_finished.configure(queue="elsewhere").defer(**AT_NOUGHT)
    _run_worker("elsewhere")
    assert times == [0, 1]
    assert _states()[job] == ("succeeded", 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_otherwise_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def fail(_context: object, **_given: object) -> None:
        times.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(tasks.prune_finished, "func", fail)
    job: int = tasks.prune_finished.configure(queue="elsewhere").defer(**AT_NOUGHT)
    _run_worker("elsewhere")
    assert times == [1]
    assert _states()[job] == ("failed", 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_outlasts_its_worker_is_taken_up_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither waited for without end, nor written down as given up while it still goes on."""
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(worker, "FAREWELL_SECONDS", 0.1)
    began, may_end = threading.Event(), threading.Event()

    def last(_context: object, **_given: object) -> None:
        began.set()
        assert may_end.wait(30)

    async def end_while_it_lasts() -> None:
        connector = _connector()
        async with app.with_connector(connector).open_async() as working:
            queue = asyncio.create_task(
                working.run_worker_async(
                    queues=["elsewhere"],
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=worker.GRACE_SECONDS,
                    worker_middleware=[again.again_when_the_database_is_back],
                )
            )
            try:
                assert await asyncio.to_thread(began.wait, 30)
                await asyncio.wait_for(worker._let_end(queue, connector), timeout=20)
            finally:
                may_end.set()

    with monkeypatch.context() as patch:
        patch.setattr(tasks.prune_finished, "func", last)
        job: int = tasks.prune_finished.configure(queue="elsewhere").defer(**AT_NOUGHT)
        async_to_sync(end_while_it_lasts)()
    assert _states()[job] == ("doing", 0)
    _let_its_worker_seem_dead(job)
    tasks.retry_stalled.configure(queue="elsewhere", queueing_lock="next").defer(**AT_NOUGHT)
    _run_worker("elsewhere")
    assert _states()[job] == ("succeeded", 2)

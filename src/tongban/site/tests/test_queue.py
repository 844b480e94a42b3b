"""Jobs of killed workers are taken up again."""

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app

from tongban.site import tasks


def _rows(question: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def _run_worker() -> None:
    """Work off the queue once, on a connection of its own as `tongban worker` does."""

    async def work() -> None:
        known = settings.DATABASES["default"]
        parameters = {"dbname": known["NAME"], "user": settings.TONGBAN_ROLES.app}
        parameters |= {"host": known["HOST"], "port": known["PORT"]}
        connector = PsycopgConnector(kwargs=parameters, min_size=1, max_size=3)
        async with app.with_connector(connector).open_async() as working:
            assert isinstance(working, App)
            await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    async_to_sync(work)()


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_is_put_back_into_the_queue() -> None:
    stranded = tasks.prune_finished.configure(queue="elsewhere").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [stranded])
    tasks.retry_stalled.defer(timestamp=0)
    _run_worker()
    assert _rows("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", stranded) == [("succeeded", 2)]


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_twin_waits_is_given_up() -> None:
    twin = {"queue": "elsewhere", "queueing_lock": "once"}
    stranded = tasks.prune_finished.configure(**twin).defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [stranded])
    waiting = tasks.prune_finished.configure(**twin, schedule_in={"hours": 1}).defer(timestamp=0)
    tasks.retry_stalled.defer(timestamp=0)
    _run_worker()
    states = dict(_rows("SELECT id, status FROM procrastinate_jobs WHERE id IN (%s, %s)", stranded, waiting))
    assert states == {stranded: "failed", waiting: "todo"}

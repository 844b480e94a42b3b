"""What the books say: whether what was answered is there, and whether anything is still owed."""

from django.db import connection

from tongban.applications.models import Application
from tongban.cases.models import Task
from tongban.ledger.queries import state as ledger_state

_WAITING = """
    SELECT (SELECT count(*) FROM procrastinate_jobs
            WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
         + (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing')
"""
"""Asked so that the partial indexes of both states serve it: it is asked again and again while rows are counted."""


def submitted(keys: list[str]) -> dict[str, str]:
    """Return the number of the case for each submission key that has one."""
    rows = Application.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", "case__number")
    return {str(key): number for key, number in rows}


def reviewed(task_ids: list[str], opinion: str) -> list[str]:
    """Return which of the tasks are done, with this opinion in the file."""
    done = Task.objects.filter(id__in=task_ids, state=Task.State.DONE, opinion=opinion)
    return [str(task_id) for task_id in done.values_list("id", flat=True)]


def owed() -> dict[str, int]:
    """Return how much is put off and due: jobs, events without position or leaf, events owed to handlers."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        (waiting,) = cursor.fetchone()
    ledger = ledger_state()
    return {"jobs": waiting, "unsealed": ledger.unsealed + ledger.outside_tree, "owed": ledger.owed}


def failed_jobs() -> int:
    """Return how many jobs have been given up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone()
    return int(failed)

"""What cases do by the clock: archive, erase, reckon anew. What the law turns by itself: `actions.timing`."""

import time

from django.db import transaction
from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.cases import actions, handlers


@app.task(name="cases.lapse_overdue", queueing_lock="cases.lapse_overdue")
def lapse_overdue(timestamp: int) -> None:
    """Do what releases before this one put off each hour; the timer does it each minute."""
    actions.lapse_overdue(now=now())


@app.periodic(cron="37 2 * * *")
@app.task(name="cases.archive_ended", queueing_lock="cases.archive_ended")
def archive_ended(timestamp: int) -> None:
    """Every night: archive what ended long enough ago."""
    while actions.archive_ended(now=now()):
        pass


@app.periodic(cron="7 4 * * *")
@app.task(name="cases.erase_due", queueing_lock="cases.erase_due")
def erase_due(timestamp: int) -> None:
    """Every night: erase what has been kept long enough."""
    while actions.erase_due(now=now()):
        pass


SECONDS_OF_A_JOB = 5.0
"""A recount of a large city takes a minute; a worker that is to stop waits for no more than this."""


@app.task(name=actions.RECOUNT)
def recount() -> None:
    """Reckon anew what a change of the calendar can move, then tell people: a few seconds, and the next job goes on."""
    end = time.monotonic() + SECONDS_OF_A_JOB
    while time.monotonic() < end:
        if actions.recount_some(now=now()) != "more" and not handlers.tell_some_moved(now=now()):
            return  # what waits for others, or for the second look, the periodic task comes back to
    with transaction.atomic():
        actions.defer_recount()


@app.periodic(cron="* * * * *")
@app.task(name="cases.recount_what_is_left", queueing_lock="cases.recount_what_is_left")
def recount_what_is_left(timestamp: int) -> None:
    """Every minute: come back to what was being worked on, and to what a worker left that was killed."""
    recount()

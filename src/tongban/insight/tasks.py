"""By the clock: read the ledger on, count anew after a change of the calendar, reckon what is usual."""

import time

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.insight import actions

SECONDS_OF_A_JOB = 20.0
"""A worker that is to stop waits for no more than this; the rest follows a minute later."""


@app.periodic(cron="* * * * *")
@app.task(name="insight.read_on", queueing_lock="insight.read_on")
def read_on(timestamp: int) -> None:
    """Every minute: take in what has happened."""
    end = time.monotonic() + SECONDS_OF_A_JOB
    while time.monotonic() < end and actions.read_on(now=now()):
        pass
    while time.monotonic() < end and actions.renew_some(now=now()):
        pass


@app.periodic(cron="41 1 * * *")
@app.task(name="insight.reckon_usual", queueing_lock="insight.reckon_usual")
def reckon_usual(timestamp: int) -> None:
    """Every night: how long comparable cases take."""
    actions.reckon_usual(now=now())

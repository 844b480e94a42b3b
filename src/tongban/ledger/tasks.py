"""What the ledger does by the clock and for each event. The sealer's loop runs in the worker process itself."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.ledger import actions

TRIES = RetryStrategy(max_attempts=9, exponential_wait=2)
"""Waits of 2, 4, 8 … 512 seconds: 17 minutes; then the sweep takes it up again."""


@app.task(name=actions.HANDLE, retry=TRIES, queue="ledger")
def handle(*, event_id: int) -> None:
    """Hand an event to its handlers."""
    actions.handle_event(event_id, now=now())


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sweep", queueing_lock="ledger.sweep", queue="ledger")
def sweep(timestamp: int) -> None:
    """Owe again what fell through."""
    actions.sweep(now=now())

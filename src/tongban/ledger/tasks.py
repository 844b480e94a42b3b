"""What the ledger does by the clock. The loops that seal and hand on run in the worker process itself."""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongban.base.clock import now, office_date
from tongban.ledger import actions


@app.task(name=actions.HANDLE, retry=RetryStrategy(max_attempts=9, exponential_wait=2), queue="ledger")
def handle(*, event_id: int) -> None:
    """Hand an event to its handlers: a job that the release before this one left over."""
    actions.handle_event(event_id, now=now())


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sweep", queueing_lock="ledger.sweep", queue="ledger")
def sweep(timestamp: int) -> None:
    """Owe again what fell through."""
    actions.sweep(now=now())


@app.periodic(cron="23 * * * *")
@app.task(name="ledger.state_chains", queueing_lock="ledger.state_chains", queue="ledger")
def state_chains(timestamp: int) -> None:
    """State the chains once for each day, soon after it has ended."""
    instant = now()
    actions.state_chains(office_date(instant) - timedelta(days=1), now=instant)

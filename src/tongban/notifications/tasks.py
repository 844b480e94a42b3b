"""What the post office does by the clock. The loop that carries letters runs in the worker process itself."""

from uuid import UUID

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.notifications import actions


@app.task(name="notifications.carry", queue="letters")
def carry(*, carriage_id: str) -> None:
    """Try a letter: a job that the release before this one left over."""
    actions.carry(UUID(carriage_id), now=now())


@app.task(name="notifications.carry_due", queueing_lock="notifications.carry_due", queue="letters")
def carry_due(timestamp: int) -> None:
    """Try what is due: a job that the release before this one left over."""
    actions.carry_due(now=now())


@app.periodic(cron="23 4 * * *")
@app.task(name="notifications.forget_carried", queueing_lock="notifications.forget_carried")
def forget_carried(timestamp: int) -> None:
    """Erase letters whose time is over."""
    actions.forget_carried(now=now())

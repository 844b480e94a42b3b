"""What the post office does for each letter and by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.notifications import actions


@app.task(name=actions.CARRY, queue="letters")
def carry(*, carriage_id: str) -> None:
    """Try a letter once; later tries come from `carry_due`."""
    actions.carry(UUID(carriage_id), now=now())


@app.periodic(cron="* * * * *")
@app.task(name="notifications.carry_due", queueing_lock="notifications.carry_due", queue="letters")
def carry_due(timestamp: int) -> None:
    """Try again what did not go."""
    actions.carry_due(now=now())


@app.periodic(cron="23 4 * * *")
@app.task(name="notifications.forget_carried", queueing_lock="notifications.forget_carried")
def forget_carried(timestamp: int) -> None:
    """Erase letters whose time is over."""
    actions.forget_carried(now=now())

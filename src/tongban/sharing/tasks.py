"""What sharing does by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.sharing import actions


@app.periodic(cron="41 * * * *")
@app.task(name="sharing.keep_own_views", queueing_lock="sharing.keep_own_views", queue="housekeeping")
def keep_own_views(timestamp: int) -> None:
    """Every hour: give the own-data view of what lacks it, and forget who read whose log years ago."""
    actions.give_own_views(now=now())
    actions.forget_old_readings(now=now())

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


@app.periodic(cron="10 7 * * *")
@app.task(name="sharing.keep_grants_in_order", queueing_lock="sharing.keep_grants_in_order", queue="housekeeping")
def keep_grants_in_order(timestamp: int) -> None:
    """Each morning: propose fields that nobody uses for withdrawal, and remind of grants that end soon."""
    actions.propose_unused(now=now())
    actions.remind_of_ends(now=now())

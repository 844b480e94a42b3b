"""What exchange does by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.exchange import actions
from tongban.exchange.actions import passing
from tongban.exchange.actions.fetching import fetch_directory


@app.periodic(cron="23 * * * *")
@app.task(name="exchange.note_uses", queueing_lock="exchange.note_uses", queue="housekeeping")
def note_uses(timestamp: int) -> None:
    """Every hour: close what a killed process left open, reckon which fields of grants are used, forget old counts."""
    while actions.close_unanswered(now=now()):
        pass
    actions.note_uses(now=now())
    actions.forget_old_minutes(now=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.fetch_directory", queueing_lock="exchange.fetch_directory", queue="housekeeping")
def keep_directory(timestamp: int) -> None:
    """Every ten minutes: fetch the directory of members, and forget numbers of signatures that have expired."""
    passing.forget_old_nonces(now=now())
    fetch_directory(now=now())

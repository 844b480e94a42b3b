"""What applications do by the clock."""

from procrastinate.contrib.django import app

from tongban.applications import actions
from tongban.base.clock import now


@app.periodic(cron="20 3 * * *")
@app.task(queue="housekeeping", queueing_lock="discard_expired_drafts")
def discard_expired_drafts(timestamp: int) -> None:
    """Every night: throw away drafts that nobody has touched for 90 days."""
    while actions.discard_expired(now=now()):
        pass

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


@app.periodic(cron="55 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_input_of_previous_release")
def forget_input_of_previous_release(timestamp: int) -> None:
    """Every hour: forget what the previous release kept without a session, when its time is over."""
    actions.forget_input_of_previous_release(now=now())

"""What accounts do by the clock."""

from procrastinate.contrib.django import app

from tongban.accounts import actions
from tongban.base.clock import now


@app.periodic(cron="40 3 * * *")
@app.task(name="accounts.forget", queueing_lock="accounts.forget", queue="housekeeping")
def forget(timestamp: int) -> None:
    """Every night: forget counts of tries, codes and sessions that are of no use any more."""
    actions.forget_old_tries(now=now())
    actions.forget_old_codes(now=now())
    actions.forget_old_sessions(now=now())


@app.periodic(cron="50 * * * *")
@app.task(name="accounts.forget_expired_input", queueing_lock="accounts.forget_expired_input", queue="housekeeping")
def forget_expired_input(timestamp: int) -> None:
    """Every hour: forget what was typed without a session and never came back."""
    actions.forget_expired_input(now=now())

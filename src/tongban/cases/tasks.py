"""What cases do by the clock: lapse, archive, erase."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.cases import actions


@app.periodic(cron="23 * * * *")
@app.task(name="cases.lapse_overdue", queueing_lock="cases.lapse_overdue")
def lapse_overdue(timestamp: int) -> None:
    """Every hour: close cases whose supplement never came."""
    actions.lapse_overdue(now=now())


@app.periodic(cron="37 2 * * *")
@app.task(name="cases.archive_ended", queueing_lock="cases.archive_ended")
def archive_ended(timestamp: int) -> None:
    """Every night: archive what ended long enough ago."""
    while actions.archive_ended(now=now()):
        pass


@app.periodic(cron="7 4 * * *")
@app.task(name="cases.erase_due", queueing_lock="cases.erase_due")
def erase_due(timestamp: int) -> None:
    """Every night: erase what has been kept long enough."""
    while actions.erase_due(now=now()):
        pass

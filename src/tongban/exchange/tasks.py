"""What exchange does by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.exchange import actions


@app.periodic(cron="23 * * * *")
@app.task(name="exchange.note_uses", queueing_lock="exchange.note_uses", queue="housekeeping")
def note_uses(timestamp: int) -> None:
    """Every hour: close what a killed process left open, reckon which fields of grants are used, forget old counts."""
    while actions.close_unanswered(now=now()):
        pass
    actions.note_uses(now=now())
    actions.forget_old_minutes(now=now())

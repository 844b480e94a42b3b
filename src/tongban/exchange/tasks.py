"""What exchange does by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.exchange import actions


@app.periodic(cron="23 * * * *")
@app.task(name="exchange.note_uses", queueing_lock="exchange.note_uses", queue="housekeeping")
def note_uses(timestamp: int) -> None:
    """Every hour: reckon which fields of grants are used, and forget old counts."""
    actions.note_uses(now=now())
    actions.forget_old_minutes(now=now())

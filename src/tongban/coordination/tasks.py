"""What supervision does by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.coordination import actions


@app.periodic(cron="*/10 * * * *")
@app.task(name="coordination.look", queueing_lock="coordination.look")
def look(timestamp: int) -> None:
    """Every ten minutes: find what has come due since the last look, and escalate what nobody answered."""
    actions.look(now=now())
    actions.escalate(now=now())


@app.periodic(cron="41 1 * * *")
@app.task(name="coordination.look_at_all", queueing_lock="coordination.look_at_all")
def look_at_all(timestamp: int) -> None:
    """Every night: look at the whole, so that nothing depends on a single event having come."""
    actions.look(now=now(), whole=True)

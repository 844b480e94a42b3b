"""What exchange does by the clock."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

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
    actions.forget_old_drops(now=now())


@app.periodic(cron="* * * * *")
@app.task(name="exchange.watch_sources", queueing_lock="exchange.watch_sources", queue="housekeeping")
def watch_sources(timestamp: int) -> None:
    """Every minute: have each outside source that is due looked at, in a job of its own: none waits for another."""
    for source_id in actions.take_due(now=now()):
        with suppress(AlreadyEnqueued):
            watch_source.configure(queueing_lock=f"exchange.watch:{source_id}").defer(source_id=str(source_id))


@app.task(name="exchange.watch_source", queue="sources")
def watch_source(*, source_id: str) -> None:
    """Look at an outside source: take in what was dropped, read the test subject, note how it fares."""
    actions.look_at(source_id=UUID(source_id), now=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.fetch_directory", queueing_lock="exchange.fetch_directory", queue="housekeeping")
def keep_directory(timestamp: int) -> None:
    """Every ten minutes: fetch the directory of members, and forget numbers of signatures that have expired."""
    passing.forget_old_nonces(now=now())
    fetch_directory(now=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.open_due", queueing_lock="exchange.open_due", queue="housekeeping")
def open_due(timestamp: int) -> None:
    """Every ten minutes: open look-ups whose secrecy is over."""
    while actions.open_due(now=now()):
        pass

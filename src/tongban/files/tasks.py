"""What files do by the clock."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.files import actions


@app.task(name=actions.REMOVE, retry=RetryStrategy(max_attempts=8, exponential_wait=6))
def remove_bytes(*, sha256: str) -> None:
    """Remove bytes after an erasure."""
    actions.remove_bytes(sha256)


@app.periodic(cron="17 * * * *")
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Erase what was sent and never attached."""
    actions.sweep(now=now())


@app.periodic(cron="41 3 * * *")
@app.task(name="files.sweep_bytes", queueing_lock="files.sweep_bytes")
def sweep_bytes(timestamp: int) -> None:
    """Remove bytes that were never recorded."""
    actions.sweep_bytes(now=now())

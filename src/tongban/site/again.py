"""A job whose database went away runs again when it is back: it has not failed, and nobody need look at it.

Otherwise its end depends on who is quicker: a queue that finds no database either leaves the job to be taken up again,
one that finds it back by then writes that the job has failed. Every task of ours may run twice.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker

from tongban.base.postgres.away import away

PATIENCE_SECONDS = 120.0
"""A server that has crashed is back within this time, or somebody has to look anyway."""
PAUSE_SECONDS = 2.0
logger = logging.getLogger("tongban.worker")


async def again_when_the_database_is_back(
    call_next: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker
) -> Any:  # noqa: ANN401 - whatever the task returns
    """Run a job, and run it again for as long as it is the database that is missing. A middleware of the worker."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await call_next()
        except Exception as fault:
            code = away(fault)
            if not code or context.should_abort() or time.monotonic() > until:
                raise
        logger.warning("job waits for the database job=%s task=%s code=%s", context.job.id, context.job.task_name, code)
        await asyncio.sleep(PAUSE_SECONDS)

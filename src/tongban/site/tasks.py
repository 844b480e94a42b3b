"""Housekeeping of the queue itself: jobs of killed workers are taken up again, finished ones are pruned."""

import logging

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.utils import utcnow
from psycopg.errors import RaiseException

HEARTBEAT_SECONDS: int = settings.TONGBAN_WORKER_HEARTBEAT
STALLED_SECONDS = 4 * HEARTBEAT_SECONDS
KEPT_HOURS = 24
logger = logging.getLogger("tongban.worker")


@app.periodic(cron="* * * * * */15")
@app.task(pass_context=True, queueing_lock="site.retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs whose worker has died back into the queue; every task of ours may run twice."""
    jobs = list(await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    if context.job.id in {job.id for job in jobs}:
        return  # the database was away, and nobody could show that they live: by the next round those who do have
    for job in jobs:
        await _take_up_again(context, job)


async def _take_up_again(context: JobContext, job: Job) -> None:
    manager = context.app.job_manager
    try:
        try:
            await manager.retry_job(job, retry_at=utcnow())
        except UniqueViolation:
            # Its twin waits in the queue and will do the work: nothing has failed.
            await manager.finish_job(job, status=Status.ABORTED, delete_job=False)
    except ConnectorException as fault:
        if not isinstance(fault.__cause__, RaiseException):
            raise
        # Since we asked it has ended, or another worker has put it back.
        logger.info("job is no longer a dead worker's job=%s task=%s", job.id, job.task_name)
        return
    logger.warning("job of a dead worker taken up again job=%s task=%s", job.id, job.task_name)


@app.periodic(cron="17 * * * *")
@app.task(pass_context=True, queueing_lock="site.prune_finished")
async def prune_finished(context: JobContext, timestamp: int) -> None:
    """Forget jobs that were finished a day ago. Failed ones stay: somebody has to look at them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True)

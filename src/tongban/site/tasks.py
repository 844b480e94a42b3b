"""Housekeeping of the queue itself: jobs of killed workers are taken up again, finished ones are pruned."""

import logging

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.utils import utcnow

HEARTBEAT_SECONDS: int = settings.TONGBAN_WORKER_HEARTBEAT
STALLED_SECONDS = 4 * HEARTBEAT_SECONDS
KEPT_HOURS = 24
logger = logging.getLogger("tongban.worker")


@app.periodic(cron="* * * * * */15")
@app.task(pass_context=True, queueing_lock="site.retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs whose worker has died back into the queue; every task of ours may run twice."""
    jobs = await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in jobs:
        await _take_up_again(context, job)


async def _take_up_again(context: JobContext, job: Job) -> None:
    manager = context.app.job_manager
    try:
        await manager.retry_job(job, retry_at=utcnow())
    except UniqueViolation:
        # Its twin waits in the queue and will do the work: nothing has failed.
        await manager.finish_job(job, status=Status.ABORTED, delete_job=False)
    logger.warning("job of a dead worker taken up again job=%s task=%s", job.id, job.task_name)


@app.periodic(cron="17 * * * *")
@app.task(pass_context=True, queueing_lock="site.prune_finished")
async def prune_finished(context: JobContext, timestamp: int) -> None:
    """Forget jobs that were finished a day ago. Failed ones stay: somebody has to look at them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True)

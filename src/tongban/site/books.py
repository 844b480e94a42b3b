"""What must agree about the whole: the rules that the tables themselves keep stand, and no job is stuck."""

from datetime import timedelta

from django.apps import apps

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.site.tasks import STALLED_SECONDS

RULES = "site.rules_of_tables"
FORGOTTEN = timedelta(minutes=15)
"""A worker that keeps up takes a job within seconds; one that waits so long waits for nobody."""


@comparison(RULES, holds="Every constraint and index of this release is there, valid and in force")
def rules_of_tables(look: Look) -> Disagreements:
    """Compare what the models declare with what the database enforces: most comparisons rest on it."""
    declared = [
        (model._meta.db_table, rule.name)  # noqa: SLF001 - Django's public name for it
        for model in apps.get_models()
        for rule in (*model._meta.constraints, *model._meta.indexes)  # noqa: SLF001 - likewise
    ]
    return ask(
        look,
        """
        SELECT 'table ' || declared.relation || ' is without ' || declared.rule
        FROM unnest(%(tables)s::text[], %(rules)s::text[]) AS declared (relation, rule)
        WHERE NOT EXISTS (
            SELECT FROM pg_constraint WHERE conname = declared.rule AND conrelid = to_regclass(declared.relation)
        ) AND NOT EXISTS (
            SELECT FROM pg_index WHERE indexrelid = to_regclass(declared.rule)
                AND indrelid = to_regclass(declared.relation)
        )
        UNION ALL
        SELECT 'table ' || conrelid::regclass || ' has not been checked by ' || conname
        FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'index ' || indexrelid::regclass || ' is not valid'
        FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
        WHERE NOT indisvalid AND index.relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'trigger ' || tgname || ' of ' || tgrelid::regclass || ' is switched off'
        FROM pg_trigger JOIN pg_class AS relation ON relation.oid = tgrelid
        WHERE tgenabled <> 'O' AND relation.relnamespace = current_schema()::regnamespace
        """,
        {"tables": [table for table, _rule in declared], "rules": [rule for _table, rule in declared]},
    )


@comparison("site.jobs", holds="No job has failed, waits for too long, or is with a worker that has died")
def jobs(look: Look) -> Disagreements:
    """Look through the queue. A job put off on purpose waits from the time that it was put off to."""
    return ask(
        look,
        """
        SELECT 'job ' || job.id || ' ' || job.task_name || ' ' || CASE
            WHEN job.status = 'failed' THEN 'has failed after ' || job.attempts || ' tries'
            WHEN job.status = 'todo' THEN 'waits since ' || to_char(waiting.since, 'YYYY-MM-DD HH24:MI:SS')
            ELSE 'is with a worker that has died' END
        FROM procrastinate_jobs AS job
        LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        LEFT JOIN LATERAL (
            SELECT GREATEST(job.scheduled_at, max(event.at)) AS since
            FROM procrastinate_events AS event WHERE event.job_id = job.id
        ) AS waiting ON job.status = 'todo'
        WHERE job.status = 'failed'
            OR (job.status = 'todo' AND waiting.since < %(forgotten)s)
            OR (job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < %(dead)s))
        """,
        {
            "forgotten": look.settled_by - FORGOTTEN,
            "dead": look.settled_by - timedelta(seconds=STALLED_SECONDS),
        },
    )

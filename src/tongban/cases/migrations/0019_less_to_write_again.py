"""Indexes go that also held what nobody holds; and the date on a case is kept for the previous release alone."""

from typing import ClassVar

import django.db.models.deletion
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

HOLDER = "cases_task_holder_id_c61800ea"
"""The name that Django gave it."""


class Migration(migrations.Migration):
    """Beside the previous release, which finds by the indexes of before this one."""

    atomic = False
    dependencies: ClassVar = [("cases", "0018_tasks_in_hand")]
    operations: ClassVar = [
        RemoveIndexConcurrently("task", "task_held"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {HOLDER}",
                    f"CREATE INDEX CONCURRENTLY {HOLDER} ON cases_task (holder_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "task",
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="accounts.official",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            "case",
            "due_on",
            models.DateField(help_text="for the previous release; the date is that of the clocks", null=True),
        ),
    ]

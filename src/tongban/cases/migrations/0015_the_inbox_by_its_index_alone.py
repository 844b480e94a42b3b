"""The inbox is counted and paged from one index, which holds all that this needs; the one before had to look at rows.

What was written since the last vacuum has to be looked up in the table after all, and what is open is what was written
last. So these tables are vacuumed after each hundredth of them, which looks at the new pages alone.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OFTEN = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01"
AS_EVER = "autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor"


class Migration(migrations.Migration):
    """The indexes are made beside the running release, which needs the old one only for speed."""

    atomic = False
    dependencies: ClassVar = [("cases", "0014_what_happens_by_itself")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "task",
            models.Index(
                condition=models.Q(("state", "open")),
                fields=["post", "due_on", "id"],
                include=("holder", "case"),
                name="task_inbox",
            ),
        ),
        RemoveIndexConcurrently("task", "inbox"),
        migrations.RunSQL(
            f"ALTER TABLE cases_task SET ({OFTEN})",
            f"ALTER TABLE cases_task RESET ({AS_EVER})",
        ),
    ]

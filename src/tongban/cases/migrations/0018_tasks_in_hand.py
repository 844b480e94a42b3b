"""Indexes of the few that are looked for: tasks that somebody holds, stretches in which a clock stood."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the whole ones, which the next migration takes away."""

    atomic = False
    dependencies: ClassVar = [("cases", "0017_the_newest_of_each_post")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "task",
            models.Index(
                fields=["holder", "due_on", "id"],
                name="task_in_hand",
                condition=models.Q(("holder__isnull", False), ("state", "open")),
            ),
        ),
        AddIndexConcurrently(
            "task",
            models.Index(fields=["holder"], name="task_of_holder", condition=models.Q(("holder__isnull", False))),
        ),
        AddIndexConcurrently(
            "clockinterval",
            models.Index(fields=["clock"], name="interval_stood", condition=models.Q(("running", False))),
        ),
    ]

"""Indexes of keys that most rows do not have, of those rows alone that do. Nobody who writes has to wait for them."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the whole ones, which the next migration takes away."""

    atomic = False
    dependencies: ClassVar = [("cases", "0009_recounts")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "clock", models.Index(fields=["task"], name="clock_of_task", condition=models.Q(("task__isnull", False)))
        ),
        AddIndexConcurrently(
            "task",
            models.Index(fields=["done_by"], name="task_done_by", condition=models.Q(("done_by__isnull", False))),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["taken_in_by"], name="case_taken_in", condition=models.Q(("taken_in_by__isnull", False))
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["predecessor"], name="case_succeeding", condition=models.Q(("predecessor__isnull", False))
            ),
        ),
    ]

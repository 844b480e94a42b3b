"""What an official has in hand is counted and found by its index alone, however long the inboxes of the posts are."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the running release: the new index is whole before the old one goes."""

    atomic = False
    dependencies: ClassVar = [("cases", "0023_asked_by_either_index")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "task",
            models.Index(
                fields=["holder", "due_on", "id"],
                name="task_in_own_hand",
                condition=models.Q(("holder__isnull", False), ("state", "open")),
                include=("post", "case"),
            ),
        ),
        RemoveIndexConcurrently("task", "task_in_hand"),
    ]

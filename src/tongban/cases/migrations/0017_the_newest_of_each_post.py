"""The newest cases of a post, of an office, and of who took them in, each in the order of an index.

A list of cases went from the newest of all back, asking of each whether it is to be seen: 40 ms of the database for a
page of a hundred in a city of a million cases, and more for who sees few of them. The state stood in an index of cases
for nobody, and made each step of a case a write into it.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The indexes are made beside the running release, which needs the old ones only for speed."""

    atomic = False
    dependencies: ClassVar = [("cases", "0016_tasks_say_when_their_case_came_in")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "task", models.Index(fields=["post", "-case_submitted_at", "-case"], name="task_newest_of_post")
        ),
        AddIndexConcurrently(
            "case", models.Index(fields=["organisation", "-submitted_at", "-id"], name="case_newest_of_office")
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["taken_in_by", "-submitted_at", "-id"],
                name="case_newest_taken_in",
                condition=models.Q(("taken_in_by__isnull", False)),
            ),
        ),
        RemoveIndexConcurrently("task", "task_of_post_on_case"),
        RemoveIndexConcurrently("case", "case_of_organisation"),
        RemoveIndexConcurrently("case", "case_taken_in"),
    ]

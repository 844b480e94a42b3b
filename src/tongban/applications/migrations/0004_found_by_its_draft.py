"""Index of the few applications for whose drafts registers were asked: look-ups name the draft."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside writers."""

    atomic = False
    dependencies: ClassVar = [("applications", "0003_registers_answer")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "application",
            models.Index(
                fields=["draft_id"], name="application_of_draft", condition=models.Q(("draft_id__isnull", False))
            ),
        ),
    ]

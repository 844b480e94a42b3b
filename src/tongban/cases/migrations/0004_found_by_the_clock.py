"""Indexes for what is done by the clock. Made beside the running release: nobody who writes has to wait for them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases to be archived, requests whose answer is late."""

    atomic = False
    dependencies = [("cases", "0003_steps_keep_the_role")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["ended_at"],
                name="case_to_be_archived",
                condition=models.Q(archived_at__isnull=True, erased_at__isnull=True, ended_at__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            model_name="supplementrequest",
            index=models.Index(
                fields=["answer_by"], name="supplement_awaited", condition=models.Q(answered_at__isnull=True)
            ),
        ),
    ]

"""An index for lists of cases, the newest first. Made beside the running release: nobody who writes has to wait for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases by when they came in."""

    atomic = False
    dependencies = [("cases", "0004_found_by_the_clock")]

    operations = [
        AddIndexConcurrently(
            model_name="case", index=models.Index(fields=["-submitted_at", "-id"], name="case_newest_first")
        ),
    ]

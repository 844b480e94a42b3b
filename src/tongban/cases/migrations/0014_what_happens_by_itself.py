"""What the timer looks for: clocks of the previous release without an instant, and officials already reminded."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index is made beside the running release."""

    atomic = False
    dependencies = [("cases", "0013_ratings_to_be_answered")]

    operations = [
        migrations.AddField(
            model_name="suspension",
            name="reminded_at",
            field=models.DateTimeField(
                help_text="when the official was told that it takes longer than expected", null=True
            ),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                condition=models.Q(models.Q(("state", "ended"), _negated=True), ("due_at__isnull", True)),
                fields=["case"],
                name="clock_without_end",
            ),
        ),
    ]

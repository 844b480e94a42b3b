"""Bad ratings that wait for an answer are found at once. Made beside the running release: nobody has to wait for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Ratings of the levels 4 and 5 without an answer, by when they were given."""

    atomic = False
    dependencies = (("cases", "0012_rating_answers"),)

    operations = (
        AddIndexConcurrently(
            model_name="rating",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("level__gte", 4)),
                fields=["rated_at"],
                name="rating_to_be_answered",
            ),
        ),
    )

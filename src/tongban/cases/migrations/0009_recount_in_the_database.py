"""How many dates only became firm is counted; the index of running clocks by their day, that nothing asks, is gone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default, and an index less: the previous release needs neither."""

    dependencies: ClassVar = [("cases", "0008_recounts")]
    operations: ClassVar = [
        migrations.AddField(
            "recountpiece",
            "only_marked",
            models.PositiveIntegerField(
                default=0, db_default=0, help_text="cases of which a date stayed, and became firm or provisional"
            ),
        ),
        migrations.RemoveIndex("clock", "clock_running"),
    ]

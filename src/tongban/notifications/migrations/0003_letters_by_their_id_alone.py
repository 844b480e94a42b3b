"""A Message-ID holds the letter's own id: an index of its own cost each letter and nobody asked it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Drops a constraint: at once, and the previous release sees no difference."""

    dependencies: ClassVar = [("notifications", "0002_fewer_indexes")]
    operations: ClassVar = [
        migrations.AlterField(
            "carriage",
            "mail_message_id",
            models.CharField(max_length=120, help_text="Message-ID, the same on every try: it holds the id"),
        ),
    ]

"""A value that changes when all sessions of an account end; empty, sessions are checked as before."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default in the database: the previous release goes on writing without it."""

    dependencies: ClassVar = [("accounts", "0003_counts_unlogged")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="account",
            name="session_round",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        )
    ]

"""Counts of tries need not survive a fall of the server: without the write-ahead log a count waits for no disk."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Rewrites a table of two days' counts; it is short, and the lock with it."""

    dependencies: ClassVar = [("accounts", "0002_held_input")]
    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE accounts_trycount SET UNLOGGED", reverse_sql="ALTER TABLE accounts_trycount SET LOGGED"
        )
    ]

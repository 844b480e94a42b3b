"""What was typed when a session had expired is kept by `accounts` from now on.

The table stays for the previous release, which goes on writing to it while this one is migrated to. A later release
takes it away, when nobody writes to it any more.
"""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Forget the model; leave its table."""

    dependencies: ClassVar = [("applications", "0001_initial")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="HeldInput")]),
    ]

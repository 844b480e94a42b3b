"""An index that the one for each event and handler makes needless."""

from django.db import migrations, models
import django.db.models.deletion

INDEXES = (
    "ledger_handled_event_id_64da3d46",
)


class Migration(migrations.Migration):
    """Beside the running release: nobody who writes has to wait for it."""

    atomic = False
    dependencies = [("ledger", "0004_handler_began_after")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop) for name in INDEXES
            ],
            state_operations=[
                migrations.AlterField("handled", "event", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="handled", to="ledger.event")),
            ],
        ),
    ]

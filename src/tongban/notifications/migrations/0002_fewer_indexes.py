"""Indexes that cost each message and letter and that no query needs."""

from django.db import migrations, models
import django.db.models.deletion

INDEXES = (
    "notifications_message_account_id_0272c0dc",
    "notifications_carriage_mail_message_id_6748cf45_like",
)


class Migration(migrations.Migration):
    """Beside the running release: nobody who writes has to wait for it."""

    atomic = False
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop) for name in INDEXES
            ],
            state_operations=[
                migrations.AlterField("message", "account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="box", to="accounts.account")),
            ],
        ),
    ]

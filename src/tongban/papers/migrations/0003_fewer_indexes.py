"""An index for the beginnings of numbers, which nobody asks for."""

from django.db import migrations

INDEXES = (
    "papers_paper_number_bbc52bb0_like",
)


class Migration(migrations.Migration):
    """Beside the running release: nobody who writes has to wait for it."""

    atomic = False
    dependencies = [("papers", "0002_papers_stand")]

    operations = [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop) for name in INDEXES
    ]

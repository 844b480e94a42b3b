"""Clocks that were standing before there was an instant of their end get it, and what the law deems then."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BEGIN = """
    UPDATE cases_clock SET
        due_at = (due_on + %s::time) AT TIME ZONE 'Asia/Shanghai',
        at_end = CASE kind WHEN 'notice' THEN 'deemed_accepted' ELSE '' END
    WHERE state <> 'ended' AND due_at IS NULL
"""


def give_instants(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The time is over when offices close."""
    hours = getattr(settings, "TONGBAN_OFFICE_HOURS", "") or "13:00-17:00"
    closing = hours.rsplit("-", 1)[1].strip()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BEGIN, [closing])


class Migration(migrations.Migration):
    """Only what stands: what has ended is never looked for by its end."""

    dependencies = (("cases", "0007_lawful_clocks"),)

    operations = (migrations.RunPython(give_instants, migrations.RunPython.noop),)

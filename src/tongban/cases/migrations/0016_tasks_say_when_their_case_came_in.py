"""A task says when its case came in, so that the newest cases of a post stand in one index, in their order.

Filled in by pieces, each a transaction of its own. The previous release, which serves meanwhile, does not know the
column: a trigger fills it in for what it writes.
"""

from typing import ClassVar

from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PIECE = 10_000
TRIGGER = """
CREATE FUNCTION cases_task_says_when_its_case_came_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT submitted_at INTO NEW.case_submitted_at FROM cases_case WHERE id = NEW.case_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER task_says_when_its_case_came_in BEFORE INSERT ON cases_task
    FOR EACH ROW WHEN (NEW.case_submitted_at IS NULL) EXECUTE FUNCTION cases_task_says_when_its_case_came_in()
"""
NO_TRIGGER = """
DROP TRIGGER task_says_when_its_case_came_in ON cases_task;
DROP FUNCTION cases_task_says_when_its_case_came_in()
"""
FILL = """
WITH piece AS (SELECT id FROM cases_task WHERE id > %s ORDER BY id LIMIT %s),
filled AS (
    UPDATE cases_task AS task SET case_submitted_at = found.submitted_at FROM cases_case AS found, piece
    WHERE task.id = piece.id AND found.id = task.case_id AND task.case_submitted_at IS NULL
)
SELECT id FROM piece ORDER BY id DESC LIMIT 1
"""


def fill(_apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the column in, by the order of the ids: what is written meanwhile the trigger fills in."""
    last = "00000000-0000-0000-0000-000000000000"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(FILL, [last, PIECE])
            found = cursor.fetchone()
            if found is None:
                return
            last = str(found[0])


class Migration(migrations.Migration):
    """The column is empty at first, which takes no time."""

    atomic = False
    dependencies: ClassVar = [("cases", "0015_the_inbox_by_its_index_alone")]
    operations: ClassVar = [
        migrations.AddField(
            "task",
            "case_submitted_at",
            models.DateTimeField(help_text="as its case says: lists of a post go by it", null=True),
        ),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

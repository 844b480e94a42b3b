"""Less to write for each change of a case: indexes go that nothing asks, or that others begin with the same column.

A recount writes each case, its open tasks and its clocks, and most of its time went into indexes. The foreign keys
stay as they are; Django would make them anew, and look at every row, if it were told of the index itself.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

GONE = {
    "cases_case_organisation_id_dac38ff3": "cases_case (organisation_id)",
    "cases_case_applicant_person_id_df77cce8": "cases_case (applicant_person_id)",
    "cases_case_applicant_enterprise_id_a28ba308": "cases_case (applicant_enterprise_id)",
    "cases_case_submitted_by_id_228b1c99": "cases_case (submitted_by_id)",
    "cases_case_clock_table_id_ab2cf3b5": "cases_case (clock_table_id)",
    "cases_case_process_id_f4c6cf7b": "cases_case (process_id)",
    "cases_case_taken_in_by_id_550906cb": "cases_case (taken_in_by_id)",
    "cases_case_predecessor_id_70862eea": "cases_case (predecessor_id)",
    "cases_case_number_980c9551_like": "cases_case (number varchar_pattern_ops)",
    "cases_task_done_by_id_48c4c7f1": "cases_task (done_by_id)",
    "cases_task_post_id_1e8c1c93": "cases_task (post_id)",
    "cases_clock_task_id_3edb9cf3": "cases_clock (task_id)",
}
"""Names are those that Django gave them, and of every installation."""


def _key(to: str, *, null: bool = True, related_name: str = "+", help_text: str = "") -> models.ForeignKey:  # type: ignore[type-arg]  # Django's field takes no type arguments while running
    cascades = django.db.models.deletion.CASCADE if to == "cases.task" else django.db.models.deletion.PROTECT
    return models.ForeignKey(
        to, on_delete=cascades, null=null, related_name=related_name, help_text=help_text, db_index=False
    )


class Migration(migrations.Migration):
    """A column with a default, and indexes less: the previous release needs neither."""

    dependencies: ClassVar = [("cases", "0010_keys_that_are_seldom_there")]
    operations: ClassVar = [
        migrations.AddField(
            "recountpiece",
            "only_marked",
            models.PositiveIntegerField(
                default=0, db_default=0, help_text="cases of which a date stayed, and became firm or provisional"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON {columns}")
                for name, columns in GONE.items()
            ],
            state_operations=[
                migrations.AlterField("case", "organisation", _key("organisations.organisation", null=False)),
                migrations.AlterField("case", "applicant_person", _key("accounts.person")),
                migrations.AlterField("case", "applicant_enterprise", _key("accounts.enterprise")),
                migrations.AlterField("case", "submitted_by", _key("accounts.person")),
                migrations.AlterField(
                    "case", "clock_table", _key("cases.clocktable", help_text="in force when it came in")
                ),
                migrations.AlterField("case", "process", _key("processes.processversion")),
                migrations.AlterField("case", "taken_in_by", _key("organisations.post")),
                migrations.AlterField("case", "predecessor", _key("cases.result", related_name="succeeding_cases")),
                migrations.AlterField("task", "done_by", _key("accounts.official")),
                migrations.AlterField(
                    "task", "post", _key("organisations.post", null=False, related_name="tasks")
                ),
                migrations.AlterField("clock", "task", _key("cases.task", related_name="clocks")),
            ],
        ),
    ]

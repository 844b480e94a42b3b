"""Indexes that cost each submission and that no query needs: longer ones begin with the same column."""

from django.db import migrations, models
import django.db.models.deletion

INDEXES = (
    "cases_case_number_980c9551_like",
    "cases_case_organisation_id_dac38ff3",
    "cases_case_applicant_person_id_df77cce8",
    "cases_case_applicant_enterprise_id_a28ba308",
    "cases_case_submitted_by_id_228b1c99",
    "cases_task_post_id_1e8c1c93",
)


class Migration(migrations.Migration):
    """Beside the running release: nobody who writes has to wait for it."""

    atomic = False
    dependencies = [("cases", "0005_newest_first")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop) for name in INDEXES
            ],
            state_operations=[
                migrations.AlterField("case", "organisation", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
                migrations.AlterField("case", "applicant_person", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person")),
                migrations.AlterField("case", "applicant_enterprise", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.enterprise")),
                migrations.AlterField("case", "submitted_by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person")),
                migrations.AlterField("task", "post", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="organisations.post")),
            ],
        ),
    ]

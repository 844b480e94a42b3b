"""An office may ask another: it is the applicant then. The constraint is added without reading a million rows."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the office that asks; the previous release leaves it empty."""

    dependencies = [("cases", "0020_asked_by_the_gate"), ("organisations", "0001_initial")]
    operations = [
        migrations.AddField(
            "case",
            "applicant_organisation",
            models.ForeignKey(
                db_index=False,
                help_text="an office that asks another",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        AddConstraintNotValid(
            "case",
            models.CheckConstraint(
                condition=models.Q(applicant_organisation__isnull=True)
                | models.Q(
                    applicant_person__isnull=True, applicant_enterprise__isnull=True, submitted_by__isnull=True
                ),
                name="case_of_an_office_is_nobody_else_s",
            ),
        ),
    ]

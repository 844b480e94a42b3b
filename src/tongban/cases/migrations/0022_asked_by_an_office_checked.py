"""The constraint of 0021 is checked: reading all cases, while everybody goes on working."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Checks it in a transaction of its own."""

    dependencies = [("cases", "0021_asked_by_an_office")]
    operations = [ValidateConstraint("case", "case_of_an_office_is_nobody_else_s")]

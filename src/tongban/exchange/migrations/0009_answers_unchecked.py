"""The answer of a look-up is written beside it, and neither is ever deleted: checking the key again costs at each commit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lets the key be; the column and its uniqueness stay."""

    dependencies = [("exchange", "0008_feeds")]
    operations = [
        migrations.AlterField(
            model_name="lookupanswer",
            name="look_up",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="answer",
                serialize=False,
                to="exchange.lookup",
            ),
        ),
    ]

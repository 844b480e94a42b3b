import django.db.models.deletion
from django.db import migrations, models

import tongban.base.ids
import tongban.base.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProcessVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("bpmn", models.TextField()),
                ("digest", models.CharField(help_text="SHA-256 of the BPMN text", max_length=64)),
                ("specification", models.JSONField(help_text="the engine's serialised model, kept once")),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="process_version_once"),
                    models.UniqueConstraint(fields=("code", "digest"), name="process_model_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.JSONField()),
                ("data", tongban.base.models.SealedJSONField(null=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="processes.processversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]

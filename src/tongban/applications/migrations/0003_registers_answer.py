"""What registers answered for drafts and applications.

The answers of a draft go with it by the database itself: the previous release deletes drafts, too, and does not know them.
"""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import tongban.base.ids
import tongban.base.models
from django.db import migrations, models


WITH_ITS_DRAFT = """
    ALTER TABLE applications_draftanswer ADD CONSTRAINT draft_answer_of_draft
        FOREIGN KEY (draft_id) REFERENCES applications_draft (id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    """Two tables, and whether registers may be asked."""

    dependencies: ClassVar = [
        ('accounts', '0005_opened_session'),
        ('applications', '0002_held_input'),
        ('cases', '0020_asked_by_the_gate'),
        ('catalogue', '0002_found_by_words'),
        ('papers', '0004_wordings'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='ApplicationAnswer',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('resource', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=60)),
                ('about', models.CharField(help_text='whom it is about, as the guide says it', max_length=80)),
                ('subject_key', models.UUIDField(help_text='whom an answer of the form named, as the gate knows them', null=True)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('outcome', models.CharField(help_text='answered, nothing_found, or why the gate refused', max_length=40)),
                ('records', tongban.base.models.SealedJSONField(default=list)),
                ('names', models.JSONField(default=dict, help_text='of resource, office and items, Chinese and English, as they were')),
                ('look_up_id', models.UUIDField(help_text='in the log of exchange; empty where nothing was asked', null=True)),
                ('looked_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('field', 'Question'), ('material', 'Material')], max_length=8)),
                ('key', models.CharField(max_length=120)),
                ('value', tongban.base.models.SealedJSONField(help_text='of a question: the answer that followed from it', null=True)),
                ('is_fixed', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('looked_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='DraftAnswer',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('resource', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=60)),
                ('about', models.CharField(help_text='whom it is about, as the guide says it', max_length=80)),
                ('subject_key', models.UUIDField(help_text='whom an answer of the form named, as the gate knows them', null=True)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('outcome', models.CharField(help_text='answered, nothing_found, or why the gate refused', max_length=40)),
                ('records', tongban.base.models.SealedJSONField(default=list)),
                ('names', models.JSONField(default=dict, help_text='of resource, office and items, Chinese and English, as they were')),
                ('look_up_id', models.UUIDField(help_text='in the log of exchange; empty where nothing was asked', null=True)),
                ('looked_at', models.DateTimeField()),
                ('part', models.CharField(help_text='step of the form, or materials', max_length=60)),
            ],
        ),
        migrations.AddField(
            model_name='application',
            name='draft_id',
            field=models.UUIDField(help_text='the draft it was, where registers were asked for that', null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='registers',
            field=models.CharField(blank=True, choices=[('', 'Not asked yet'), ('agreed', 'Agreed'), ('declined', 'Declined')], db_default='', default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='applicationmaterial',
            name='way',
            field=models.CharField(choices=[('file', 'File'), ('paper', 'Paper seen at the window'), ('exempt', 'Need not be handed in'), ('not_applicable', 'Does not apply'), ('follows', 'Follows later'), ('answered', 'Not needed: an office has answered')], max_length=16),
        ),
        migrations.AlterField(
            model_name='draftmaterial',
            name='way',
            field=models.CharField(choices=[('file', 'File'), ('paper', 'Paper seen at the window'), ('exempt', 'Need not be handed in'), ('not_applicable', 'Does not apply'), ('follows', 'Follows later'), ('answered', 'Not needed: an office has answered')], max_length=16),
        ),
        migrations.AddField(
            model_name='applicationanswer',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='applications.application'),
        ),
        migrations.AddField(
            model_name='applicationanswer',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official'),
        ),
        migrations.AddField(
            model_name='draftanswer',
            name='draft',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='answers', to='applications.draft'),
        ),
        migrations.AddConstraint(
            model_name='draftanswer',
            constraint=models.UniqueConstraint(fields=('draft', 'part', 'resource', 'purpose', 'about'), name='one_answer_for_an_asking'),
        ),
        migrations.RunSQL(WITH_ITS_DRAFT, "ALTER TABLE applications_draftanswer DROP CONSTRAINT draft_answer_of_draft"),
    ]

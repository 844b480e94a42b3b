import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import tongban.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('forms', '0001_initial'),
        ('organisations', '0001_initial'),
        ('processes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueItem',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('item_type', models.CharField(help_text='GB/T 39046 A.1', max_length=2)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HandlingItem',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(help_text='in its address', max_length=120, unique=True)),
                ('source_key', models.CharField(blank=True, help_text='what identifies it in its source', max_length=200)),
                ('state', models.CharField(choices=[('in_use', 'in use'), ('suspended', 'suspended'), ('cancelled', 'cancelled')], default='in_use', max_length=10)),
                ('name', models.CharField(max_length=300)),
                ('name_en', models.CharField(blank=True, max_length=300)),
                ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('applicable', models.BooleanField(default=False, help_text='has a guide, a form and a process')),
                ('times_applied', models.PositiveIntegerField(default=0)),
                ('has_guide', models.BooleanField(default=True, help_text='no: only its name is known, the guide is to come')),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('theme', 'theme'), ('life_event', 'life event')], max_length=12)),
                ('audience', models.CharField(help_text='person or enterprise', max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=100)),
                ('icon', models.CharField(blank=True, max_length=40)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HandlingVersion',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('guide', models.JSONField(help_text='the shape of catalogue.guide.Guide')),
                ('digest', models.CharField(help_text='of guide, form and process together', max_length=64)),
                ('published_at', models.DateTimeField()),
                ('form', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.formversion')),
                ('handling_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.handlingitem')),
                ('process', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='processes.processversion')),
            ],
        ),
        migrations.AddField(
            model_name='handlingitem',
            name='current',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='catalogue.handlingversion'),
        ),
        migrations.CreateModel(
            name='ServiceItem',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('implementation_code', models.CharField(blank=True, max_length=80)),
                ('source', models.CharField(blank=True, help_text='the import it came by', max_length=60)),
                ('authority_name', models.CharField(blank=True, help_text='who handles it, as the source says', max_length=200)),
                ('region_code', models.CharField(blank=True, help_text='where it is carried out, if stated', max_length=12)),
                ('catalogue_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_items', to='catalogue.catalogueitem')),
                ('organisation', models.ForeignKey(help_text="empty: the jurisdiction's intake post takes it in and passes it on", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='handlingitem',
            name='service_item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handling_items', to='catalogue.serviceitem'),
        ),
        migrations.AddField(
            model_name='handlingitem',
            name='themes',
            field=models.ManyToManyField(related_name='handling_items', to='catalogue.theme'),
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('handling_item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='catalogue.handlingitem')),
                ('names', django.contrib.postgres.search.SearchVectorField(help_text='words of its name, of what people call it, of its result')),
                ('words', django.contrib.postgres.search.SearchVectorField(help_text='those, and words of offices, themes and the text of the guide')),
                ('pinyin', models.TextField(help_text='full pinyin of its names, each without gaps: shipinjingyingxuke kaifandian')),
                ('initials', models.TextField(help_text='first letters of the same: spjyxk kfd')),
                ('pairs', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, help_text='pairs of characters and sounds; =whole names', size=None)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['names'], name='search_names'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pairs'], name='search_pairs')],
            },
        ),
        migrations.AddConstraint(
            model_name='handlingversion',
            constraint=models.UniqueConstraint(fields=('handling_item', 'version'), name='handling_version_once'),
        ),
        migrations.AddConstraint(
            model_name='serviceitem',
            constraint=models.UniqueConstraint(fields=('catalogue_item', 'organisation', 'implementation_code', 'source', 'authority_name', 'region_code'), name='service_item_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='handlingitem',
            index=models.Index(fields=['state', '-applicable', '-times_applied', 'name'], name='handling_item_most_used'),
        ),
        migrations.AddIndex(
            model_name='handlingitem',
            index=django.contrib.postgres.indexes.GinIndex(fields=['audiences'], name='handling_item_audiences'),
        ),
        migrations.AddConstraint(
            model_name='handlingitem',
            constraint=models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('source_key',), name='handling_item_source_once'),
        ),
    ]

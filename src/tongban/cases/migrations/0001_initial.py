import django.db.models.deletion
import tongban.base.ids
import tongban.base.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('files', '0001_initial'),
        ('organisations', '0001_initial'),
        ('papers', '0001_initial'),
        ('processes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=30, unique=True)),
                ('kind', models.CharField(help_text='registered in cases.kinds', max_length=40)),
                ('title', models.CharField(max_length=300)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('submitted', 'Submitted'), ('supplement', 'Waiting for a supplement'), ('review', 'Under review'), ('suspended', 'Suspended for a special procedure'), ('decided', 'Decided'), ('completed', 'Completed'), ('delivered', 'Delivered'), ('not_accepted', 'Not accepted'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Ended: the supplement never came'), ('voided', 'Voided')], default='submitted', max_length=20)),
                ('channel', models.CharField(choices=[('web', 'Online'), ('window', 'At a window'), ('api', 'By interface')], max_length=10)),
                ('applicant_name', models.CharField(max_length=200)),
                ('summary', models.JSONField(default=dict, help_text='columns copied for lists, set by the kind')),
                ('terms', models.JSONField(help_text='the shape of cases.kinds.Terms, as they were on submission')),
                ('process_data', tongban.base.models.SealedJSONField(default=dict, help_text='what the conditions of the process may look at')),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('submitted_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(help_text='the nearest due date of a running clock, for ordering', null=True)),
                ('retain_until', models.DateField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1, help_text='counts changes: a stale page is found by it')),
                ('applicant_enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.enterprise')),
                ('applicant_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('process', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='processes.processversion')),
                ('run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='processes.processrun')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('taken_in_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
            ],
        ),
        migrations.CreateModel(
            name='Archive',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('archived_at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='archive', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CasePaper',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('for_applicant', models.BooleanField(default=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='case_papers', to='cases.case')),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('notice', 'Time for naming what is missing'), ('statutory', 'Statutory limit'), ('promised', 'Promised limit'), ('policy', 'Internal limit for supervision')], max_length=20)),
                ('state', models.CharField(choices=[('running', 'Running'), ('stopped', 'Stopped'), ('ended', 'Ended')], default='running', max_length=10)),
                ('limit_value', models.PositiveIntegerField()),
                ('limit_unit', models.CharField(max_length=20)),
                ('basis', models.CharField(blank=True, max_length=500)),
                ('started_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('provisional', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=40)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='ClockInterval',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('running', models.BooleanField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('ground', models.CharField(blank=True, max_length=200)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intervals', to='cases.clock')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('granted', 'Granted'), ('refused', 'Refused')], max_length=10)),
                ('reasons', models.TextField()),
                ('legal_basis', models.TextField(blank=True)),
                ('remedies', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='cases.case')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('online', 'Online'), ('window', 'At a window'), ('post', 'By post')], max_length=10)),
                ('address', tongban.base.models.SealedJSONField(help_text='recipient, phone, region, address: for post only', null=True)),
                ('electronic', models.BooleanField(default=False, help_text='papers may be served by electronic means')),
                ('tracking_number', models.CharField(blank=True, max_length=60)),
                ('handed_to', tongban.base.models.SealedJSONField(help_text='who took it at the window, and the identity paper seen', null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FeeDemand',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('basis', models.CharField(blank=True, max_length=500)),
                ('amount_fen', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('due', 'To be paid'), ('paid', 'Paid'), ('waived', 'Waived')], default='due', max_length=10)),
                ('demanded_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('receipt_number', models.CharField(blank=True, max_length=60)),
                ('waive_reason', models.CharField(blank=True, max_length=300)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='cases.case')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
                ('post', models.ForeignKey(help_text='takes the money', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
            ],
        ),
        migrations.CreateModel(
            name='NonAcceptance',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('legal_basis', models.TextField()),
                ('what_else', models.TextField()),
                ('refused_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='non_acceptance', to='cases.case')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True)),
                ('rated_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recusals', to='cases.case')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='accounts.official')),
            ],
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(help_text='the catalogue code it belongs to', max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('number', models.CharField(max_length=100, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(help_text='last day; empty = no term 长期', null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='cases.case')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
                ('predecessor', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='cases.result')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='case',
            name='predecessor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='succeeding_cases', to='cases.result'),
        ),
        migrations.CreateModel(
            name='SupplementRequest',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateField()),
                ('provisional', models.BooleanField(default=False)),
                ('word', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supplement_requests', to='cases.case')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
            ],
        ),
        migrations.CreateModel(
            name='SupplementPoint',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('target_kind', models.CharField(help_text='field or material', max_length=10)),
                ('target_key', models.CharField(max_length=120)),
                ('target_name', models.CharField(max_length=300)),
                ('words', models.CharField(max_length=1000)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='cases.supplementrequest')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('acceptance', 'Acceptance'), ('review', 'Review'), ('decision', 'Decision'), ('delivery', 'Delivery of the result')], max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('step', models.CharField(blank=True, help_text='id of the user task in the process', max_length=80)),
                ('engine_id', models.CharField(blank=True, help_text='id of the waiting task in the run', max_length=60)),
                ('choices', models.JSONField(default=list, help_text='outcomes the process offers: [{value,label,label_en}]')),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('cancelled', 'No longer needed')], default='open', max_length=10)),
                ('due_on', models.DateField(null=True)),
                ('provisional', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=60)),
                ('opinion', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='cases.case')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='accounts.official')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='organisations.post')),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('word', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('from_official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
                ('to_official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.official')),
                ('to_post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='cases.task')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.UUIDField(default=tongban.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawal', to='cases.case')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['due_on'], name='clock_running'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('case', 'kind'), name='one_open_clock_of_a_kind'),
        ),
        migrations.AddIndex(
            model_name='feedemand',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['post', 'demanded_at'], name='fee_due'),
        ),
        migrations.AddConstraint(
            model_name='feedemand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), models.Q(('waive_reason', ''), _negated=True), _connector='OR'), name='fee_waived_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='rating_level'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.UniqueConstraint(fields=('case', 'official'), name='recusal_once'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['submitted_by', '-submitted_at'], name='case_of_submitter'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['applicant_person', '-submitted_at'], name='case_of_person'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['applicant_enterprise', '-submitted_at'], name='case_of_enterprise'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['organisation', 'state', '-submitted_at'], name='case_of_organisation'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('erased_at__isnull', True)), fields=['retain_until'], name='case_retained'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('applicant_enterprise__isnull', False), ('applicant_person__isnull', False), _negated=True), name='case_has_one_applicant'),
        ),
        migrations.AddConstraint(
            model_name='supplementrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('case',), name='one_open_supplement'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['post', 'due_on', 'id'], name='inbox'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['holder', 'due_on', 'id'], name='task_held'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['post', 'case'], name='task_of_post_on_case'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('kind', 'review'), _negated=True)), fields=('case', 'kind'), name='one_open_legal_step'),
        ),
    ]

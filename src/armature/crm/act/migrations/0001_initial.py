"""What is done about it; and counts of cases that the database keeps itself."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

COUNTED = """
    SELECT h.brand_id, c.team, c.asks, c.status, c.form, c.assignee_id, {sign} AS number
    FROM {rows} c JOIN listen_conversation v ON v.id = c.conversation_id JOIN listen_channel h ON h.id = v.channel_id
"""
ADD = """
    INSERT INTO act_casecount (brand_id, team, asks, status, form, assignee_id, number)
    SELECT brand_id, team, asks, status, form, assignee_id, sum(number) FROM ({changed}) AS changed
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(number) <> 0
"""
PLUS, MINUS = COUNTED.format(sign=1, rows="after"), COUNTED.format(sign=-1, rows="before")
PLUS, MINUS = COUNTED.format(sign=1, rows="after"), COUNTED.format(sign=-1, rows="before")
EVENTS = {
    "INSERT": ("NEW TABLE AS after", PLUS),
    "UPDATE": ("OLD TABLE AS before NEW TABLE AS after", f"{PLUS} UNION ALL {MINUS}"),
    "DELETE": ("OLD TABLE AS before", MINUS),
}
TRIGGERS = "".join(
    f"""
    CREATE FUNCTION count_cases_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {ADD.format(changed=changed)}; RETURN NULL; END $$;
    CREATE TRIGGER count_cases_{event} AFTER {event} ON act_case REFERENCING {tables}
        FOR EACH STATEMENT EXECUTE FUNCTION count_cases_{event}();
    """
    for event, (tables, changed) in EVENTS.items()
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('decide', '0001_initial'),
        ('identify', '0001_initial'),
        ('listen', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(max_length=20)),
                ('values', models.JSONField(default=dict)),
                ('total', models.IntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('undoing', 'Being undone'), ('undone', 'Undone')], db_default='waiting', max_length=8)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='NoticePost',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('upto', models.BigIntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SampleMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('drawn', models.BigIntegerField(db_default=0)),
                ('seen', models.BigIntegerField(db_default=0)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='BulkTodo',
            fields=[
                ('attempts', models.SmallIntegerField(db_default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('token', models.BigIntegerField(null=True)),
                ('problem', models.TextField(null=True)),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='act.bulkjob')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('new', 'New'), ('open', 'Open'), ('pending', 'Pending: they owe us an answer'), ('snoozed', 'Snoozed'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('spam', 'Spam'), ('no_response', 'No response needed')], max_length=12)),
                ('form', models.CharField(help_text='What it waits for: intent, response, approval, delivery ...', max_length=20)),
                ('team', models.CharField(help_text='Whose case it is.', max_length=50)),
                ('asks', models.CharField(blank=True, help_text="Whose turn it is now; empty when nobody's.", max_length=50)),
                ('priority', models.SmallIntegerField()),
                ('due_at', models.DateTimeField(null=True)),
                ('promised_at', models.DateTimeField(help_text='When the first of its running clocks runs out.', null=True)),
                ('opened_at', models.DateTimeField()),
                ('last_in_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('intent', models.CharField(db_default='', help_text='Why they wrote last, as judged or read.', max_length=50)),
                ('reason', models.CharField(db_default='', help_text='Why a person ended it.', max_length=300)),
                ('ended_at', models.DateTimeField(null=True)),
                ('settled', models.BooleanField(db_default=False, help_text='Ended for so long that new words make a new case.')),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('team_fixed', models.BooleanField(db_default=False)),
                ('priority_fixed', models.BooleanField(db_default=False)),
                ('fields', models.JSONField(db_default={}, default=dict)),
                ('assignee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.conversation')),
                ('follows', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='act.case')),
                ('identity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='identify.identity')),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='act.case')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='identify.person')),
            ], options={'indexes': [models.Index(models.F('identity'), name='cases_of_identity'), models.Index(models.F('team'), name='cases_of_team'), models.Index(models.F('last_in_at'), models.F('id'), condition=models.Q(('status__in', ['new', 'open'])), name='open_cases'), models.Index(models.F('assignee'), models.F('last_in_at'), models.F('id'), condition=models.Q(('assignee__isnull', False), ('status__in', ['new', 'open', 'pending'])), name='my_cases'), models.Index(models.F('last_in_at'), models.F('id'), condition=models.Q(('assignee__isnull', True), ('status__in', ['new', 'open'])), name='unassigned_cases'), models.Index(models.F('team'), models.F('last_in_at'), models.F('id'), condition=models.Q(('assignee__isnull', True), ('status__in', ['new', 'open'])), name='unassigned_of_team'), models.Index(models.F('form'), models.F('last_in_at'), models.F('id'), condition=models.Q(('form__in', ['intent', 'approval', 'delivery'])), name='cases_by_form'), models.Index(models.F('last_in_at'), models.F('id'), condition=models.Q(('status', 'pending')), name='pending_cases'), models.Index(models.F('team'), models.F('last_in_at'), models.F('id'), condition=models.Q(('status__in', ['new', 'open', 'pending', 'snoozed'])), name='team_at_work'), models.Index(models.F('asks'), models.F('last_in_at'), models.F('id'), condition=models.Q(('asks__gt', '')), name='asked_of_team'), models.Index(models.F('team'), models.OrderBy(models.F('last_in_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('status__in', ['resolved', 'closed', 'spam', 'no_response'])), name='done_by_team'), models.Index(models.OrderBy(models.F('last_in_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('status__in', ['resolved', 'closed', 'spam', 'no_response'])), name='done_cases'), models.Index(models.F('last_in_at'), models.F('id'), condition=models.Q(('status', 'snoozed')), name='snoozed_in_order'), models.Index(models.F('snoozed_until'), condition=models.Q(('snoozed_until__isnull', False)), name='snoozed_cases'), models.Index(models.F('ended_at'), condition=models.Q(('ended_at__isnull', False), ('settled', False)), name='cases_to_settle'), models.Index(models.F('conversation'), models.F('identity'), condition=models.Q(('settled', True)), name='settled_cases'), models.Index(models.F('merged_into'), condition=models.Q(('merged_into__isnull', False)), name='merged_cases')], 'constraints': [models.UniqueConstraint(models.F('conversation'), models.F('identity'), condition=models.Q(('settled', False)), name='one_live_case_each')]},
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('todo', 'To do'), ('done', 'Done'), ('refused', 'Refused'), ('undone', 'Undone')], db_default='todo', max_length=8)),
                ('words', models.CharField(db_default='', max_length=200)),
                ('before', models.JSONField(null=True)),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='act.bulkjob')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='act.case')),
            ], options={'indexes': [models.Index(models.F('job'), models.F('state'), models.F('case'), name='items_of_job')], 'constraints': [models.UniqueConstraint(models.F('job'), models.F('case'), name='once_in_a_job')]},
        ),
        migrations.CreateModel(
            name='CaseCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.CharField(max_length=50)),
                ('asks', models.CharField(blank=True, max_length=50)),
                ('status', models.CharField(choices=[('new', 'New'), ('open', 'Open'), ('pending', 'Pending: they owe us an answer'), ('snoozed', 'Snoozed'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('spam', 'Spam'), ('no_response', 'No response needed')], max_length=12)),
                ('form', models.CharField(blank=True, max_length=20)),
                ('number', models.BigIntegerField()),
                ('folded', models.BooleanField(db_default=False)),
                ('assignee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.brand')),
            ], options={'indexes': [models.Index(models.F('id'), condition=models.Q(('folded', False)), name='counts_to_fold')]},
        ),
        migrations.CreateModel(
            name='CaseField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField()),
                ('label', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'One of a list'), ('yes_no', 'Yes or no')], max_length=8)),
                ('choices', models.JSONField(blank=True, default=list)),
                ('at_end', models.BooleanField(default=True)),
                ('order', models.SmallIntegerField(default=0)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('key'), models.F('team'), name='one_field_each', nulls_distinct=False)]},
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merged', 'merged into'), ('split', 'split off')], max_length=8)),
                ('waits', models.JSONField(default=list, help_text='What was open when they were merged, so that it can be undone.')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('undone_at', models.DateTimeField(null=True)),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_on', to='act.case')),
                ('later', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_back', to='act.case')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('first', 'First answer'), ('next', 'Next answer'), ('resolution', 'Resolution')], max_length=10)),
                ('minutes', models.IntegerField()),
                ('since', models.DateTimeField(null=True)),
                ('spent', models.FloatField(db_default=0.0)),
                ('due_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('calendar', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.businesshours')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='act.case')),
            ], options={'constraints': [models.UniqueConstraint(models.F('case'), models.F('name'), condition=models.Q(('stopped_at', None)), name='one_clock_of_a_name')]},
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='act.case')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={'indexes': [models.Index(models.F('user'), models.F('case'), name='cases_followed')], 'constraints': [models.UniqueConstraint(models.F('case'), models.F('user'), name='followed_once')]},
        ),
        migrations.CreateModel(
            name='InternalAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=20)),
                ('element', models.CharField(max_length=80)),
                ('values', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('judgement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='decide.judgement')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='Macro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('key', models.CharField(blank=True, max_length=1, verbose_name='key')),
                ('steps', models.JSONField(default=list)),
                ('brand', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('key'), models.F('team'), models.F('brand'), condition=models.Q(('key', ''), _negated=True), name='one_macro_a_key', nulls_distinct=False)]},
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='act.case')),
            ], options={'indexes': [django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple', left(text, 100000))", []), name='words_noted')]},
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='act.case')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='act.note')),
            ], options={'indexes': [models.Index(models.F('user'), models.F('case'), condition=models.Q(('done_at__isnull', True)), name='open_mentions')], 'constraints': [models.UniqueConstraint(models.F('note'), models.F('user'), name='mentioned_once')]},
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'You were mentioned'), ('assigned', 'A case was given to you'), ('handed', 'A case was handed over to you'), ('reply', 'The customer wrote again'), ('note', 'A note in a case you follow'), ('woke', 'A snoozed case is back'), ('ended', 'A case you follow was ended'), ('bulk', 'Bulk work is done')], max_length=12)),
                ('text', models.CharField(blank=True, db_default='', max_length=200)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='act.case')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ], options={'indexes': [models.Index(models.F('user'), condition=models.Q(('read_at__isnull', True)), name='unread_notices'), models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), name='notices_of_user')]},
        ),
        migrations.CreateModel(
            name='NoticeWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'You were mentioned'), ('assigned', 'A case was given to you'), ('handed', 'A case was handed over to you'), ('reply', 'The customer wrote again'), ('note', 'A note in a case you follow'), ('woke', 'A snoozed case is back'), ('ended', 'A case you follow was ended'), ('bulk', 'Bulk work is done')], max_length=12)),
                ('shown', models.BooleanField(default=True)),
                ('mailed', models.BooleanField(default=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={'indexes': [models.Index(models.F('user'), condition=models.Q(('mailed', True)), name='who_wants_mail')], 'constraints': [models.UniqueConstraint(models.F('user'), models.F('kind'), name='one_wish_per_kind')]},
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrote_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField()),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='act.case')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ], options={'constraints': [models.UniqueConstraint(models.F('case'), models.F('user'), name='present_once')]},
        ),
        migrations.CreateModel(
            name='ReopenRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.SmallIntegerField()),
                ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('brand'), models.F('team'), name='one_reopen_rule_each', nulls_distinct=False)]},
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(default='micro', max_length=8)),
                ('audience', models.CharField(choices=[('public', 'Public'), ('both', 'Public, then private'), ('private', 'Private')], db_default='private', max_length=8)),
                ('sender', models.CharField(db_default='', help_text='The name it is sent under.', max_length=120)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField()),
                ('private_text', models.TextField(blank=True, db_default='')),
                ('recipients', models.JSONField()),
                ('copies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=254), db_default=[], size=None)),
                ('digest', models.CharField(max_length=64)),
                ('element', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('written', 'Written'), ('approval', 'Waiting for approval'), ('queued', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Outcome unknown'), ('void', 'Withdrawn')], max_length=8)),
                ('why', models.CharField(blank=True, default='', max_length=300)),
                ('version', models.IntegerField(db_default=1)),
                ('tab', models.CharField(blank=True, db_default='', max_length=36)),
                ('asked_by', models.CharField(blank=True, db_default='', max_length=4)),
                ('send_at', models.DateTimeField(help_text='Not before; empty: at once.', null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='act.case')),
                ('judgement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='decide.judgement')),
                ('seen', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.interaction')),
            ], options={'indexes': [models.Index(models.F('written_at'), models.F('id'), condition=models.Q(('state', 'approval')), name='responses_to_approve')], 'constraints': [models.UniqueConstraint(models.F('case'), condition=models.Q(('state__in', ['written', 'approval'])), name='one_response_handed_in')]},
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('part', models.CharField(choices=[('public', 'Public'), ('both', 'Public, then private'), ('private', 'Private')], db_default='private', max_length=8)),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('queued', 'Waiting to leave'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Outcome unknown'), ('taken', 'Taken back')], db_default='queued', max_length=8)),
                ('attempt', models.SmallIntegerField(db_default=0)),
                ('token', models.BigIntegerField(null=True)),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claimed_at', models.DateTimeField(null=True)),
                ('not_before', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('provider_id', models.CharField(blank=True, default='', max_length=300)),
                ('reason', models.TextField(blank=True, default='')),
                ('proof_at', models.DateTimeField(help_text='When the copy to ourselves came back.', null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.channel')),
                ('interaction', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='listen.interaction')),
                ('wait', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='decide.wait')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='act.response')),
            ], options={'indexes': [models.Index(models.F('not_before'), condition=models.Q(('state__in', ['queued', 'sending'])), name='deliveries_to_send'), models.Index(models.F('queued_at'), name='deliveries_by_time'), models.Index(models.F('channel'), condition=models.Q(('state', 'unknown')), name='deliveries_in_doubt')]},
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('holds_until', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='act.response')),
            ],
        ),
        migrations.CreateModel(
            name='ResponseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.BigIntegerField()),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='act.response')),
            ],
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='listen.conversation')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('named_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('restriction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='act.restriction')),
            ], options={'constraints': [models.UniqueConstraint(models.F('restriction'), models.F('user'), name='named_once')]},
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('drawn_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('checked_at', models.DateTimeField(null=True)),
                ('right', models.BooleanField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='act.case')),
                ('checked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('judgement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='decide.judgement')),
            ], options={'indexes': [models.Index(models.F('case'), condition=models.Q(('checked_at__isnull', True)), name='samples_to_check')]},
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('view', models.CharField(help_text='The view that it narrows.', max_length=20)),
                ('filters', models.JSONField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'indexes': [models.Index(models.F('owner'), condition=models.Q(('team__isnull', True)), name='views_of_owner'), models.Index(models.F('team'), condition=models.Q(('team__isnull', False)), name='views_of_team')]},
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ], options={'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='one_tag_each')]},
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='act.case')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='act.tag')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ], options={'indexes': [models.Index(models.F('tag'), models.F('case'), name='cases_of_tag')], 'constraints': [models.UniqueConstraint(models.F('case'), models.F('tag'), name='tagged_once')]},
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('private_text', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='act.response')),
            ],
        ),
        migrations.CreateModel(
            name='CannedResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('shortcut', models.SlugField(db_index=False, max_length=30, verbose_name='shortcut')),
                ('text', models.TextField(max_length=20000, verbose_name='words')),
                ('brand', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('shortcut'), models.F('team'), models.F('brand'), models.F('language'), name='one_shortcut_each', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL("ALTER TABLE act_presence SET UNLOGGED"),
        migrations.RunSQL(TRIGGERS),
    ]

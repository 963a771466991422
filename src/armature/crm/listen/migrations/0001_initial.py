"""What was said. Raw payloads stand in one table per month, so that old months are dropped whole.

The default partition catches what no month was made for, so that accepting never fails for want of a table.
"""

import armature.crm.listen.models
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE TABLE listen_envelopebody (
    envelope_id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    content_type varchar(80) NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (envelope_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE listen_envelopebody_other PARTITION OF listen_envelopebody DEFAULT;

-- Owned by whoever owns the tables, so that the application may call it without owning them.
CREATE FUNCTION make_body_months() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', now()), now() + interval '1 month', '1 month')::date LOOP
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS %I PARTITION OF listen_envelopebody FOR VALUES FROM (%L) TO (%L)',
                'listen_envelopebody_' || to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
        EXCEPTION WHEN check_violation THEN
            NULL;  -- the default partition holds rows of that month already and keeps them
        END;
    END LOOP;
END $$;
SELECT make_body_months();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EnvelopeBody',
            fields=[
                ('pk', models.CompositePrimaryKey('envelope_id', 'received_at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('received_at', models.DateTimeField()),
                ('content_type', models.CharField(max_length=80)),
                ('body', models.BinaryField()),
            ],
            options={
                'db_table': 'listen_envelopebody',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='Which plug-in reads and writes it.', max_length=40)),
                ('place', models.CharField(help_text='What kind of place it is for the rules: email, letter, facebook.', max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('address', models.CharField(max_length=254)),
                ('settings', models.JSONField(default=dict)),
                ('cursor', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('problem', models.TextField(blank=True, default='', help_text='Why it cannot be read now, in words; empty when well.')),
                ('checked_at', models.DateTimeField(null=True)),
                ('hook', models.CharField(default=armature.crm.listen.models.new_hook, help_text='Where the other side calls us.', max_length=32, unique=True)),
                ('paused_at', models.DateTimeField(help_text='Since when its key is no longer taken: nothing leaves or is asked for until it is mended.', null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.brand')),
            ], options={'constraints': [models.UniqueConstraint(models.F('kind'), models.F('address'), name='one_channel_per_address')]},
        ),
        migrations.CreateModel(
            name='Envelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_key', models.CharField(max_length=300)),
                ('digest', models.BinaryField()),
                ('received_at', models.DateTimeField()),
                ('parked', models.TextField(null=True)),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.channel')),
            ], options={'indexes': [models.Index(models.F('channel'), models.F('id'), condition=models.Q(('parked__isnull', False)), name='parked_envelopes')], 'constraints': [models.UniqueConstraint(models.F('channel'), models.F('event_key'), name='accepted_once')]},
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='listen.channel')),
                ('left', models.FloatField()),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_until', models.DateTimeField(null=True)),
                ('failures', models.SmallIntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ChannelSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('sealed', models.BinaryField()),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='listen.channel')),
            ], options={'constraints': [models.UniqueConstraint(models.F('channel'), models.F('name'), name='one_secret_per_name')]},
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('started_at', models.DateTimeField()),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.channel')),
            ],
        ),
        migrations.CreateModel(
            name='Unopened',
            fields=[
                ('attempts', models.SmallIntegerField(db_default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('token', models.BigIntegerField(null=True)),
                ('problem', models.TextField(null=True)),
                ('envelope', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='listen.envelope')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Interaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('in', 'to us'), ('out', 'from us')], max_length=3)),
                ('kind', models.CharField(default='message', max_length=20)),
                ('public', models.BooleanField(default=False)),
                ('external_id', models.CharField(max_length=300)),
                ('author', models.CharField(blank=True, default='', help_text='The handle as it came.', max_length=254)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('text', models.TextField()),
                ('language', models.CharField(blank=True, default='', max_length=12)),
                ('automatic', models.CharField(blank=True, default='', max_length=80)),
                ('warning', models.CharField(blank=True, default='', max_length=300)),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('edited_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.channel')),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.conversation')),
                ('envelope', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='listen.envelope')),
                ('typed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ], options={'indexes': [models.Index(models.F('conversation'), models.F('occurred_at'), models.F('id'), name='interactions_of_conversation'), django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple', left(subject || ' ' || text, 100000) || ' armaturepart' || (id >> 14)::text)", []), name='words_said')], 'constraints': [models.UniqueConstraint(models.F('channel'), models.F('external_id'), name='recorded_once')]},
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.BigIntegerField()),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='listen.interaction')),
            ],
        ),
        migrations.CreateModel(
            name='Knock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(models.F('source'), models.F('at'), name='knocks_of_source'), models.Index(models.F('at'), name='knocks_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('original', 'Original'), ('edited', 'Edited'), ('deleted', 'Deleted')], max_length=8)),
                ('at', models.DateTimeField()),
                ('author', models.CharField(blank=True, default='', max_length=254)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('text', models.TextField(blank=True, default='')),
                ('digest', models.CharField(max_length=32)),
                ('heard_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.channel')),
                ('envelope', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='listen.envelope')),
                ('interaction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='listen.interaction')),
            ], options={'constraints': [models.UniqueConstraint(models.F('channel'), models.F('external_id'), models.F('kind'), models.F('at'), models.F('digest'), name='worded_once'), models.UniqueConstraint(models.F('channel'), models.F('external_id'), condition=models.Q(('kind', 'original')), name='one_original_wording')]},
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('received', models.BigIntegerField(db_default=0)),
                ('stored', models.BigIntegerField(db_default=0)),
                ('last_at', models.DateTimeField(help_text='When something new came last.', null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='listen.channel')),
            ], options={'constraints': [models.UniqueConstraint(models.F('channel'), models.F('day'), name='one_tally_a_day')]},
        ),
        migrations.RunSQL(CREATE),
    ]

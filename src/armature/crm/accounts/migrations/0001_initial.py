"""People who work here, and the log of what everybody did, which can only grow: refused by the database itself."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditseal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'armature_app') THEN
        GRANT SELECT, INSERT ON accounts_auditentry, accounts_auditseal TO armature_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON accounts_auditentry, accounts_auditseal FROM armature_app;
    END IF;
END $$;
"""

CACHE = """
CREATE TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""
"""What counts log-ins that failed: in the database, so that it holds for all processes and survives a restart."""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('actor_name', models.CharField(max_length=120)),
                ('verb', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('digest', models.BinaryField()),
                ('transaction', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL('pg_current_xact_id()::text::bigint', []), help_text='Which database transaction wrote it; the sealer takes finished ones only.')),
            ], options={'indexes': [models.Index(models.F('transaction'), models.F('id'), name='audit_to_seal'), models.Index(models.F('subject'), models.F('id'), name='audit_of_subject')]},
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.BigIntegerField(help_text='All entries of transactions below this one are sealed.')),
                ('entries', models.IntegerField()),
                ('chain', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('hours_changed_at', models.DateTimeField(null=True)),
                ('reckoned_at', models.DateTimeField(null=True)),
                ('demands_mfa', models.BooleanField(db_default=False, default=False, help_text='Its people log in in two steps.')),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('signature', models.TextField(blank=True, db_default='', default='')),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=12)),
                ('single_keys', models.BooleanField(db_default=True, default=True)),
                ('away', models.BooleanField(db_default=False, default=False, help_text='For a moment: no new work, please.')),
                ('absent_until', models.DateField(blank=True, help_text='The last day of an absence.', null=True)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('stand_in', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuditValue',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='value', serialize=False, to='accounts.auditentry')),
                ('salt', models.BinaryField()),
                ('values', models.JSONField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('joined', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={'constraints': [models.UniqueConstraint(models.F('email'), condition=models.Q(('joined', None), ('revoked_at', None)), name='one_open_invitation_each')]},
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('agent', models.CharField(blank=True, default='', help_text='What the browser says it is.', max_length=200)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('next_team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.PositiveIntegerField(null=True)),
                ('next', models.PositiveIntegerField(null=True)),
                ('resolution', models.PositiveIntegerField(null=True)),
                ('round_the_clock', models.BooleanField(default=False)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('brand'), models.F('team'), name='one_promise_each', nulls_distinct=False)]},
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('draft_only', 'Drafts only'), ('agent', 'Agent'), ('lead', 'Lead'), ('executive', 'Executive'), ('admin', 'Administrator')], max_length=12)),
                ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('user'), models.F('team'), models.F('brand'), name='one_role_each', nulls_distinct=False)]},
        ),
        migrations.CreateModel(
            name='InvitedRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('draft_only', 'Drafts only'), ('agent', 'Agent'), ('lead', 'Lead'), ('executive', 'Executive'), ('admin', 'Administrator')], max_length=12)),
                ('brand', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='accounts.invitation')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='BusinessHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('timezone', models.CharField(default='UTC', max_length=64)),
                ('week', models.JSONField()),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('part_of_country', models.CharField(blank=True, default='', max_length=20)),
                ('holidays', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='accounts.brand')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team')),
            ], options={'constraints': [models.UniqueConstraint(models.F('brand'), models.F('team'), name='one_week_each', nulls_distinct=False)]},
        ),
        migrations.RunSQL(APPEND_ONLY),
        migrations.RunSQL(CACHE),
    ]

"""What is measured, its sums, and the triggers that note whose work has changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

NOTE = "INSERT INTO learn_unmeasured (conversation_id, identity_id)"
CASES = f"""
    CREATE FUNCTION note_cases() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {NOTE} SELECT DISTINCT conversation_id, identity_id FROM changed; RETURN NULL; END $$;
    CREATE TRIGGER note_new_cases AFTER INSERT ON act_case REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_cases();
    CREATE TRIGGER note_cases AFTER UPDATE ON act_case REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_cases();
    CREATE TRIGGER note_gone_cases AFTER DELETE ON act_case REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_cases();
"""
"""Whatever is judged touches its case in the same transaction, so this covers messages, readings and judgements."""
OF_CASE = "SELECT conversation_id, identity_id FROM act_case WHERE id = {case}"
OF_RESPONSE = OF_CASE.format(case="(SELECT case_id FROM act_response WHERE id = NEW.response_id)")
OF_CONVERSATION = "VALUES ({row}.conversation_id, NULL)"
MOVED = "VALUES (OLD.conversation_id, NULL), (NEW.conversation_id, NULL)"
ROWS = {
    "moved": ("AFTER UPDATE OF conversation_id ON listen_interaction", "NEW.conversation_id <> OLD.conversation_id", MOVED),
    "restricted": ("AFTER INSERT ON act_restriction", "", OF_CONVERSATION.format(row="NEW")),
    "opened": ("AFTER DELETE ON act_restriction", "", OF_CONVERSATION.format(row="OLD")),
    "delivered": ("AFTER UPDATE OF state ON act_delivery", "NEW.state <> OLD.state", OF_RESPONSE),
    "approved": ("AFTER INSERT ON act_approval", "", OF_RESPONSE),
    "heard_back": ("AFTER INSERT OR UPDATE ON learn_feedback", "", OF_RESPONSE),
    "checked": ("AFTER UPDATE ON act_sample", "NEW.right IS DISTINCT FROM OLD.right", OF_CASE.format(case="NEW.case_id")),
    "stopped": ("AFTER UPDATE OF stopped_at ON act_clock", "NEW.stopped_at IS DISTINCT FROM OLD.stopped_at",
                OF_CASE.format(case="NEW.case_id")),
}
"""What changes beside the case: an event of a table, when it matters, whose work it is."""
TRIGGERS = CASES + "".join(
    f"""
    CREATE FUNCTION note_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {NOTE} {whose}; RETURN NULL; END $$;
    CREATE TRIGGER note_{name} {event} FOR EACH ROW {f"WHEN ({when})" if when else ""} EXECUTE FUNCTION note_{name}();
    """
    for name, (event, when, whose) in ROWS.items()
)
FORGET = "".join(
    f"DROP TRIGGER {name} ON act_case;" for name in ("note_new_cases", "note_cases", "note_gone_cases")
) + "DROP FUNCTION note_cases();" + "".join(
    f"DROP TRIGGER note_{name} ON {event.rpartition(' ')[2]}; DROP FUNCTION note_{name}();"
    for name, (event, _, _) in ROWS.items()
)
ALL_THERE_IS = f"{NOTE} SELECT conversation_id, identity_id FROM act_case GROUP BY 1, 2"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('act', '0005_surveys'),
        ('identify', '0002_texts_and_calls'),
        ('learn', '0001_initial'),
        ('listen', '0007_begun_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unmeasured',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='listen.conversation')),
                ('identity', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='identify.identity')),
            ],
        ),
        migrations.CreateModel(
            name='Measured',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('source', models.BigIntegerField()),
                ('team', models.CharField(max_length=50)),
                ('at', models.DateTimeField()),
                ('day', models.DateField()),
                ('hour', models.SmallIntegerField()),
                ('intent', models.CharField(blank=True, max_length=50)),
                ('label', models.CharField(blank=True, max_length=20)),
                ('more', models.CharField(blank=True, max_length=20)),
                ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('overridden', models.BooleanField()),
                ('minutes', models.FloatField(null=True)),
                ('open_minutes', models.FloatField(null=True)),
                ('restricted', models.BooleanField()),
                ('past', models.BooleanField()),
                ('brand', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.brand')),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='act.case')),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='listen.channel')),
                ('conversation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='listen.conversation')),
                ('identity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='identify.identity')),
            ],
            options={
                'indexes': [models.Index(models.F('conversation'), models.F('identity'), name='measured_of_case'), models.Index(models.F('kind'), models.F('day'), models.F('at'), models.F('id'), name='measured_by_day')],
            },
        ),
        migrations.CreateModel(
            name='MeasureSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('day', models.DateField()),
                ('hour', models.SmallIntegerField()),
                ('team', models.CharField(max_length=50)),
                ('intent', models.CharField(blank=True, max_length=50)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('more', models.CharField(blank=True, max_length=80)),
                ('bucket', models.SmallIntegerField()),
                ('restricted', models.BooleanField()),
                ('past', models.BooleanField()),
                ('number', models.IntegerField()),
                ('brand', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.brand')),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='listen.channel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('day'), models.F('hour'), models.F('brand'), models.F('channel'), models.F('team'), models.F('intent'), models.F('label'), models.F('more'), models.F('bucket'), models.F('restricted'), models.F('past'), name='one_sum_each')],
            },
        ),
        migrations.RunSQL(TRIGGERS, FORGET),
        migrations.RunSQL(ALL_THERE_IS, migrations.RunSQL.noop),
    ]

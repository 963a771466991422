"""Who said it."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SEARCH = """
CREATE INDEX persons_by_word ON identify_person USING gin (to_tsvector('simple', name));
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('listen', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('website', models.URLField(blank=True, db_default='', default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('added_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='identify.company')),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved', models.JSONField(help_text="Numbers of identities and of notes that were the other's.")),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('undone_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joined_into', to='identify.person')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='identify.person')),
            ],
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=254)),
                ('name', models.CharField(blank=True, default='', max_length=200)),
                ('seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='identify.person')),
            ], options={'indexes': [django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple', name || ' ' || translate(address, '@._-+', '     ') || ' armaturepart' || (id >> 14)::text)", []), name='words_of_name')], 'constraints': [models.UniqueConstraint(models.F('network'), models.F('address'), name='one_identity_per_address')]},
        ),
        migrations.CreateModel(
            name='PersonNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='identify.person')),
            ], options={'indexes': [models.Index(models.F('person'), models.F('at'), models.F('id'), name='notes_about_person')]},
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('order_number', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
                ('what', models.CharField(max_length=300)),
                ('identity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to='identify.identity')),
            ], options={'indexes': [models.Index(models.F('identity'), models.F('at'), models.F('id'), name='purchases_of_identity')], 'constraints': [models.UniqueConstraint(models.F('source'), models.F('order_number'), name='one_purchase_per_order')]},
        ),
        migrations.CreateModel(
            name='Recognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(db_default=1.0)),
                ('evidence', models.CharField(max_length=80)),
                ('current', models.BooleanField(db_default=True)),
                ('identity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='identify.identity')),
                ('interaction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='listen.interaction')),
            ], options={'indexes': [models.Index(models.F('identity'), models.F('interaction'), name='said_by_identity')], 'constraints': [models.UniqueConstraint(models.F('interaction'), condition=models.Q(('current', True)), name='one_current_recognition')]},
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('value', models.JSONField()),
                ('source', models.CharField(max_length=80)),
                ('verified', models.BooleanField()),
                ('observed_at', models.DateTimeField()),
                ('current', models.BooleanField(db_default=True)),
                ('identity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='identify.identity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('identity'), models.F('kind'), models.F('verified'), condition=models.Q(('current', True)), name='one_current_fact')],
            },
        ),
        migrations.RunSQL(SEARCH),
    ]

import django.contrib.postgres.indexes
import django.db.models.expressions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('listen', '0004_words_to_search'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='interaction', name='words_said'),
        migrations.AddIndex(
            model_name='interaction',
            index=django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple', left(subject || ' ' || text, 100000) || ' armaturepart' || (id >> 14)::text)", []), name='words_said'),
        ),
    ]

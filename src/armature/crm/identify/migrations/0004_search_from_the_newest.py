import django.contrib.postgres.indexes
import django.db.models.expressions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identify', '0003_words_to_search'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='identity', name='words_of_name'),
        migrations.AddIndex(
            model_name='identity',
            index=django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple', name || ' ' || translate(address, '@._-+', '     ') || ' armaturepart' || (id >> 14)::text)", []), name='words_of_name'),
        ),
    ]

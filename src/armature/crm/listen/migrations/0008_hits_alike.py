"""Bands of hits stand in their index at once: a list of those to be added would be walked by every look for copies."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listen", "0007_begun_at")]
    operations = [
        migrations.RemoveIndex("hit", "hits_alike"),
        migrations.AddIndex(
            "hit", django.contrib.postgres.indexes.GinIndex("bands", name="hits_alike", fastupdate=False)
        ),
    ]

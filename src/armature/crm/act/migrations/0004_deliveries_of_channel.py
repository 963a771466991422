from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('act', '0003_by_hand'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('channel'), models.F('not_before'), models.F('id'), condition=models.Q(('state', 'queued')), name='deliveries_of_channel'),
        ),
    ]

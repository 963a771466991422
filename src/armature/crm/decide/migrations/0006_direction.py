"""A map is in force for what they say to us, or for what we start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decide", "0005_rule_list")]

    operations = [
        migrations.AddField(
            model_name="mapassignment",
            name="direction",
            field=models.CharField(choices=[("in", "to us"), ("out", "from us")], db_default="in", max_length=3),
        ),
        migrations.RemoveConstraint(model_name="mapassignment", name="one_map_each"),
        migrations.AddConstraint(
            model_name="mapassignment",
            constraint=models.UniqueConstraint(
                "brand", "channel", "direction", name="one_map_each", nulls_distinct=False
            ),
        ),
    ]

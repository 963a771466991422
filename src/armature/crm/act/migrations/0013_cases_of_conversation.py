"""All cases of a conversation are found by an index: before, all cases of the company were gone through for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("act", "0012_raised_notice")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="settled_cases"),
        migrations.AddIndex(
            model_name="case", index=models.Index("conversation", "identity", name="cases_of_conversation")
        ),
    ]

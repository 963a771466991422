"""Counts of cases that the database keeps itself, and an order of their own for the cases of each team."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COUNTED = """
    SELECT h.brand_id, c.team, c.asks, c.status, c.form, c.assignee_id, {sign} AS number
    FROM {rows} c JOIN listen_conversation v ON v.id = c.conversation_id JOIN listen_channel h ON h.id = v.channel_id
"""
ADD = """
    INSERT INTO act_casecount (brand_id, team, asks, status, form, assignee_id, number)
    SELECT brand_id, team, asks, status, form, assignee_id, sum(number) FROM ({changed}) AS changed
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(number) <> 0
"""
PLUS, MINUS = COUNTED.format(sign=1, rows="after"), COUNTED.format(sign=-1, rows="before")
EVENTS = {
    "INSERT": ("NEW TABLE AS after", PLUS),
    "UPDATE": ("OLD TABLE AS before NEW TABLE AS after", f"{PLUS} UNION ALL {MINUS}"),
    "DELETE": ("OLD TABLE AS before", MINUS),
}
TRIGGERS = "".join(
    f"""
    CREATE FUNCTION count_cases_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {ADD.format(changed=changed)}; RETURN NULL; END $$;
    CREATE TRIGGER count_cases_{event} AFTER {event} ON act_case REFERENCING {tables}
        FOR EACH STATEMENT EXECUTE FUNCTION count_cases_{event}();
    """
    for event, (tables, changed) in EVENTS.items()
)
NOW = ADD.format(changed=COUNTED.format(sign=1, rows="act_case"))
BACK = "".join(f"DROP FUNCTION count_cases_{event}() CASCADE;" for event in EVENTS)
AT_WORK = ["new", "open", "pending", "snoozed"]
ENDED = ["resolved", "closed", "spam", "no_response"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_rights"),
        ("act", "0008_sending"),
        ("listen", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CaseCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("team", models.CharField(max_length=50)),
                ("asks", models.CharField(blank=True, max_length=50)),
                ("status", models.CharField(choices=[("new", "New"), ("open", "Open"), ("pending", "Pending: they owe us an answer"), ("snoozed", "Snoozed"), ("resolved", "Resolved"), ("closed", "Closed"), ("spam", "Spam"), ("no_response", "No response needed")], max_length=12)),
                ("form", models.CharField(blank=True, max_length=20)),
                ("number", models.BigIntegerField()),
                ("folded", models.BooleanField(db_default=False)),
                ("assignee", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("brand", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand")),
            ],
            options={
                "indexes": [models.Index("id", condition=models.Q(("folded", False)), name="counts_to_fold")],
            },
        ),
        migrations.RemoveIndex(model_name="case", name="cases_at_work"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index("team", "last_in_at", "id", condition=models.Q(("status__in", AT_WORK)), name="team_at_work"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index("asks", "last_in_at", "id", condition=models.Q(("asks__gt", "")), name="asked_of_team"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("team"), models.OrderBy(models.F("last_in_at"), descending=True), models.OrderBy(models.F("id"), descending=True), condition=models.Q(("status__in", ENDED)), name="done_by_team"),
        ),
        migrations.RunSQL(TRIGGERS, BACK),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
    ]

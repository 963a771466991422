"""The number under which a transaction stands in the audit log is its own plus what a restore set.

On a new server transactions are counted from the beginning again: without the offset new entries would seem to belong
under seals that were made long before. ``armature restore`` sets it to the highest number there is.
"""

from django.db import migrations, models
from django.db.models.expressions import RawSQL

NUMBERS = """
CREATE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 0::bigint';
CREATE FUNCTION audit_transaction() RETURNS bigint LANGUAGE sql
    AS 'SELECT pg_current_xact_id()::text::bigint + audit_offset()';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(NUMBERS, "DROP FUNCTION audit_transaction(); DROP FUNCTION audit_offset()"),
        migrations.AlterField(
            "auditentry",
            "transaction",
            models.BigIntegerField(
                db_default=RawSQL("audit_transaction()", []),
                help_text="Which database transaction wrote it; the sealer takes finished ones only.",
            ),
        ),
    ]

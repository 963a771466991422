"""The log of what everybody did can only grow: refused by the database itself, whoever asks."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditseal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'armature_app') THEN
        GRANT SELECT, INSERT ON accounts_auditentry, accounts_auditseal TO armature_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON accounts_auditentry, accounts_auditseal FROM armature_app;
    END IF;
END $$;
"""
BACK = """
DROP TRIGGER append_only ON accounts_auditentry;
DROP TRIGGER append_only ON accounts_auditseal;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, BACK)]

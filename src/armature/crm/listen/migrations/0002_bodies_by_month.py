"""Raw payloads in one table per month, so that old months are dropped whole.

The default partition catches what no month was made for, so that accepting never fails for want of a table.
"""

from django.db import migrations

CREATE = """
CREATE TABLE listen_envelopebody (
    envelope_id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    content_type varchar(80) NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (envelope_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE listen_envelopebody_other PARTITION OF listen_envelopebody DEFAULT;

-- Owned by whoever owns the tables, so that the application may call it without owning them.
CREATE FUNCTION make_body_months() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', now()), now() + interval '1 month', '1 month')::date LOOP
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS %I PARTITION OF listen_envelopebody FOR VALUES FROM (%L) TO (%L)',
                'listen_envelopebody_' || to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
        EXCEPTION WHEN check_violation THEN
            NULL;  -- the default partition holds rows of that month already and keeps them
        END;
    END LOOP;
END $$;
SELECT make_body_months();
"""
BACK = "DROP TABLE listen_envelopebody; DROP FUNCTION make_body_months()"


class Migration(migrations.Migration):
    dependencies = [("listen", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, BACK)]

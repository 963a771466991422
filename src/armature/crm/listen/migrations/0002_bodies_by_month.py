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
"""


class Migration(migrations.Migration):
    dependencies = [("listen", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE listen_envelopebody")]

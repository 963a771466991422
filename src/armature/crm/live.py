"""Word to the open screens that something changed: once a transaction, without saying what."""

from armature.crm import rows

TOPIC = "armature"


def tell() -> None:
    """Screens look again when this transaction commits; what they may see is asked for then."""
    rows.run("SELECT pg_notify(%s, '')", [TOPIC])

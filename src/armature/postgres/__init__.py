"""The embedded PostgreSQL: `Cluster(folder).start()`, then `url()`; a `Watch` keeps it running. It stands alone.

`check_server` and `refuse_unsafe` judge a server of somebody's own; `django_database` turns a URL into Django's words.
"""

from armature.postgres.check import check_server, refuse_unsafe
from armature.postgres.cluster import Cluster
from armature.postgres.connect import APP, OWNER, django_database
from armature.postgres.errors import (
    BinariesMissing,
    NotAnswering,
    OtherMajorVersion,
    PostgresError,
    StartFailed,
    UnsafePlace,
    UnsafeServer,
)
from armature.postgres.watch import Watch

__all__ = [
    "APP",
    "OWNER",
    "BinariesMissing",
    "Cluster",
    "NotAnswering",
    "OtherMajorVersion",
    "PostgresError",
    "StartFailed",
    "UnsafePlace",
    "UnsafeServer",
    "Watch",
    "check_server",
    "django_database",
    "refuse_unsafe",
]

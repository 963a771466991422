"""Which database: any PostgreSQL by DATABASE_URL, else the embedded one that `armature` started."""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def from_environment() -> dict[str, Any]:
    """The settings Django wants, from ``DATABASE_URL`` (or, for migrations, ``ARMATURE_OWNER_URL``)."""
    url = os.environ.get("DATABASE_URL", "")
    if os.environ.get("ARMATURE_AS_OWNER") == "1":
        url = os.environ.get("ARMATURE_OWNER_URL", url)
    return settings_for(url)


def settings_for(url: str) -> dict[str, Any]:
    """A libpq address as Django's settings; what Django has no name for goes to the driver unchanged."""
    parts: dict[str, Any] = dict(conninfo_to_dict(url)) if url else {}
    known = {django: str(parts.pop(libpq)) for libpq, django in NAMES.items() if libpq in parts}
    options = {"connect_timeout": 5, "application_name": "armature", **parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **known,
    }

"""The addresses of a server, and the only proof that it runs: a connection."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

OWNER = "armature_owner"
APP = "armature_app"
PAUSE = 0.02
CONNECT_SECONDS = 10


def url(run: Path, database: str, role: str) -> str:
    """A libpq URL for `database` as `role` over the socket in the folder `run`."""
    where = urlencode({"host": str(run), "port": "5432"}, quote_via=quote)  # libpq reads + as a plus
    return f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?{where}"


def django_database(address: str) -> dict[str, Any]:
    """The entry of Django's DATABASES for a libpq URL or connection string."""
    parts = {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    entry |= {key: parts.pop(name, "") for name, key in named.items()}
    return entry | {"OPTIONS": parts}


def connect(run: Path, database: str, role: str = OWNER) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect with autocommit. Raises psycopg.OperationalError while the server starts, stops, or is not there."""
    return psycopg.connect(url(run, database, role), autocommit=True, connect_timeout=CONNECT_SECONDS)


def answers(run: Path, database: str = "postgres") -> bool:
    """Whether a server takes connections to the database there now."""
    try:
        connect(run, database).close()
    except psycopg.OperationalError:
        return False
    return True


def responds(run: Path) -> bool:
    """Whether a server takes connections, or refuses them in words of its own."""
    try:
        connect(run, "postgres").close()
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.OperationalError as refusal:
        return "FATAL" in str(refusal)
    return True


def listens(path: Path) -> bool:
    """Whether any process listens on the socket, even one that is starting or stopping."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(CONNECT_SECONDS)
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:  # a full queue or a slow machine: somebody is there
            return True
    return True


def tries(seconds: float) -> Iterator[None]:
    """Come round again and again, with a short pause, until the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(PAUSE)

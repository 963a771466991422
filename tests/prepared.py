"""The tables of a test database, made by all migrations once: later processes take them from what was kept of it.

Going through the migrations takes ten seconds of a processor, and each process that tests has a database of its own.
What is kept lies in pytest's cache, under a name made of the migrations, of whoever else has tables, and of the server.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from armature.cli.backups import programs

TOP = Path(__file__).resolve().parent.parent
NAME = "prepared_for_tests"
"""The database that those of the tests are copies of."""


def kept(major: int) -> Path:
    """Where the tables of these migrations are kept for a server of that version, whether they are or not."""
    name = hashlib.sha256(str(major).encode())
    for one in sorted((TOP / "src").rglob("migrations/*.py")):
        name.update(one.read_bytes())
    for package in ("Django", "django-allauth"):
        name.update(version(package).encode())
    return TOP / ".pytest_cache" / f"tables-{name.hexdigest()[:24]}.dump"


def take(server: str) -> bool:
    """A database with these tables on the server, to be copied; false where none were kept."""
    with psycopg.connect(server, autocommit=True) as connection:
        major = connection.info.server_version // 10000
        if not kept(major).exists():
            return False
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
    programs.run("pg_restore", ["--exit-on-error", str(kept(major))], major, make_conninfo(server, dbname=NAME))
    return True


def keep(server: str, database: str) -> None:
    """The tables of a database that was just made, for those who come later; nobody sees half of them."""
    with psycopg.connect(server) as connection:
        major = connection.info.server_version // 10000
    kept(major).parent.mkdir(exist_ok=True)
    half = kept(major).with_suffix(f".{os.getpid()}")
    programs.run("pg_dump", ["-Fc", "-f", str(half)], major, make_conninfo(server, dbname=database))
    half.replace(kept(major))

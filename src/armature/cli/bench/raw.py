"""The raw limit: the very rows that the process wrote, into the very tables with their indexes and keys, by COPY."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

STEPS = ("accounts", "listen", "identify", "understand", "decide", "act", "learn")
OF_ITSELF = ("act_casecount", "listen_querystamp", "learn_unmeasured")
"""What the database writes by itself when the others are written."""
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in the tables of the steps."""

    rows: int
    size: int


def tables() -> list[str]:
    """All tables of the steps, earlier steps first; rows may point at those before them only."""
    names = [model._meta.db_table for step in STEPS for model in apps.get_app_config(step).get_models()]
    many = [
        f.m2m_db_table() for step in STEPS for m in apps.get_app_config(step).get_models() for f in m._meta.many_to_many
    ]
    return names + many


def stored() -> Stored:
    """Rows and bytes (indexes included) of all tables of the steps."""
    with connection.cursor() as cursor:
        rows = 0
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows += cursor.fetchone()[0]
        cursor.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
        return Stored(rows, int(cursor.fetchone()[0]))


def seconds_to_copy() -> float:
    """Take all rows out, empty the tables, and time how long COPY needs to put them back, in one transaction."""
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        files = [(table, f"{folder}/{number}") for number, table in enumerate(tables()) if table not in OF_ITSELF]
        for table, path in files:
            with (
                Path(path).open("wb") as out,
                cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)") as rows,
            ):
                for block in rows:
                    out.write(block)
        cursor.execute(f"TRUNCATE {', '.join(tables())} CASCADE")
        connection.commit()
        cursor.execute("CHECKPOINT")
        return _put_back(files)


def _put_back(files: Sequence[tuple[str, str]]) -> float:
    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, path in files:
            with Path(path).open("rb") as source, cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as rows:
                while block := source.read(CHUNK):
                    rows.write(block)
    return time.perf_counter() - begin

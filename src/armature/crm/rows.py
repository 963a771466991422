"""Many rows at once: numbers in advance, binary COPY in, one parameter for a whole batch. The hot path stands on these.

They speak to the driver below Django's cursors, whose own conversions of times cost more than the judging; only where
statements are counted (tests) they go through Django, with the same results.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import connection, models

Parameters = Sequence[Any] | Mapping[str, Any]


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Numbers for ``count`` new rows, so that rows that point at each other can be written without asking back."""
    if not count:
        return []
    found = fetch("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_sequence(model), count])
    return [number for (number,) in found]


@cache
def _sequence(model: type[models.Model]) -> str:
    name: str = fetch("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])[0][0]
    return name


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows by COPY; columns are database columns. Defaults of the database fill what is not named."""
    rows = list(rows)
    if not rows:
        return
    types = _types(model, tuple(columns))
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with _cursor() as cursor, cursor.copy(statement) as stream:
        stream.set_types(types)
        for row in rows:
            stream.write_row(row)


@cache
def _types(model: type[models.Model], columns: tuple[str, ...]) -> list[str]:
    """The database's own names of the columns' types."""
    found = fetch(
        "SELECT attname::text, atttypid::regtype::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
        [model._meta.db_table],
    )
    types = dict(found)
    return [types[column] for column in columns]


def as_json(rows: Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]]) -> str:
    """A batch as the one parameter of a ``jsonb_to_recordset`` statement."""
    return json.dumps(rows, default=str, ensure_ascii=False)


def fetch(sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """All rows of one statement. Select a jsonb column as text."""
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run(sql: str, parameters: Parameters) -> int:
    """One statement; how many rows it touched."""
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def by_index() -> None:
    """In this transaction every look-up goes by index, however stale the planner's idea of the tables is.

    A batch looks up a few hundred rows by key; right after a burst the planner would read whole tables for it, and
    compile the statement before it runs.
    """
    run("SELECT set_config(name, 'off', true) FROM unnest(%s::text[]) AS name", [list(PLANS_TO_AVOID)])


PLANS_TO_AVOID = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")


@contextmanager
def _cursor() -> Iterator[Any]:
    """A cursor of the driver itself; its errors are Django's, as everywhere else."""
    if connection.queries_logged:
        with connection.cursor() as counted:
            yield counted
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.format = psycopg.pq.Format.BINARY
        yield cursor

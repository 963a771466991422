"""Many rows at once: numbers in advance, COPY in, one parameter for a whole batch. The hot path stands on these."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


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
    copy_into(model._meta.db_table, columns, rows)


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table that Django does not manage."""
    rows = list(rows)
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def as_json(rows: Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]]) -> str:
    """A batch as the one parameter of a ``jsonb_to_recordset`` statement."""
    return json.dumps(rows, default=str, ensure_ascii=False)


def fetch(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement. A jsonb column comes as text."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """One statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)

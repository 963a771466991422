"""Changes of a table as its author makes them, one at a time: each gives the table as it reads afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from armature.arm.rule.cell_text import is_empty, number
from armature.arm.rule.field import Field
from armature.arm.rule.table import MOST_ROWS, DecisionTable, Row

LONGEST_NOTE = 500
"""Characters of the note beside a row."""


class NoSuchRow(LookupError):
    """There is no row with this id (any more)."""


class TooMany(ValueError):
    """The table would have more rows than a table can have."""


def place_of(table: DecisionTable, row: str) -> int:
    """Which row it is, from 0."""
    for number_, one in enumerate(table.rows):
        if one.id == row:
            return number_
    raise NoSuchRow(row)


def row_of(table: DecisionTable, row: str) -> Row:
    """The row with this id; raises ``NoSuchRow``."""
    return table.rows[place_of(table, row)]


def with_cell(table: DecisionTable, row: str, field: str, raw: Any) -> DecisionTable:
    """What a row tests of a fact; nothing any more when ``raw`` is empty. A fact without a column gets one."""
    if field not in table.inputs:
        table = replace(table, inputs=(*table.inputs, field))
    return _changed(table, row, "when", {field: None if is_empty(raw) else raw})


def with_output(table: DecisionTable, row: str, field: str, value: Any) -> DecisionTable:
    """What a row says for an output; None: nothing."""
    return _changed(table, row, "then", {field: value})


def with_note(table: DecisionTable, row: str, note: str) -> DecisionTable:
    """The words beside a row."""
    at = place_of(table, row)
    return _at(table, at, replace(table.rows[at], note=note.strip()[:LONGEST_NOTE]))


def with_id(table: DecisionTable, row: str, name: str) -> DecisionTable:
    """Another id for a row."""
    at = place_of(table, row)
    return _at(table, at, replace(table.rows[at], id=name))


def _changed(table: DecisionTable, row: str, part: str, change: Mapping[str, Any]) -> DecisionTable:
    at = place_of(table, row)
    one = table.rows[at]
    held = {**(one.when if part == "when" else one.then), **change}
    if part == "when":
        return _at(table, at, replace(one, when={key: raw for key, raw in held.items() if raw is not None}))
    return _at(table, at, replace(one, then=held))


def _at(table: DecisionTable, at: int, row: Row) -> DecisionTable:
    return replace(table, rows=(*table.rows[:at], row, *table.rows[at + 1 :]))


def added(table: DecisionTable, above: str = "") -> tuple[DecisionTable, str]:
    """A row that tests nothing, above the one named, else above the last; it says what the last row says."""
    at = place_of(table, above) if above else max(0, len(table.rows) - 1)
    last = table.rows[-1] if table.rows else Row("")
    return _inserted(table, at, Row(free_id(table), {}, dict(last.then)))


def duplicated(table: DecisionTable, row: str) -> tuple[DecisionTable, str]:
    """The row once more, above itself, so that the last row stays the last."""
    at = place_of(table, row)
    return _inserted(table, at, replace(table.rows[at], id=free_id(table)))


def _inserted(table: DecisionTable, at: int, row: Row) -> tuple[DecisionTable, str]:
    if len(table.rows) >= MOST_ROWS:
        raise TooMany(MOST_ROWS)
    return replace(table, rows=(*table.rows[:at], row, *table.rows[at:])), row.id


def free_id(table: DecisionTable) -> str:
    """An id that no row has."""
    taken = {row.id for row in table.rows}
    return next(name for n in range(1, len(taken) + 2) if (name := f"R{n:02}") not in taken)


def moved(table: DecisionTable, row: str, by: int) -> DecisionTable:
    """The row so many places further down (up: negative); at the ends it stays there."""
    at = place_of(table, row)
    to = min(max(0, at + by), len(table.rows) - 1)
    rest = [*table.rows[:at], *table.rows[at + 1 :]]
    rest.insert(to, table.rows[at])
    return replace(table, rows=tuple(rest))


def removed(table: DecisionTable, row: str) -> DecisionTable:
    """Without the row."""
    at = place_of(table, row)
    return replace(table, rows=table.rows[:at] + table.rows[at + 1 :])


def with_column(table: DecisionTable, field: str, *, fills: bool = False) -> DecisionTable:
    """With a column for a fact, or for an output that it ``fills``."""
    if fills:
        return table if field in table.outputs else replace(table, outputs=(*table.outputs, field))
    return table if field in table.inputs else replace(table, inputs=(*table.inputs, field))


def without_column(table: DecisionTable, field: str, *, fills: bool = False) -> DecisionTable:
    """Without the column and whatever stands in it."""
    if fills:
        rows = (replace(row, then={key: raw for key, raw in row.then.items() if key != field}) for row in table.rows)
        return replace(table, outputs=tuple(key for key in table.outputs if key != field), rows=tuple(rows))
    rows = (replace(row, when={key: raw for key, raw in row.when.items() if key != field}) for row in table.rows)
    return replace(table, inputs=tuple(key for key in table.inputs if key != field), rows=tuple(rows))


def renamed(table: DecisionTable, label: str) -> DecisionTable:
    """Under another name; its key stays."""
    return replace(table, label=label)


def used_inputs(table: DecisionTable) -> tuple[str, ...]:
    """The facts that some row tests, in the order of the columns."""
    tested = {key for row in table.rows for key, raw in row.when.items() if not is_empty(raw)}
    return tuple(key for key in table.inputs if key in tested)


def output_of(text: str, field: Field) -> Any:
    """What somebody typed for an output, as the table keeps it; a text that fits nothing stays, to be found fault with.

    Choices are taken by their key or by their words.
    """
    said = text.strip()
    if not said:
        return None
    if field.type == "yes_no":
        return {"yes": True, "no": False}.get(said.lower(), said)
    if field.type == "number":
        return typed_number(said)
    by_words = {words.casefold(): key for key, words in field.values.items()}
    return said if said in field.values else by_words.get(said.casefold(), said)


def typed_number(text: str) -> Any:
    """A number as it is typed, or the text where it is none."""
    bare = text.removeprefix("-")
    plain = bare.isascii() and len(bare) < 30 and bare.replace(".", "", 1).isdigit()
    return number(text) if plain and bare[0] != "." and bare[-1] != "." else text

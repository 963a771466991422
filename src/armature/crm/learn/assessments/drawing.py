"""A proposed row written into a table: cells, outputs and note, above the row that takes it now."""

from collections.abc import Mapping
from typing import Any

from armature.arm.rule import rewriting
from armature.arm.rule.table import DecisionTable


def with_row(
    table: DecisionTable, above: str, when: Mapping[str, Any], then: Mapping[str, Any], note: str
) -> tuple[DecisionTable, str]:
    """The table with the row, and the row's id. What ``then`` leaves open is as in the row that it stands above.

    Raises ``rewriting.NoSuchRow`` and ``rewriting.TooMany``.
    """
    before = rewriting.row_of(table, above)
    made, row = rewriting.added(table, above)
    for key in made.outputs:
        made = rewriting.with_output(made, row, key, then.get(key, before.then.get(key)))
    for key, cell in when.items():
        made = rewriting.with_cell(made, row, key, cell)
    return rewriting.with_note(made, row, note), row


def same_row(table: DecisionTable, when: Mapping[str, Any], then: Mapping[str, Any]) -> str:
    """The id of a row that tests exactly this and says at least this already; empty when there is none."""
    for row in table.rows:
        tests = {key: raw for key, raw in row.when.items() if raw is not None}
        if tests == dict(when) and all(row.then.get(key) == value for key, value in then.items()):
            return row.id
    return ""

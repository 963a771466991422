"""What differs between two wordings of a table, row by row and cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from armature.arm.rule.table import DecisionTable, Row


@dataclass(frozen=True, slots=True)
class CellChange:
    """One field of a row; ``fills`` for an output. None: empty."""

    field: str
    fills: bool
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is not as it was; one that moved may have changed too."""

    row: str
    how: Literal["added", "removed", "changed", "moved"]
    cells: Sequence[CellChange] = ()
    note: tuple[str, str] | None = None


def compare(before: DecisionTable, after: DecisionTable) -> list[RowChange]:
    """The rows that were added, changed, moved (in the order they have now), then those that are gone."""
    was, now = ({row.id: row for row in table.rows} for table in (before, after))
    moved = _moved([one for one in was if one in now], [one for one in now if one in was])
    found = [change for row in now.values() if (change := _change(was.get(row.id), row, moved))]
    gone = [RowChange(row.id, "removed", _cells(row, Row(row.id))) for row in was.values() if row.id not in now]
    return found + gone


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(after) - {after[one.b + n] for one in blocks for n in range(one.size)}


def _change(was: Row | None, now: Row, moved: set[str]) -> RowChange | None:
    if was is None:
        return RowChange(now.id, "added", _cells(Row(now.id), now))
    cells = _cells(was, now)
    note = (was.note, now.note) if was.note != now.note else None
    if now.id in moved:
        return RowChange(now.id, "moved", cells, note)
    return RowChange(now.id, "changed", cells, note) if cells or note else None


def _cells(was: Row, now: Row) -> list[CellChange]:
    return [*_differing(was.when, now.when, False), *_differing(was.then, now.then, True)]


def _differing(was: Mapping[str, Any], now: Mapping[str, Any], fills: bool) -> list[CellChange]:
    pairs = ((key, was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now]))
    return [CellChange(key, fills, before, after) for key, before, after in pairs if before != after]

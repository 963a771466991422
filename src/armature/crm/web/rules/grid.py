"""A table as it stands on a page: columns under their business names, each row as cells and as a sentence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from armature.arm.rule.cell_text import is_empty, list_of
from armature.arm.rule.comparing import CellChange
from armature.arm.rule.field import Catalogue, Field
from armature.arm.rule.finding import Finding
from armature.arm.rule.rewriting import used_inputs
from armature.arm.rule.sheet import output_text
from armature.arm.rule.table import DecisionTable, Row
from armature.arm.rule.trial import Looked
from armature.crm.web.shipped_words import in_their_language


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a fact that is tested, or an output."""

    key: str
    label: str
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place; ``wrong`` when something is to be mended there."""

    column: Column
    words: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row; ``share`` is how many percent of what was judged lately it took, None when nothing was."""

    id: str
    number: int
    cells: Sequence[Cell]
    sentence: str
    note: str
    findings: Sequence[Finding]
    last: bool
    took: int = 0
    share: int | None = None

    @property
    def wrong(self) -> bool:
        """Whether something is to be mended in it."""
        return any(one.error for one in self.findings)


def columns(table: DecisionTable, catalogue: Catalogue, shown: Collection[str] = ()) -> list[Column]:
    """The facts that some row tests or that are ``shown`` all the same, then the outputs."""
    used = used_inputs(table)
    keys = [key for key in table.inputs if key in used or key in shown]
    keys += [key for key in shown if key in catalogue and key not in table.inputs]
    found = [Column(key, _label(key, catalogue)) for key in keys]
    return found + [Column(key, _label(key, catalogue), True) for key in table.outputs]


def labelled(keys: Sequence[str], catalogue: Catalogue, fills: bool = False) -> list[Column]:
    """Columns for these fields."""
    return [Column(key, _label(key, catalogue), fills) for key in keys]


def _label(key: str, catalogue: Catalogue) -> str:
    return in_their_language(catalogue[key].label) if key in catalogue else key


def lines(
    looked: Looked, shown: Sequence[Column], took: Mapping[str, int], of: int, lists: Mapping[str, str]
) -> list[Line]:
    """All rows."""
    by_row: dict[str, list[Finding]] = {}
    for one in looked.findings:
        by_row.setdefault(one.place, []).append(one)
    found = []
    for number, row in enumerate(looked.table.rows, 1):
        findings = by_row.get(row.id, [])
        wrong = {one.field for one in findings if one.error}
        cells = [_cell(column, row, looked, wrong, lists) for column in shown]
        count = took.get(row.id, 0)
        share = round(100 * count / of) if of else None
        last = number == len(looked.table.rows)
        sentence = looked.sentence(row.id)
        found.append(Line(row.id, number, cells, sentence, row.note, findings, last, count, share))
    return found


def _cell(column: Column, row: Row, looked: Looked, wrong: Collection[str], lists: Mapping[str, str]) -> Cell:
    field = looked.catalogue.get(column.key)
    bad = column.key in wrong
    if column.fills:
        raw = row.then.get(column.key)
        return Cell(column, _said(raw, field), bad)
    raw = row.when.get(column.key)
    if is_empty(raw):
        return Cell(column, "", bad)
    if named := list_of(raw):
        return Cell(column, f"{'≠' if named[1] else '∈'} {lists.get(named[0], named[0])}", bad)
    cell = looked.cells[row.id].get(column.key)
    return Cell(column, cell.words(field) if cell and field else output_text(raw), bad)


def _said(raw: Any, field: Field | None) -> str:
    fits = field is not None and raw is not None and field.accepts(raw)
    return field.say(raw) if fits and field else output_text(raw)


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that is not as it was: its column, and both wordings (empty: anything, or nothing)."""

    label: str
    before: str
    after: str


def changed(cell: CellChange, old: Looked, new: Looked, row: str) -> Changed:
    """A change of one cell in words."""
    field = new.catalogue.get(cell.field)
    words = []
    for looked, raw in ((old, cell.before), (new, cell.after)):
        test = looked.cells.get(row, {}).get(cell.field)
        if cell.fills or not field:
            words.append(_said(raw, field))
        else:
            words.append("" if is_empty(raw) else test.words(field) if test else output_text(raw))
    return Changed(_label(cell.field, new.catalogue), words[0], words[1])

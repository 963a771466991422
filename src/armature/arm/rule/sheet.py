"""A table as rows of text cells, as a spreadsheet holds it, and back. What is written reads as the same table."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from armature.arm.rule.cell import Between, Cell, Contains, OneOf, YesNo
from armature.arm.rule.cell_text import is_empty, list_of, read_cell
from armature.arm.rule.field import Catalogue, Field
from armature.arm.rule.finding import Finding, meant, quoted
from armature.arm.rule.rewriting import output_of
from armature.arm.rule.table import MOST_ROWS, DecisionTable, Row, must_be_text

ID, NOTE = "row", "note"
WHEN, THEN = "when ", "then "
MOST_COLUMNS = 200


def cell_text(raw: Any, field: Field) -> str:
    """A cell as an author types it; JSON where no shorter text means the same. A faulty cell stays as it is."""
    if is_empty(raw):
        return ""
    if named := list_of(raw):
        return f"{'not ' if named[1] else ''}in list {named[0]}"
    cell = read_cell(raw, field)
    if isinstance(cell, str):
        return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    fitting = (text for text in _texts(cell) if not list_of(text) and read_cell(text, field) == cell)
    return next(fitting, "") or json.dumps(_json(cell), ensure_ascii=False)


def _texts(cell: Cell) -> list[str]:
    match cell:
        case YesNo(value):
            return ["yes" if value else "no"]
        case OneOf(values, negated):
            joined = ", ".join(values)
            return [f"none of {joined}"] if negated else [joined, f"one of {joined}"]
        case Contains(keywords):
            return [f"contains {', '.join(keywords)}", f"contains any of {', '.join(keywords)}"]
        case Between():
            return _range(cell)
    return []


def _range(cell: Between) -> list[str]:
    ends = _json(cell)
    if len(ends) == 1:
        [(sign, end)] = ends.items()
        return [f"{_digits(end)}" if sign == "=" else f"{sign} {_digits(end)}"]
    return [f"{_digits(cell.low)}..{_digits(cell.high)}"] if cell.low_in and cell.high_in else []


def _digits(end: float) -> str:
    return str(end) if isinstance(end, int) or "e" in repr(end) else f"{end!r}"


def _json(cell: Cell) -> dict[str, Any]:
    match cell:
        case OneOf(values, negated):
            return {"none_of" if negated else "one_of": list(values)}
        case Contains(keywords):
            return {"contains": list(keywords)}
        case Between(low, high, low_in, high_in) if low == high:
            return {"=": low}
        case Between(low, high, low_in, high_in):
            found: dict[str, Any] = {} if low == float("-inf") else {">=" if low_in else ">": low}
            return found if high == float("inf") else {**found, "<=" if high_in else "<": high}
    return {}


def cell_raw(text: str) -> Any:
    """What a text cell means as the table keeps it: the text itself, or the JSON that it holds."""
    said = text.strip()
    if said.startswith("{") and len(said) < 20_000:
        try:
            read = json.loads(said)
            must_be_text(read)
        except (ValueError, RecursionError):
            return said
        return read if isinstance(read, dict) else said
    return said


def output_text(value: Any) -> str:
    """An output as an author types it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def to_cells(table: DecisionTable, catalogue: Catalogue) -> list[list[str]]:
    """The heads and then each row; columns that no row uses are there too."""
    heads = [ID, *(WHEN + key for key in table.inputs), *(THEN + key for key in table.outputs), NOTE]
    found = [heads]
    for row in table.rows:
        when = [_when_text(row.when.get(key), catalogue.get(key)) for key in table.inputs]
        found.append([row.id, *when, *(output_text(row.then.get(key)) for key in table.outputs), row.note])
    return found


def _when_text(raw: Any, field: Field | None) -> str:
    return cell_text(raw, field) if field else output_text(raw)


def from_cells(
    cells: Sequence[Sequence[str]], *, key: str, label: str, catalogue: Catalogue
) -> tuple[DecisionTable | None, list[Finding]]:
    """The table that a sheet holds, and what could not be read of it; empty lines are passed over."""
    lines = [[cell.strip() for cell in line] for line in cells if any(cell.strip() for cell in line)]
    if not lines or len(lines) > MOST_ROWS + 1 or len(lines[0]) > MOST_COLUMNS:
        words = f"The sheet needs a line of heads, then at most {MOST_ROWS:,} rows, in at most {MOST_COLUMNS} columns"
        return None, [Finding("", "rows", words)]
    columns, faults = _columns(lines[0], catalogue)
    inputs = tuple(name for part, name in columns if part == WHEN)
    outputs = tuple(name for part, name in columns if part == THEN)
    rows = [_row(number, line, columns, catalogue, faults) for number, line in enumerate(lines[1:], 1)]
    return DecisionTable(key, label, inputs, outputs, tuple(rows)), faults


def _columns(heads: Sequence[str], catalogue: Catalogue) -> tuple[list[tuple[str, str]], list[Finding]]:
    named: dict[str, str] = {}
    for key, field in catalogue.items():
        named.setdefault(field.label.casefold(), key)
        named[key.casefold()] = key
    found: list[tuple[str, str]] = []
    faults: list[Finding] = []
    for head in heads:
        part, name = _column(head, named, catalogue)
        if not part and head:
            words = f'There is no fact or output called {quoted(head)}{meant(head, named)} (heads are "when followers")'
            faults.append(Finding("", head[:60], words))
        elif part in (WHEN, THEN) and (part, name) in found:
            faults.append(Finding("", name, f"The column {quoted(head)} is there twice"))
            part = ""
        found.append((part, name))
    return found, faults


def _column(head: str, named: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    said = " ".join(head.casefold().split())
    if said in (ID, "id", NOTE):
        return (NOTE if said == NOTE else ID), said
    for part in (WHEN, THEN):
        if said.startswith(part) and (name := named.get(said.removeprefix(part).strip(": "))):
            return part, name
    name = named.get(said, "")
    return ("", head) if not name else (THEN if catalogue[name].step == "table" else WHEN, name)


def _row(
    number: int, line: Sequence[str], columns: Sequence[tuple[str, str]], catalogue: Catalogue, faults: list[Finding]
) -> Row:
    name, note, when, then = "", "", dict[str, Any](), dict[str, Any]()
    for (part, key), text in zip(columns, line, strict=False):
        if part == ID:
            name = text
        elif part == NOTE:
            note = text[:500]
        elif part == THEN:
            then[key] = output_of(text, catalogue[key])
        elif part == WHEN and not is_empty(text):
            when[key] = cell_raw(text)
    if len(name) > 40:
        faults.append(Finding(name[:40], ID, f"Row {number}: its name is longer than 40 characters"))
    if any(line[len(columns) :]):
        faults.append(Finding(name[:40], "", f"Row {name[:40] or number}: there are more cells than heads"))
    return Row(name[:40] or f"R{number:02}", when, then, note)

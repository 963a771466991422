"""Everything that is wrong with a table, found before it can be published."""

from collections.abc import Mapping, Sequence
from typing import Any

from armature.arm.interaction import Value
from armature.arm.rule.cell import Anything, Cell
from armature.arm.rule.cell_text import is_empty, read_cell
from armature.arm.rule.cover import Conditions, Patience, coverage
from armature.arm.rule.field import Catalogue, Field
from armature.arm.rule.finding import Finding, listed, meant, quoted
from armature.arm.rule.table import DecisionTable, Row

NEVER_RELEASED = (
    '"automatic" is not for answers: a machine may draft, never release. Choose "draft", and a person sends it'
)


def check(table: DecisionTable, catalogue: Catalogue) -> list[Finding]:
    """All findings, in the order of the rows; empty when the table is fit to publish."""
    findings = _columns(table, catalogue) + _ids(table)
    for row in table.rows:
        findings += _conditions(row, table, catalogue)[1] + _outputs(row, table, catalogue)[1] + _silent(row, table)
    findings += _catch_all(table)
    return findings + ([] if findings else _never(table, catalogue))


def read_row(row: Row, table: DecisionTable, catalogue: Catalogue) -> tuple[dict[str, Cell], dict[str, Value]]:
    """Typed cells (only those that test something) and outputs of a row that has no findings."""
    return _conditions(row, table, catalogue)[0], _outputs(row, table, catalogue)[0]


def _columns(table: DecisionTable, catalogue: Catalogue) -> list[Finding]:
    found: list[Finding] = []
    for key in [*table.inputs, *table.outputs]:
        if key not in catalogue:
            found.append(Finding("", key, f"There is no field called {quoted(key)}{meant(key, catalogue)}"))
    for key in table.outputs:
        if key in catalogue and catalogue[key].step != "table":
            fillable = listed((name for name, field in catalogue.items() if field.step == "table"), "or", 40)
            found.append(Finding("", key, f"A table cannot fill {quoted(key)}; it can fill {fillable}"))
    if not table.outputs:
        found.append(Finding("", "outputs", "The table fills nothing: name at least one output"))
    return found


def _ids(table: DecisionTable) -> list[Finding]:
    names = [row.id for row in table.rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [Finding(name, "id", f"Row {name}: another row has the same id; each row needs its own") for name in twice]


def _fields(
    row: Row, raw: Mapping[str, Any], keys: Sequence[str], kind: str, catalogue: Catalogue
) -> tuple[list[tuple[Field, Any]], list[Finding]]:
    known, found = [], []
    for key, value in raw.items():
        if key not in catalogue:
            found.append(
                Finding(row.id, key, f"Row {row.id}: there is no field called {quoted(key)}{meant(key, keys)}")
            )
        elif key not in keys:
            found.append(Finding(row.id, key, f"Row {row.id}: {quoted(key)} is not among the table's {kind}"))
        else:
            known.append((catalogue[key], value))
    return known, found


def _conditions(row: Row, table: DecisionTable, catalogue: Catalogue) -> tuple[dict[str, Cell], list[Finding]]:
    known, found = _fields(row, row.when, table.inputs, "inputs", catalogue)
    cells: dict[str, Cell] = {}
    for field, raw in known:
        cell = read_cell(raw, field, table.lists)
        if isinstance(cell, str):
            found.append(Finding(row.id, field.key, f"Row {row.id}, {field.label}: {cell}"))
        elif not isinstance(cell, Anything):
            cells[field.key] = cell
    return {key: cells[key] for key in table.inputs if key in cells}, found


def _outputs(row: Row, table: DecisionTable, catalogue: Catalogue) -> tuple[dict[str, Value], list[Finding]]:
    known, found = _fields(row, row.then, table.outputs, "outputs", catalogue)
    values = dict.fromkeys(table.outputs)
    given = {field.key: _value(raw, field) for field, raw in known}
    for key in table.outputs:
        field = catalogue.get(key)
        value = given.get(key)
        if value is None and field and not field.optional:
            words = f'Row {row.id}: "{field.label}" is missing; it is {field.wants}'
            found.append(Finding(row.id, key, words))
        elif key == "drafting" and value == "automatic":
            found.append(Finding(row.id, key, f"Row {row.id}, drafting: {NEVER_RELEASED}"))
        elif value is not None and field and not field.accepts(value):
            words = f"Row {row.id}, {field.label}: {quoted(value)} is not {field.wants}{meant(value, field.values)}"
            found.append(Finding(row.id, key, words))
        else:
            values[key] = value
    return values, found


def _value(raw: Any, field: Field) -> Any:
    if field.type == "yes_no" and isinstance(raw, str):
        return {"yes": True, "no": False}.get(raw.strip().lower(), raw)
    return None if raw == "" else raw


def _silent(row: Row, table: DecisionTable) -> list[Finding]:
    """Not answering is a decision, and a decision has a reason."""
    if row.then.get("mode") != "none" or "reason" not in table.outputs or row.then.get("reason"):
        return []
    return [Finding(row.id, "reason", f"Row {row.id}: nobody answers here, so the output reason must say why")]


def _catch_all(table: DecisionTable) -> list[Finding]:
    last = table.rows[-1] if table.rows else None
    if last and all(is_empty(raw) for raw in last.when.values()):
        return []
    place = last.id if last else ""
    return [Finding(place, "when", "The last row must have no conditions, so that it catches whatever is left")]


def _never(table: DecisionTable, catalogue: Catalogue) -> list[Finding]:
    rows: list[Conditions] = [_conditions(row, table, catalogue)[0] for row in table.rows]
    patience = Patience()
    found = [_covered(table, rows, number, catalogue, patience) for number in range(len(rows))]
    return [finding for finding in found if finding]


def _covered(
    table: DecisionTable, rows: Sequence[Conditions], number: int, catalogue: Catalogue, patience: Patience
) -> Finding | None:
    covered = coverage(rows, number, catalogue, patience)
    row = table.rows[number].id
    if covered.example is not None:
        return None
    if covered.empty:
        words = f"Row {row} can never fire: its test of {covered.empty} accepts no value at all"
        return Finding(row, covered.empty, words)
    if not covered.by:
        words = f"Row {row}: too many rows overlap to tell whether it can ever fire"
        return Finding(row, "when", words, error=False)
    names = [table.rows[earlier].id for earlier in covered.by]
    first = f"row {names[0]} always fires" if len(names) == 1 else f"rows {listed(names)} together always fire"
    return Finding(row, "when", f"Row {row} can never fire: {first} first")

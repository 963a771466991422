"""A decision table: ordered rows, the first that matches wins. Kept as its author wrote it, faults included."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from armature.arm.rule.finding import Finding, quoted

LARGEST = 1_000_000
"""Bytes of a table's JSON."""
MOST_ROWS = 1_000
"""Rows of a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: ``when`` holds a raw cell per tested field, ``then`` a raw value per output."""

    id: str
    when: Mapping[str, Any] = field(default_factory=dict)
    then: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table as written. The last row must have no conditions: it catches whatever is left.

    ``lists`` are the company's lists that its cells name, with what was on them when it was published.
    """

    key: str
    label: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The table as UTF-8 JSON that ``read_table`` reads back unchanged."""
        rows = [
            {"id": row.id, "when": dict(row.when), "then": dict(row.then)} | ({"note": row.note} if row.note else {})
            for row in self.rows
        ]
        head = {"key": self.key, "label": self.label, "inputs": self.inputs, "outputs": self.outputs}
        lists = {"lists": {key: list(values) for key, values in self.lists.items()}} if self.lists else {}
        return json.dumps({**head, "rows": rows, **lists}, ensure_ascii=False, indent=1).encode()


def read_table(data: bytes) -> tuple[DecisionTable | None, list[Finding]]:
    """The table in ``data``, and what could not be read of it. Never raises, whatever the bytes are."""
    try:
        raw = json.loads(data, parse_constant=_refuse) if len(data) <= LARGEST else None
        if b"\\u" in data:
            must_be_text(raw)
    except (ValueError, RecursionError) as fault:
        return None, [Finding("", "", f"The table is not readable JSON: {str(fault)[:200]}")]
    if not isinstance(raw, dict):
        return None, [Finding("", "", f"The table must be a JSON object of at most {LARGEST:,} bytes")]
    findings: list[Finding] = []
    rows = raw.get("rows")
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        findings.append(Finding("", "rows", f'The table needs "rows": a list of at most {MOST_ROWS:,} rows'))
        rows = []
    table = DecisionTable(
        _text(raw, "key", findings),
        _text(raw, "label", findings),
        _names(raw, "inputs", findings),
        _names(raw, "outputs", findings),
        tuple(_row(number, row, findings) for number, row in enumerate(rows, 1)),
        _lists(raw, findings),
    )
    return table, findings


def _row(number: int, raw: object, findings: list[Finding]) -> Row:
    row = raw if isinstance(raw, dict) else {}
    name = row.get("id")
    if not isinstance(name, str) or not name or len(name) > 40:
        findings.append(Finding(str(number), "id", f'Row {number} needs an "id": a text of 1 to 40 characters'))
        name = str(number)
    parts: list[dict[str, Any]] = []
    for part in ("when", "then"):
        value = row.get(part, {})
        if not isinstance(value, dict):
            findings.append(Finding(name, part, f'Row {name}: "{part}" is {quoted(value)}, not an object with fields'))
        parts.append(value if isinstance(value, dict) else {})
    note = row.get("note", "")
    return Row(name, parts[0], parts[1], note if isinstance(note, str) else "")


def _text(raw: Mapping[str, Any], key: str, findings: list[Finding]) -> str:
    value = raw.get(key)
    if isinstance(value, str) and 0 < len(value) <= 200:
        return value
    findings.append(Finding("", key, f'The table needs a "{key}": a text of 1 to 200 characters'))
    return ""


def _names(raw: Mapping[str, Any], key: str, findings: list[Finding]) -> tuple[str, ...]:
    value = raw.get(key)
    if isinstance(value, list) and all(isinstance(name, str) for name in value) and len(set(value)) == len(value):
        return tuple(value)
    findings.append(Finding("", key, f'The table needs "{key}": a list of different field names'))
    return ()


def _lists(raw: Mapping[str, Any], findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    given = raw.get("lists", {})
    if isinstance(given, dict) and all(isinstance(values, list) for values in given.values()):
        lists = {key: tuple(values) for key, values in given.items()}
        if all(isinstance(value, str) for values in lists.values() for value in values):
            return lists
    findings.append(Finding("", "lists", 'The table\'s "lists" must be an object: texts by the key of each list'))
    return {}


def must_be_text(raw: object) -> None:
    """Raises ``ValueError`` where JSON escapes made what no text can hold: NUL, half of a pair of surrogates."""
    todo = [raw]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            one.encode()
            if "\x00" in one:
                raise ValueError("it holds a character that no text can have (NUL)")
        elif isinstance(one, dict):
            todo += [*one, *one.values()]
        elif isinstance(one, list):
            todo += one


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number that can be compared")

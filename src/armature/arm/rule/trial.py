"""A table tried on some facts while it is still being written: which row fires, and why those above it do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from armature.arm.interaction import Value
from armature.arm.rule.cell import Cell
from armature.arm.rule.compiled import Facts, Missed
from armature.arm.rule.cover import Conditions, overlapping
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, errors, listed
from armature.arm.rule.sentence import sentence
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.table_check import check, read_row

MOST_COMPARED = 200
"""Rows up to which every two of them are compared: that takes as many steps as there are pairs."""


@dataclass(frozen=True, slots=True)
class Tried:
    """``fired`` is the id of the row that wins, empty when none does; ``faulty`` are rows passed over for errors."""

    fired: str = ""
    missed: tuple[Missed, ...] = ()
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """A table as its author sees it: each row's tests and outputs as far as they can be read, and all findings."""

    table: DecisionTable
    catalogue: Catalogue
    cells: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def of(self, row: str) -> list[Finding]:
        """What is found about one row; with an empty id about the table."""
        return [one for one in self.findings if one.place == row]

    def sentence(self, row: str) -> str:
        """The row in words; what cannot be read is left out."""
        outputs = {key: value for key, value in self.outputs[row].items() if value is not None}
        return sentence(self.cells[row], outputs, self.catalogue)

    def tried(self, facts: Facts) -> Tried:
        """What the rows without errors make of these facts."""
        wrong = {one.place for one in errors(self.findings) if one.field not in ("when", "")}
        missed: list[Missed] = []
        faulty: list[str] = []
        for row in self.table.rows:
            if row.id in wrong:
                faulty.append(row.id)
                continue
            cells = self.cells[row.id]
            failed = next((key for key, cell in cells.items() if not cell.matches(facts.get(key))), None)
            if failed is None:
                return Tried(row.id, tuple(missed), tuple(faulty))
            missed.append((row.id, failed, cells[failed].words(self.catalogue[failed]), facts.get(failed)))
        return Tried("", tuple(missed), tuple(faulty))


def looked_at(table: DecisionTable, catalogue: Catalogue) -> Looked:
    """The table with everything that is to be said about it; never raises, whatever stands in it."""
    known = {row.id: read_row(row, table, catalogue) for row in table.rows}
    findings = check(table, catalogue)
    if not errors(findings):
        findings += overlaps(table, catalogue)
    cells, outputs = ({row: parts[n] for row, parts in known.items()} for n in (0, 1))
    return Looked(table, catalogue, cells, outputs, tuple(findings))  # type: ignore[arg-type]


def overlaps(table: DecisionTable, catalogue: Catalogue) -> list[Finding]:
    """Notes: rows of which rows above take a part and say otherwise, where neither holds the other.

    An exception above its rule lies wholly inside it; that is how tables are written, and no note. Nor are rows that
    test nothing in common: these always meet.
    """
    if len(table.rows) > MOST_COMPARED:
        return []
    read = [read_row(row, table, catalogue) for row in table.rows]
    rows: list[Conditions] = [cells for cells, _outputs in read]
    found = []
    for number, row in enumerate(table.rows):
        first = [
            n
            for n in overlapping(rows, number, catalogue)
            if read[n][1] != read[number][1] and rows[n].keys() & rows[number]
        ]
        if first:
            names = listed(table.rows[n].id for n in first)
            words = f"Row {row.id}: what also fits {'row' if len(first) == 1 else 'rows'} {names} is decided there"
            found.append(Finding(row.id, "when", words, error=False))
    return found

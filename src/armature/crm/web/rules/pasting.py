"""Cells pasted from a spreadsheet, and whole tables brought in as CSV or XLSX."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO

from django.http import HttpRequest
from django.utils.translation import gettext as _

from armature.arm.rule import rewriting
from armature.arm.rule.field import Catalogue
from armature.arm.rule.sheet import MOST_COLUMNS, cell_raw, from_cells
from armature.arm.rule.table import MOST_ROWS, DecisionTable
from armature.crm.accounts.access import Refused
from armature.crm.decide import company_facts
from armature.crm.listen.imports import sheets
from armature.crm.listen.imports.records import NotReadable
from armature.crm.listen.imports.tables import as_written
from armature.crm.web import given
from armature.crm.web.rules import grid

LARGEST = 2_000_000
"""Bytes of a sheet, characters of what is pasted."""
MOST_CELLS = 20_000


def pasted(request: HttpRequest, table: DecisionTable) -> DecisionTable:
    """The cells, from the one that was chosen on, to the right and down; rows that are missing are added."""
    facts = company_facts.for_drawing()
    text = given.words(request, "text", LARGEST)
    lines = [line.split("\t") for line in text.rstrip("\n").split("\n")]
    if not text or sum(map(len, lines)) > MOST_CELLS:
        raise Refused(_("Paste up to {most} cells.").format(most=f"{MOST_CELLS:,}"))
    shown = grid.columns(table, facts, [key[:60] for key in request.GET.getlist("show")][:50])
    names = [(column.key, column.fills) for column in shown]
    began = (given.words(request, "field", 60), request.POST.get("fills") == "1")
    at, column = rewriting.place_of(table, given.words(request, "row", 60)), names.index(began) if began in names else 0
    for number, line in enumerate(lines, at):
        if number >= len(table.rows):
            table = rewriting.added(table)[0]
            table = rewriting.moved(table, table.rows[-2].id, 1)
        row = table.rows[number].id
        for (key, fills), cell in zip(names[column:], line, strict=False):
            table = _put(table, row, key, fills, cell.strip(), facts)
    return table


def _put(table: DecisionTable, row: str, key: str, fills: bool, text: str, facts: Catalogue) -> DecisionTable:
    if key not in facts:
        return table
    if fills:
        return rewriting.with_output(table, row, key, rewriting.output_of(text, facts[key]))
    return rewriting.with_cell(table, row, key, cell_raw(text))


def brought_in(file: IO[bytes], table: DecisionTable) -> DecisionTable:
    """The table that a sheet holds, under the key and name of this one. Raises ``Refused`` with what cannot be read."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused(_("The file is larger than {most} MB.").format(most=LARGEST // 1_000_000))
    try:
        cells = _workbook(data) if data[:2] == b"PK" else _csv(data)
    except NotReadable as problem:
        raise Refused(str(problem)) from None
    found, faults = from_cells(cells, key=table.key, label=table.label, catalogue=company_facts.for_drawing())
    if found is None or faults:
        raise Refused(" ".join(one.words + "." for one in faults[:10]))
    return found


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter)
        return [[as_written(cell) for cell in line] for line in _enough(lines)]
    except csv.Error as problem:
        raise Refused(_("The file is no CSV that can be read: {problem}").format(problem=problem)) from None


def _workbook(data: bytes) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(data)
        with closing(sheets.Sheet(path)) as sheet:
            records = _enough(record.cells for record in sheet.records())
            return [list(sheet.heads[: MOST_COLUMNS + 1]), *([sheet_text(cell) for cell in cells] for cells in records)]


def _enough(lines: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """As much of a sheet as shows that it is too large: what no table can hold is not read to its end."""
    held = (line[: MOST_COLUMNS + 1] for line in lines if any(line))
    return islice(held, MOST_ROWS + 2)


def sheet_text(cell: str) -> str:
    """A cell of a workbook: spreadsheets say true and false where people say yes and no."""
    return {"true": "yes", "false": "no"}.get(cell, cell).replace("\x00", "")

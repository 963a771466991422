"""A table as a file to take away."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse

from armature.arm.rule import compile_table
from armature.arm.rule.dmn import to_dmn
from armature.arm.rule.finding import Unfit
from armature.arm.rule.sheet import to_cells
from armature.arm.rule.table import DecisionTable
from armature.crm.decide import company_facts
from armature.crm.listen.imports.tables import inert

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "dmn": "application/xml",
    "json": "application/json",
}


def as_file(table: DecisionTable, form: str) -> HttpResponse:
    """The table in one of these forms. A table that names what is gone meanwhile is read as it runs."""
    body = {"csv": _csv, "xlsx": _workbook, "dmn": _dmn, "json": DecisionTable.to_json}[form](table)
    response = HttpResponse(body, content_type=FILES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{table.key}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _cells(table: DecisionTable) -> Sequence[Sequence[str]]:
    return to_cells(table, company_facts.for_drawing())


def _csv(table: DecisionTable) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([inert(cell) for cell in line] for line in _cells(table))
    return b"\xef\xbb\xbf" + text.getvalue().encode(errors="replace")


def _workbook(table: DecisionTable) -> bytes:
    """Each cell is a text, whatever it looks like."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("rules")

    def text(cell: str) -> object:
        one = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_767])
        one.data_type = "s"
        return one

    for line in _cells(table):
        sheet.append([text(cell) for cell in line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _dmn(table: DecisionTable) -> bytes:
    try:
        return to_dmn(compile_table(table, company_facts.for_drawing()))
    except Unfit:
        return to_dmn(compile_table(table, company_facts.for_running()))

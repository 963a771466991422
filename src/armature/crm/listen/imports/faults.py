"""The file of what is to be mended: the records that were not taken, in the format they came in, with the reason.

Mended, it is uploaded like any other file: the column with the reasons is not looked at, and no cell of it runs.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing

from armature.crm.listen.imports import kept, kinds, mapping, queries
from armature.crm.listen.imports.models import Import, ImportRow
from armature.crm.listen.imports.tables import inert

TOGETHER = 500


def name_of(job: Import) -> str:
    """What it is called."""
    endings = {"xlsx": "xlsx", "mbox": "mbox", "mails": "mbox", "csv": "csv", "vcard": "csv"}
    return f"{job.name.rpartition('.')[0][:80] or job.name[:80]}-to-mend.{endings.get(job.kind, 'jsonl')}"


def written(job: Import) -> Iterator[bytes]:
    """Its bytes, piece by piece; memory does not grow with it."""
    match job.kind:
        case "csv" | "vcard":
            return _csv(job)
        case "xlsx":
            return _workbook(job)
        case "mbox" | "mails":
            return _mails(job)
    return _lines(job)


def _why(row: ImportRow, job: Import) -> str:
    """Where it stood, which column, and what to do."""
    column = job.mapping.get(row.field)
    head = f"{job.heads[column]}: " if column is not None and column < len(job.heads) else ""
    return f"{row.place}: {head}{row.why}"


def _cells(row: ImportRow, job: Import) -> list[str]:
    cells = list(row.cells or [])[: len(job.heads)]
    return cells + [""] * (len(job.heads) - len(cells))


def _heads(job: Import) -> list[str]:
    return [head for head in job.heads if head != mapping.REASON]


def _csv(job: Import) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=str(job.options.get("delimiter") or ","), quoting=csv.QUOTE_ALL)
    heads = _heads(job)
    sheet.writerow([*map(inert, heads), mapping.REASON])
    for number, row in enumerate(queries.faulty(job), 1):
        sheet.writerow([inert(cell) for cell in (*_cells(row, job)[: len(heads)], _why(row, job))])
        if number % TOGETHER == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _lines(job: Import) -> Iterator[bytes]:
    heads = _heads(job)
    for row in queries.faulty(job):
        cells = dict(zip(heads, _cells(row, job), strict=False))
        line = {**{head: cell for head, cell in cells.items() if cell}, mapping.REASON: _why(row, job)}
        yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _workbook(job: Import) -> Iterator[bytes]:
    """Each cell is a text, whatever it looks like."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("to mend")
    heads = _heads(job)

    def text(cell: str) -> object:
        one = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_767])
        one.data_type = "s"
        return one

    sheet.append([text(cell) for cell in (*heads, mapping.REASON)])
    for row in queries.faulty(job):
        sheet.append([text(cell) for cell in (*_cells(row, job)[: len(heads)], _why(row, job))])
    with tempfile.TemporaryFile() as kept:
        book.save(kept)
        kept.seek(0)
        while piece := kept.read(65_536):
            yield piece


def _mails(job: Import) -> Iterator[bytes]:
    """The mails themselves, out of the file that was uploaded; the reason is their first header."""
    reasons = iter(queries.faulty(job))
    row = next(reasons, None)
    if row is None:
        return
    with (
        closing(kinds.opened(kept.path(job.digest), job.kind, job.options)) as source,
        closing(source.records()) as all_,
    ):
        for record in all_:
            if row is None:
                return
            if record.number == row.number:
                why = " ".join(_why(row, job).split()).encode("ascii", "replace")
                yield b"From to-mend\nX-Not-Taken: " + why + b"\n"
                yield record.raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ") + b"\n"
                row = next(reasons, None)

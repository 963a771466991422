"""Excel workbooks (XLSX), the first sheet row by row; what is a bomb is refused before anything of it is unpacked."""

import zipfile
from collections.abc import Generator, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from armature.crm.listen.imports.records import (
    MOST_ENTRIES,
    MOST_RATIO,
    MOST_UNPACKED,
    NotReadable,
    Record,
    heads_of,
    row_of,
)

_LEAST_TO_COMPARE = 1_000_000
"""Bytes from which on the ratio of a part counts: tiny parts of honest files are packed very tightly."""
MOST_PARTS = 1_000
MOST_ROWS = 1_048_576
"""Of a sheet, as the format has it. A row may say of itself that it is the ten thousand millionth."""


def looked_at(path: Path, most: int = MOST_UNPACKED, entries: int = MOST_ENTRIES) -> zipfile.ZipFile:
    """The zip, when what it says of itself is no bomb; raises ``NotReadable``. Zip checks it."""
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
        raise NotReadable(
            _("The file is damaged, or no zip at all (%(problem)s): save or pack it once more.") % {"problem": problem}
        ) from None
    parts = packed.infolist()
    if len(parts) > entries:
        raise NotReadable(
            _("The file holds %(n1)s parts; up to %(entries)s are read. Divide it.")
            % {"n1": len(parts), "entries": entries}
        )
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable(_("The file is locked with a password: save it without one."))
    if sum(part.file_size for part in parts) > most:
        raise NotReadable(
            _("Unpacked this is more than %(n1)s MB. Divide it, or save the table as CSV.") % {"n1": most // 1000000}
        )
    for part in parts:
        if part.file_size > _LEAST_TO_COMPARE and part.file_size > MOST_RATIO * max(1, part.compress_size):
            words = _("A part of it unpacks to more than a hundred times its size, as attacks do: it is not opened.")
            raise NotReadable(words)
    return packed


class Sheet:
    """The first sheet of a workbook."""

    def __init__(self, path: Path) -> None:
        import openpyxl

        with looked_at(path, entries=MOST_PARTS) as packed:
            _refuse_entities(packed)
        self._stream = path.open("rb")
        try:
            self._book = openpyxl.load_workbook(self._stream, read_only=True, data_only=True, keep_links=False)
            sheet = self._book.worksheets[0]
        except Exception as problem:  # whatever a strange workbook makes of the library
            self._stream.close()
            words = _("The workbook cannot be read (%(name)s): save it as XLSX or CSV once more.") % {
                "name": type(problem).__name__
            }
            raise NotReadable(words) from problem
        sheet.reset_dimensions()
        self._rows = sheet.iter_rows(max_row=MOST_ROWS, values_only=True)
        self._gone = 0
        try:
            self._most = max(2, _rows_of(path))
            self.heads = heads_of(_trimmed(next(self._read(), (0, []))[1]))
        except NotReadable:
            self.close()
            raise

    def close(self) -> None:
        """See ``Source``."""
        self._book.close()
        self._stream.close()

    @property
    def share(self) -> float:
        """See ``Source``."""
        return min(1.0, self._gone / self._most)

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            try:
                row = next(self._rows, None)
            except Exception as problem:  # damaged in the middle
                words = _("From row %(n1)s on the sheet is damaged (%(name)s): save it as CSV.") % {
                    "n1": self._gone + 1,
                    "name": type(problem).__name__,
                }
                raise NotReadable(words) from problem
            if row is None:
                return
            self._gone += 1
            cells = [text_of(cell) for cell in row]
            if any(cells):
                yield self._gone, cells

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        for number, (row, cells) in enumerate(self._read(), 1):
            yield row_of(number, _("row %(row)s") % {"row": row}, _trimmed(cells), self.heads)


def text_of(cell: Any) -> str:
    """A cell as text: dates as ISO 8601, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end that a format leaves behind."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _rows_of(path: Path) -> int:
    """How many rows the sheet says it has; a guess by its size where it says nothing."""
    import re

    with zipfile.ZipFile(path) as packed:
        name = next((one for one in sorted(packed.namelist()) if one.startswith("xl/worksheets/sheet")), "")
        if not name:
            raise NotReadable(_("The workbook has no sheet with rows."))
        with packed.open(name) as part:
            found = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"', part.read(4096))
        return int(found[1]) if found else packed.getinfo(name).file_size // 300


def _refuse_entities(packed: zipfile.ZipFile) -> None:
    """Nothing that a spreadsheet writes declares entities; what does wants to grow or to read files."""
    for name in packed.namelist():
        if name.endswith((".xml", ".rels")):
            with packed.open(name) as part:
                begin = part.read(65_536)
            if begin[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in begin or b"<!ENTITY" in begin:
                raise NotReadable(_("The workbook declares entities, which no spreadsheet does: it is not opened."))

"""CSV of any encoding and delimiter that spreadsheets write, row by row; and cells that no spreadsheet runs."""

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from armature.crm.listen.imports.records import (
    LONGEST_CELL,
    LONGEST_LINE,
    Counting,
    NotReadable,
    Record,
    heads_of,
    row_of,
)

DELIMITERS = ",;\t|"
SAMPLE = 262_144
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
_FORMULA = re.compile(r"\s*'*[=+\-@|%\t\r\n＝＋－＠]")


def inert(cell: str) -> str:
    """A cell that no spreadsheet runs: what begins like a formula gets a sign before it, which reading takes off."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """A cell without the sign that made it inert."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def encoding_of(begin: bytes) -> str:
    """How the file is written, by how it begins."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if begin.startswith(mark):
            return name
    few = begin[:4096]
    if few.count(0) > len(few) // 4:
        return "utf-16-be" if few[::2].count(0) > few[1::2].count(0) else "utf-16-le"
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(begin)
    bad, good = text.count("\ufffd"), sum(sign > "\x7f" for sign in text)
    return "cp1252" if bad * 3 > good else "utf-8"


def delimiter_of(begin: str) -> str:
    """What stands between cells: what the first line has most of, outside quotes."""
    bare = re.sub(r'"[^"]*"?', "", next((line for line in begin.splitlines() if line.strip()), ""))
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


class Lines:
    """The lines of a text, in any encoding; one that is longer than any row is a ``csv.Error``, and passed over."""

    def __init__(self, counting: Counting, encoding: str) -> None:
        self._counting, self._waiting, self._left = counting, list[str](), ""
        errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self.number, self._first = 0, True
        self._of_row = 0

    def begin_row(self) -> None:
        """The next line begins a row."""
        self._of_row = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        while not self._waiting:
            if not self._read():
                line, self._left = self._left, ""
                if not line:
                    raise StopIteration
                self.number += 1
                return line
        self.number += 1
        line = self._waiting.pop() + "\n"
        self._of_row += len(line)
        if self._of_row > LONGEST_LINE:  # of ever more cells, each of several lines
            raise csv.Error("more than 4 MB")
        return line

    def _read(self) -> bool:
        piece = self._counting.piece()
        text = self._decoder.decode(piece, final=not piece)
        if self._first and text:
            text, self._first = text.lstrip("\ufeff"), False
        lines = (self._left + text).split("\n")
        self._left = lines.pop()
        self._waiting = lines[::-1]
        if not lines and len(self._left) > LONGEST_LINE:
            self._pass_over()
            raise csv.Error("more than 4 MB")
        return bool(piece)

    def _pass_over(self) -> None:
        while piece := self._counting.piece():
            head, end, rest = self._decoder.decode(piece).partition("\n")
            if end:
                lines = rest.split("\n")
                self._left = lines.pop()
                self._waiting = lines[::-1]
                break
            del head
        else:
            self._left = ""
        self.number += 1


class Table:
    """A CSV file."""

    def __init__(self, path: Path, encoding: str = "", delimiter: str = "") -> None:
        stream = path.open("rb")
        begin = stream.read(SAMPLE)
        self.encoding = encoding or encoding_of(begin)
        self.delimiter = delimiter or delimiter_of(begin.decode(self.encoding, "replace").lstrip("\ufeff"))
        stream.seek(0)
        self._counting = Counting(stream, path.stat().st_size)
        csv.field_size_limit(LONGEST_CELL)
        self._lines = Lines(self._counting, self.encoding)
        self._rows = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self._found = self._read()
        try:
            self.heads = self._first_row()
        except NotReadable:
            self.close()
            raise

    def _first_row(self) -> list[str]:
        first = next(self._found, None)
        if first is None:
            raise NotReadable(_("The file is empty."))
        if isinstance(first[1], str):
            raise NotReadable(
                _("The first row, which names the columns, cannot be read: %(first)s") % {"first": first[1]}
            )
        return heads_of(first[1])

    def close(self) -> None:
        """See ``Source``."""
        self._counting.close()

    @property
    def share(self) -> float:
        """See ``Source``."""
        return self._counting.share

    def _read(self) -> Iterator[tuple[int, list[str] | str]]:
        """Each row with the line it begins at, or what is wrong there."""
        begins = 1
        while True:
            self._lines.begin_row()
            try:
                cells = next(self._rows, None)
            except csv.Error as problem:
                yield begins, _words(problem, begins, self._lines.number)
                begins = self._lines.number + 1
                continue
            if cells is None:
                return
            if any(cells):
                yield begins, [as_written(cell) for cell in cells]
            begins = self._lines.number + 1

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        for number, (line, cells) in enumerate(self._found, 1):
            if isinstance(cells, str):
                yield Record(number, _("line %(line)s") % {"line": line}, [], cells)
            else:
                yield row_of(number, _("line %(line)s") % {"line": line}, cells, self.heads)


def _words(problem: csv.Error, begins: int, ends: int) -> str:
    if "expected after" in str(problem):
        return _('behind a quotation mark that closes a cell there must be a delimiter; write "" for a mark inside')
    if "more than 4 MB" in str(problem):
        return _("this line has more than 4 MB, which no message has: it is left out")
    words = _("a quotation mark here is never closed: lines %(begins)s to %(ends)s are not taken, add the closing one")
    return words % {"begins": begins, "ends": ends}

"""What every reader of a file hands out, and the limits that hold for all of them."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

MOST_COLUMNS = 200
LONGEST_CELL = 1_000_000
LONGEST_LINE = 4_000_000
"""Bytes of one line of text or JSON."""
LONGEST_MAIL = 40_000_000
MOST_UNPACKED = 200_000_000
"""Bytes of a zip or of an Excel file, unpacked."""
MOST_RATIO = 100
MOST_ENTRIES = 50_000
LONGEST_HEAD = 80
_NO_LETTER = re.compile("[\ud800-\udfff]")


class NotReadable(ValueError):
    """Nothing can be made of the whole file; the words say why and what to do."""


@dataclass(slots=True)
class Record:
    """One row, line, mail or comment: its ``number`` in the file from 1, its place in words, and its cells by column.

    ``wrong`` says why it cannot be read at all. ``raw`` is a mail as it stands.
    """

    number: int
    place: str
    cells: list[str]
    wrong: str = ""
    raw: bytes = b""


class Source(Protocol):
    """A file that was opened. ``share`` is how much of it was read, from 0 to 1."""

    heads: list[str]

    def close(self) -> None:
        """It is read no further."""

    @property
    def share(self) -> float:
        """How much of it was read."""

    def records(self) -> Generator[Record, None, None]:
        """All records, once, in order; memory does not grow with the file."""


class Counting:
    """A stream that knows how much of it was read."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.stream, self.size, self.read_bytes = stream, max(1, size), 0

    def close(self) -> None:
        """It is read no further."""
        self.stream.close()

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.read_bytes / self.size)

    def piece(self) -> bytes:
        """The next bytes, none at the end."""
        piece = self.stream.read(65_536)
        self.read_bytes += len(piece)
        return piece

    def lines(self, most: int = LONGEST_LINE) -> Iterator[bytes | None]:
        """Lines with their ends; None for one that is longer than ``most`` bytes, which is passed over."""
        while piece := self.stream.readline(most):
            self.read_bytes += len(piece)
            if len(piece) < most or piece.endswith(b"\n"):
                yield piece
                continue
            while (rest := self.stream.readline(65_536)) and not rest.endswith(b"\n"):
                self.read_bytes += len(rest)
            self.read_bytes += len(rest)
            yield None


class Counted:
    """A file of which is known how much was read; see ``Source``."""

    def __init__(self, path: Path) -> None:
        self._counting = Counting(path.open("rb"), path.stat().st_size)

    def close(self) -> None:
        """See ``Source``."""
        self._counting.close()

    @property
    def share(self) -> float:
        """See ``Source``."""
        return self._counting.share


def heads_of(cells: list[str]) -> list[str]:
    """The heads of a table, told apart: raises ``NotReadable`` when there are too many or none."""
    if len(cells) > MOST_COLUMNS:
        raise NotReadable(
            _("There are %(n1)s columns; up to %(most_columns)s are read. Take out the others.")
            % {"n1": len(cells), "most_columns": MOST_COLUMNS}
        )
    if not any(cell.strip() for cell in cells):
        raise NotReadable(_("The first row is empty: it must name the columns."))
    heads: list[str] = []
    for number, cell in enumerate(cells, 1):
        bare = _NO_LETTER.sub("\ufffd", cell.replace("\x00", ""))
        head = " ".join(bare.split())[:LONGEST_HEAD] or f"column {number}"
        heads.append(head if head not in heads else f"{head} ({number})"[-LONGEST_HEAD:])
    return heads


def row_of(number: int, place: str, cells: list[str], heads: list[str]) -> Record:
    """A row of a table, or what is wrong with it."""
    if len(cells) > len(heads) and any(cells[len(heads) :]):
        words = _("there are %(n1)s cells and %(n2)s columns: put text that holds the delimiter in quotes") % {
            "n1": len(cells),
            "n2": len(heads),
        }
        return Record(number, place, cells[: len(heads)], words)
    cells = cells[: len(heads)] + [""] * (len(heads) - len(cells))
    for head, cell in zip(heads, cells, strict=True):
        if "\x00" in cell:
            words = _("the column “%(head)s” holds a NUL byte, which no text has: take it out") % {"head": head}
            return Record(number, place, [one.replace("\x00", "") for one in cells], words)
        if _NO_LETTER.search(cell):
            words = _(
                "the column “%(head)s” holds bytes that are no letters in the encoding of the file: save it as UTF-8"
            ) % {"head": head}
            return Record(number, place, [one.encode("utf-8", "replace").decode() for one in cells], words)
        if len(cell) > LONGEST_CELL:
            words = _("the column “%(head)s” holds %(n2)s characters; up to %(longest_cell)s are kept") % {
                "head": head,
                "n2": len(cell),
                "longest_cell": LONGEST_CELL,
            }
            return Record(number, place, [one[:1000] for one in cells], words)
    return Record(number, place, cells)

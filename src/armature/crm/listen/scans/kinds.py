"""What a file is that somebody uploads as paper, told by its bytes; and whether it is small enough to be read."""

import re
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from armature.crm.listen.scans import programs

MOST_BYTES = 20_000_000
MOST_PAGES = 30
MOST_DOTS = 40_000_000
"""Of one picture: width times height."""
LEAST = 16
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
"""The kinds of JPEG that browsers and readers of text know."""


class NotTaken(Exception):
    """This file is not taken; the words say why and what to do, without its name."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a file is: its type and how many pages it has."""

    content_type: str
    pages: int


def content_type_of(body: bytes) -> str:
    """The type by its first bytes, whatever its name says; raises ``NotTaken``."""
    if body.startswith(b"%PDF-"):
        return PDF
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    raise NotTaken(_("it is neither PDF nor PNG nor JPEG: scan it again as one of these."))


def look(body: bytes) -> Paper:
    """What these bytes are; raises ``NotTaken``, and ``programs.Missing``."""
    content_type = content_type_of(body)
    if content_type == PDF:
        with tempfile.NamedTemporaryFile(prefix="armature-paper-") as file:
            file.write(body)
            file.flush()
            return Paper(PDF, _pages_of(file.name))
    width, height = size_of(body, content_type)
    if min(width, height) < LEAST:
        raise NotTaken(_("it has no picture that could be read: scan it again."))
    if width * height > MOST_DOTS:
        words = {"most": MOST_DOTS // 1_000_000, "width": width, "height": height}
        raise NotTaken(
            _("its picture has %(width)s × %(height)s dots, and %(most)s million are taken: scan at 300 dpi.") % words
        )
    return Paper(content_type, 1)


def _pages_of(path: str) -> int:
    try:
        said = programs.run(["pdfinfo", path], seconds=10).decode(errors="replace")
    except programs.Unreadable as problem:
        if "password" in str(problem).lower():
            raise NotTaken(_("it is locked with a password: save it without one.")) from problem
        raise NotTaken(_("this PDF is damaged (%s): scan it again.") % problem) from problem
    found = re.search(r"^Pages:\s+(\d+)$", said, re.MULTILINE)
    pages = int(found[1]) if found else 0
    if not pages:
        raise NotTaken(_("this PDF has no pages: scan it again."))
    if pages > MOST_PAGES:
        raise NotTaken(_("it has %(pages)s pages, and %(most)s are taken: divide it.") % {
            "pages": pages, "most": MOST_PAGES,
        })  # fmt: skip
    return pages


def size_of(body: bytes, content_type: str) -> tuple[int, int]:
    """Width and height of a picture in dots, as its head says; nothing is unpacked for it."""
    return _png_size(body) if content_type == PNG else _jpeg_size(body)


def _png_size(body: bytes) -> tuple[int, int]:
    if body[12:16] != b"IHDR" or len(body) < 24:
        return 0, 0
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def _jpeg_size(body: bytes) -> tuple[int, int]:
    for marker, start in _segments(body):
        if marker in _FRAMES and len(body) >= start + 7:
            height, width = struct.unpack(">HH", body[start + 3 : start + 7])
            return width, height
    return 0, 0


def _segments(body: bytes) -> Iterator[tuple[int, int]]:
    """The marker of each segment up to the picture itself, and where what it holds (its length first) begins."""
    at = 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        yield marker, at + 2
        if marker == 0xDA:
            return
        at += 2 + max(2, int.from_bytes(body[at + 2 : at + 4], "big"))

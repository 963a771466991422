"""Reading one page by machine: a picture of it, then each word with how sure the machine is and where it stands."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from armature.crm.listen.scans import kinds, programs

LONG_SIDE = 2400
"""Dots along the longer side of a page of a PDF; A4 has about 205 an inch then."""
SURE = 70
"""Words below this confidence are shown to whoever checks them."""
SAME, LINE, PARAGRAPH = 0, 1, 2
GAPS = (" ", "\n", "\n\n")
Word = tuple[str, int, int, int, int, int, int]
"""Text, confidence from 0 to 100, left, top, width, height; and what begins with it: nothing, a line, a paragraph."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as tesseract and the screen get it."""

    body: bytes
    width: int
    height: int


def picture(path: Path, content_type: str, number: int) -> Picture:
    """A page of a file as a picture; pages count from 1. Raises ``programs.Unreadable`` and ``Missing``."""
    if content_type != kinds.PDF:
        return _measured(path.read_bytes(), content_type)
    with tempfile.TemporaryDirectory(prefix="armature-page-") as folder:
        asked = ["-f", str(number), "-l", str(number), "-scale-to", str(LONG_SIDE), "-gray", "-png", "-singlefile"]
        programs.run(["pdftoppm", *asked, str(path), f"{folder}/page"])
        made = Path(folder) / "page.png"
        if not made.is_file():
            raise programs.Unreadable(f"page {number} is not in the file")
        return _measured(made.read_bytes(), kinds.PNG)


def _measured(body: bytes, content_type: str) -> Picture:
    width, height = kinds.size_of(body, content_type)
    return Picture(body, width, height)


def words_of(body: bytes, languages: str) -> list[Word]:
    """Every word on a picture, in the order of reading; raises ``programs.Unreadable`` and ``Missing``."""
    if problem := programs.missing(languages):
        raise programs.Missing(problem)
    with tempfile.NamedTemporaryFile(prefix="armature-page-") as file:
        file.write(body)
        file.flush()
        told = programs.run(["tesseract", file.name, "stdout", "-l", languages, "--dpi", "200", "tsv"])
    return _words(told.decode(errors="replace").splitlines()[1:])


def _words(lines: Sequence[str]) -> list[Word]:
    """The rows of tesseract's table that are words. Its columns: level, page, block, paragraph, line, word,
    box, confidence, text.
    """
    found: list[Word] = []
    last: tuple[str, ...] = ()
    for line in lines:
        cells = line.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not (text := cells[11].replace("\x00", "").strip()):
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        place = tuple(cells[2:5])
        begins = SAME if place == last else LINE if place[:2] == last[:2] else PARAGRAPH
        found.append((text[:200], max(0, round(float(cells[10]))), left, top, width, height, begins))
        last = place
    return found


def text_of(words: Sequence[Sequence[object]]) -> str:
    """Words as text, with the lines and paragraphs of the paper."""
    text = ""
    for word, *_box, begins in words:
        text += f"{GAPS[int(str(begins))] if text else ''}{word}"
    return text

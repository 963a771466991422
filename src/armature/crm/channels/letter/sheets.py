"""Sheets of paper as PDF: our address, theirs where a window envelope shows it, date, subject, and the exact words."""

import io
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from armature.crm.channels import post
from armature.crm.channels.port import Attachment, Outgoing

USUAL_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, BOTTOM, TOP = 25 * MM, 20 * MM, 25 * MM, 30 * MM
WINDOW = 50 * MM
"""Where the address begins below the upper edge, for the window of an envelope (DIN 5008)."""
SIZE, LEADING = 11, 15.5
WIDEST = 400
"""Letters of a word that are tried on one line: more never fit, however slim."""
MISSING = (
    "The library that sets letters is not installed. Install it: pip install “armature[letters]”, then send again."
)


class CannotSet(Exception):
    """The words cannot be set with this font; what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """We, as we stand on our letters."""

    name: str
    address: Sequence[str]
    contact: str = ""


def font_problem(path: str) -> str:
    """Why letters cannot be set with the font in this file; empty when they can."""
    if not Path(path).is_file():
        return f"there is no file {path}: install fonts-dejavu-core, or name the file of another TrueType font"
    try:
        _font(path)
    except CannotSet as wrong:
        return str(wrong)
    return ""


def letter(sender: Sender, outgoing: Outgoing, font: str) -> Attachment:
    """The document to print; raises ``CannotSet`` when a letter of it has no shape in the font."""
    name, face = _font(font)
    to = post.block(outgoing.recipients[0])
    text = unicodedata.normalize("NFC", outgoing.text)  # an accent of its own would stand beside its letter
    _all_can_be_set(face, [sender.name, *sender.address, sender.contact, *to, outgoing.subject, text])
    from reportlab.pdfgen.canvas import Canvas

    page = io.BytesIO()
    sheet = _Sheet(Canvas(page, pagesize=(WIDTH, HEIGHT), invariant=1), name)
    sheet.canvas.setTitle(outgoing.subject or "Letter")
    sheet.canvas.setAuthor(sender.name)
    sheet.head(sender, to, outgoing.subject)
    for line in text.replace("\t", "    ").splitlines():
        sheet.write(line)
    sheet.canvas.save()
    return Attachment(f"letter-{outgoing.external_id[:8]}.pdf", "application/pdf", page.getvalue())


def _font(path: str) -> tuple[str, Any]:
    """The name under which the font is known to the library, and its face."""
    try:
        from reportlab.pdfbase import pdfmetrics, ttfonts
    except ImportError:
        raise CannotSet(MISSING) from None
    name = f"letters:{path}"
    try:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(ttfonts.TTFont(name, path))
        return name, pdfmetrics.getFont(name).face
    except Exception as problem:  # whatever a broken font makes the library raise
        raise CannotSet(f"{path} is no TrueType font that can be used ({problem}): name another file") from problem


def _all_can_be_set(face: Any, texts: Sequence[str]) -> None:
    letters = dict.fromkeys(letter for text in texts for letter in text if not letter.isspace())
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters):
        raise CannotSet("Words that run from right to left cannot be set here yet: print this answer another way.")
    missing = [letter for letter in letters if ord(letter) not in face.charToGlyph]
    if missing:
        raise CannotSet(
            f"The font has no shape for {' '.join(missing[:10])}. Leave these letters out, or name a font that has "
            "them in the settings of the channel, at “Font of letters”."
        )


class _Sheet:
    """The page that is written on."""

    def __init__(self, canvas: Any, font: str) -> None:
        self.canvas, self.font = canvas, font
        self.number, self.y = 1, HEIGHT - TOP
        self._use(SIZE)

    def _use(self, size: float) -> None:
        self.size = size
        self.canvas.setFont(self.font, size)

    def head(self, sender: Sender, to: Sequence[str], subject: str) -> None:
        """Everything above the words."""
        self._use(9)
        y = HEIGHT - 15 * MM
        for line in [sender.name, *sender.address, *([sender.contact] if sender.contact else [])]:
            self.canvas.drawRightString(WIDTH - RIGHT, y, line)
            y -= 12
        self._use(SIZE)
        self.y = HEIGHT - WINDOW
        for line in to[:8]:
            self.write(line)
        self.y = min(self.y, HEIGHT - 97 * MM)
        self.canvas.drawRightString(WIDTH - RIGHT, self.y, f"{timezone.localdate():%d.%m.%Y}")
        self.y -= 2 * LEADING
        if subject:
            self._use(SIZE + 1.5)
            self.write(subject)
            self._use(SIZE)
            self.y -= LEADING

    def write(self, text: str) -> None:
        """A line of the words, on as many lines of the paper as it needs."""
        for line in self._fitting(text):
            if self.y < BOTTOM:
                self._turn()
            self.canvas.drawString(LEFT, self.y, line)
            self.y -= LEADING

    def _turn(self) -> None:
        self.canvas.showPage()
        self.number += 1
        self._use(9)
        self.canvas.drawRightString(WIDTH - RIGHT, HEIGHT - 15 * MM, str(self.number))
        self._use(SIZE)
        self.y = HEIGHT - TOP

    def _fitting(self, text: str) -> Iterator[str]:
        """Pieces of the text that fit the width, divided between words; a word that is too long is divided itself."""
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if self._fits(longer):
                line = longer
                continue
            if line:
                yield line
            while len(word) > WIDEST or not self._fits(word):
                tried = range(2, min(len(word), WIDEST) + 1)
                most = 1 + bisect_left(tried, True, key=lambda n, word=word: not self._fits(word[:n]))  # type: ignore[misc]
                yield word[:most]
                word = word[most:]
            line = word
        yield line

    def _fits(self, text: str) -> bool:
        width: float = self.canvas.stringWidth(text, self.font, self.size)
        return width <= WIDTH - LEFT - RIGHT

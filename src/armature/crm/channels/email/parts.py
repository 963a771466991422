"""The parts of a mail. Offsets into the raw bytes, so depth costs no memory; depth and number are capped."""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from armature.crm.channels.email.head import Head, split
from armature.crm.channels.email.plain import as_text

DEEPEST = 20
MOST_PARTS = 500
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part that holds no others: ``raw[start:end]`` is its body as transmitted."""

    head: Head
    type: str
    start: int
    end: int


@dataclass(slots=True)
class Mail:
    """A mail taken apart. ``warning`` says what was left out because it was too much."""

    raw: bytes
    head: Head
    parts: list[Part] = field(default_factory=list)
    warning: str = ""

    def body(self, part: Part) -> bytes:
        """The part's content, transfer encoding undone as far as it can be."""
        data = self.raw[part.start : part.end]
        encoding = part.head.first("content-transfer-encoding").strip().lower()
        if encoding == "base64":
            return _base64(data)
        return quopri.decodestring(data) if encoding == "quoted-printable" else data

    def text(self, part: Part) -> str:
        """The part's content as text."""
        return as_text(self.body(part), part.head.parameter("content-type", "charset") or "utf-8")


def taken_apart(raw: bytes) -> Mail:
    """The mail's head and parts, whatever shape it is in."""
    head, body = split(raw, 0, len(raw))
    mail = Mail(raw, head)
    if head.cut:
        mail.warning = "The mail has too many header lines: only the first were read."
    todo = [(head, "text/plain", body, len(raw), 0)]
    for _ in range(2 * MOST_PARTS):
        if not todo:
            return mail
        part, default, start, end, depth = todo.pop()
        kind = part.type(default)
        if not kind.startswith("multipart/"):
            mail.parts.append(Part(part, kind, start, end))
        elif depth == DEEPEST:
            mail.warning = f"The mail is nested deeper than {DEEPEST} parts: only what stands above was read."
        else:
            child = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            inner = list(_inner(mail, part.parameter("content-type", "boundary"), start, end))
            if not inner:
                mail.parts.append(Part(part, "text/plain", start, end))
            todo += [(*_placed(split(raw, low, high), child), high, depth + 1) for low, high in reversed(inner)]
    mail.warning = f"The mail has more than {MOST_PARTS} parts: the others were not read."
    return mail


def _placed(found: tuple[Head, int], default: str) -> tuple[Head, str, int]:
    return found[0], default, found[1]


def _inner(mail: Mail, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts between the boundary lines begin and end, the lines themselves left out."""
    if not boundary:
        return
    mark = re.compile(rb"\r?\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    low = -1
    # The line break before a boundary line belongs to it; the first may have none but the head's own.
    for number, match in enumerate(mark.finditer(mail.raw, max(start - 2, 0), end)):
        if low >= 0:
            yield low, max(match.start(), low)
        if match[1] or number > MOST_PARTS:
            if not match[1]:
                mail.warning = f"The mail has more than {MOST_PARTS} parts: the others were not read."
            return
        after = match.end()
        low = min(after + (2 if mail.raw[after : after + 2] == b"\r\n" else 1), end)
    if low >= 0:
        yield low, end


def _base64(data: bytes) -> bytes:
    letters = _NOT_BASE64.sub(b"", data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))

"""The header block of a mail or of one of its parts, read so that nothing a sender can write breaks the reading."""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from armature.crm.channels.email.plain import as_text, one_line

MOST_BYTES = 500_000
MOST_FIELDS = 2_000
_LONGEST_VALUE = 20_000
_LONGEST_SHOWN = 1_000
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_LINES = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Head:
    """The fields in their order, names in lower case, values unfolded but not yet decoded."""

    fields: tuple[tuple[str, str], ...]
    cut: bool = False

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> str:
        """The topmost value of a field, which the last server wrote; empty when there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def shown(self, name: str) -> str:
        """A field for people's eyes: encoded words decoded, one line, no control characters."""
        return decoded(self.first(name))

    def type(self, default: str = "text/plain") -> str:
        """The content type in lower case."""
        kind = self.first("content-type").partition(";")[0].strip().lower()
        return kind if re.fullmatch(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", kind) else default

    def parameter(self, field: str, name: str) -> str:
        """One parameter of a structured field, continued and encoded ones put together."""
        holder = Message()
        holder[field] = one_line(self.first(field))[:4_000]
        try:
            value = holder.get_param(name, "", field)
        except (ValueError, LookupError, MessageError, TypeError):
            return ""
        if isinstance(value, tuple):
            charset, _, encoded = value
            value = as_text(encoded.encode("latin-1", "replace"), charset or "utf-8")
        return value if isinstance(value, str) else ""

    def filename(self) -> str:
        """The name a part was given, for people's eyes only."""
        name = self.parameter("content-disposition", "filename") or self.parameter("content-type", "name")
        return decoded(name)[:255]


def split(raw: bytes, start: int, end: int) -> tuple[Head, int]:
    """The header block that begins at ``start``, and where the body after it begins."""
    if raw[start : start + 1] in (b"\n", b"\r"):
        skip = 2 if raw[start : start + 2] == b"\r\n" else 1
        return Head(()), min(start + skip, end)
    blank = _BLANK_LINE.search(raw, start, end)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    return _read(raw[start : min(stop, start + MOST_BYTES)], stop - start > MOST_BYTES), body


def decoded(value: str) -> str:
    """Encoded words to text; what cannot be decoded stays as it came. Line breaks hidden inside are taken out."""
    value = one_line(value)[:_LONGEST_VALUE]
    if "=?" not in value:
        return value[:_LONGEST_SHOWN]
    try:
        parts = [
            as_text(part, name or "ascii") if isinstance(part, bytes) else part for part, name in decode_header(value)
        ]
    except (MessageError, ValueError, LookupError):
        return value[:_LONGEST_SHOWN]
    return one_line("".join(parts))[:_LONGEST_SHOWN]


def _read(block: bytes, cut: bool) -> Head:
    fields: list[tuple[str, list[str]]] = []
    for line in _LINES.split(block):
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(as_text(line.strip(), "utf-8"))
            continue
        name, colon, value = line.partition(b":")
        if not colon or b" " in name.strip() or not name:
            continue
        if len(fields) == MOST_FIELDS:
            cut = True
            break
        fields.append((name.strip().decode("ascii", "replace").lower(), [as_text(value.strip(), "utf-8")]))
    return Head(tuple((name, " ".join(values)[:_LONGEST_VALUE]) for name, values in fields), cut)

"""What was changed between two texts, word by word, for people's eyes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 4000
"""Words of a text that are compared; longer ones are compared line by line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (``same``), were taken out (``gone``) or put in (``new``)."""

    kind: str
    words: str


def differences(before: str, after: str) -> list[Piece]:
    """The second text with what was taken out of the first one and put in, in order."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > MOST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(new[c:d]))
            continue
        if b > a:
            yield Piece("gone", "".join(old[a:b]))
        if d > c:
            yield Piece("new", "".join(new[c:d]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)

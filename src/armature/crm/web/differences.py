"""What was changed between two texts, word by word, for people's eyes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 4000
"""Words of a text that are compared; longer ones are compared line by line."""
MOST_PAIRS = 50_000
"""Where the same few words stand again and again, comparing would take minutes: then line by line, or not at all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (``same``), were taken out (``gone``) or put in (``new``)."""

    kind: str
    words: str


def differences(before: str, after: str) -> list[Piece]:
    """The second text with what was taken out of the first one and put in, in order."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > MOST or _pairs(*_changed(old, new)) > MOST_PAIRS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return list(_pieces(old, new))


def _changed(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both without what they begin and end with alike."""
    first = _alike(old, new)
    old, new = old[first:], new[first:]
    last = _alike(old[::-1], new[::-1])
    return old[: len(old) - last], new[: len(new) - last]


def _alike(old: list[str], new: list[str]) -> int:
    return next(
        (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
    )


def _pairs(old: list[str], new: list[str]) -> int:
    """How often a word of one stands in the other: what comparing them costs, for each piece that is found."""
    here = Counter(new)
    return sum(here[one] for one in old)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    first, (was, is_now) = _alike(old, new), _changed(old, new)
    if first:
        yield Piece("same", "".join(new[:first]))
    if _pairs(was, is_now) > MOST_PAIRS:
        yield from (Piece(kind, "".join(some)) for kind, some in (("gone", was), ("new", is_now)))
    else:
        yield from _compared(was, is_now)
    if last := new[first + len(is_now) :]:
        yield Piece("same", "".join(last))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
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

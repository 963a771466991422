"""Which language a text is in: what the platform says, else what its words look like, else not known."""

import re
from collections.abc import Callable, Sequence

Detect = Callable[[Sequence[str]], list[tuple[str, float]]]
"""Language tag and confidence (0 to 1) for each text, each independent of the others."""

UNKNOWN = "unknown"
ENOUGH = 240
"""So many characters tell a language."""

_FEWEST = 17
"""Bytes of words: about as many letters; signs that say more each, such as Chinese ones, take more bytes."""

_SURE = 0.6
_NOT_WORDS = re.compile("(?:https?://|www\\.)\\S+|[@#][\\w.]+|[\\d_*<>|=~^+-]+|[\u2600-\u27bf\U0001f000-\U0001faff]+")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)


def languages(texts: Sequence[str], tags: Sequence[str], detect: Detect) -> list[str]:
    """A tag for each text; the platform's own tag wins."""
    found = [_known(tag) for tag in tags]
    plain = {n: _NOT_WORDS.sub(" ", texts[n][: 2 * ENOUGH])[:ENOUGH] for n, tag in enumerate(found) if not tag}
    asked = [n for n, words in plain.items() if len(words.encode("utf-8", "replace")) - words.count(" ") >= _FEWEST]
    for n, (tag, sure) in zip(asked, detect([plain[n] for n in asked]) if asked else [], strict=True):
        found[n] = tag if sure >= _SURE else UNKNOWN
    return [tag or UNKNOWN for tag in found]


def _known(tag: str) -> str:
    """The language of a platform's tag: ``pt-BR`` is ``pt``; nothing where the tag says nothing."""
    fits = _TAG.fullmatch(tag.strip())
    return "" if fits is None or fits[1].lower() in ("und", "mul", "zxx", "mis") else fits[1].lower()

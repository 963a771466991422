"""What is known about a post beside its words, as it is compared."""

import re

from armature.arm.listening.letters import fold

FIELDS = ("lang", "place", "author")
QUOTES = '"“”„«»＂'
"""Signs that open or close a phrase; no value of a field holds one."""

_QUOTE = re.compile(rf"[{QUOTES}]")


def field_value(field: str, value: str) -> str:
    """A language, place or author folded: one space between words, ``de-at`` for ``de_AT``, no @ before an author."""
    words = " ".join(_QUOTE.sub(" ", fold(value)).split())
    if field == "lang":
        return words.replace("_", "-")
    return words.removeprefix("@") if field == "author" else words


def field_term(field: str, value: str) -> str:
    """A field as a term that no word of a text can be; ``value`` as ``field_value`` made it."""
    return f":{field}:{value}"

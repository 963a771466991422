"""How a text is cut into words and signs, and what a word is made of."""

import re
import unicodedata
from functools import lru_cache
from zlib import crc32

LONGEST = 5_000
"""So many characters of a text are read; what somebody wants stands before that."""

BUCKETS = 1 << 14
"""Parts of words share so many numbers."""

PARTS = 2
"""Parts of a word together count this much more than the word: few sentences have to do for many words."""

_LETTER = r"[^\W\d_]"
_FACES = r"<3|:'\(|\^\^|(?<!\w)(?:[:;=][-']?[)(\]\[DPp/\\|*]|[xX]D)(?!\w)"
_SIGNS = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_ADDRESS = r"(?:https?://|www\.)\S+"
_TOKEN = re.compile(
    rf"({_ADDRESS}|{_LETTER}+(?:['’]{_LETTER}+)*|[@#][\w.]*\w|[£$€]?\d[\w.,:]*[£$€%]?|[!?]+|{_FACES}|[{_SIGNS}])"
)
_PREFIX = re.compile(r"(?:qu|lorsqu|puisqu|jusqu|[cdjlmnst])['’](.+)", re.DOTALL)
_LONG_DRAWN = re.compile(r"(.)\1{2,}", re.DOTALL)
_ENOUGH = 30


def cut(text: str) -> list[str]:
    """What stands between words, a word, what stands between, a word ...: joined again it is the text."""
    return _TOKEN.split(text[:LONGEST])


@lru_cache(maxsize=50_000)
def fold(token: str) -> str:
    """The word without capitals, accents and drawn-out letters, so that it is found as people type it."""
    bare = unicodedata.normalize("NFKD", token.casefold().replace("’", "'"))
    return _LONG_DRAWN.sub(r"\1\1", "".join(c for c in bare if not unicodedata.combining(c)))


def names(token: str) -> list[str]:
    """What a vocabulary may know the token by: the word itself, or the kind of thing it is."""
    first = token[0]
    if first in "!?":
        return ["?" if "?" in token else "!!" if len(token) > 1 else "!"]
    if first.isalpha():
        return _word(token)
    if first in "@#":
        return ["<name>"] if first == "@" else ["<tag>", fold(token[1:])]
    if first.isdigit() or first in "£$€":
        return [_number(token)]
    return [token]


def _word(token: str) -> list[str]:
    if token.startswith(("http", "www")) and ("/" in token or "." in token):
        return ["<address>"]
    word = fold(token)
    rest = _PREFIX.fullmatch(word)
    found = [(rest[1] if rest else word).replace("'", "")]
    if len(token) > 2 and token.isupper():
        found.append("<capitals>")
    return found


def _number(token: str) -> str:
    if token[0] in "£$€" or token[-1] in "£$€":
        return "<money>"
    if token[-1] == "%":
        return "<percent>"
    digits = sum(c.isdigit() for c in token)
    if digits != len(token.rstrip(".,:")):
        return "<mixed>" if any(c.isalpha() for c in token) else "<figure>"
    return "<long number>" if digits > 8 else "<short code>" if digits > 4 else "<number>"


def parts(word: str) -> list[int]:
    """The numbers of the parts of three to five letters of a folded word, with its beginning and end marked."""
    if not word[:1].isalpha():
        return []
    marked = f"<{word[:_ENOUGH]}>"
    return [
        crc32(marked[at : at + size].encode("utf-8", "surrogatepass")) % BUCKETS
        for size in (3, 4, 5)
        for at in range(len(marked) - size + 1)
    ]

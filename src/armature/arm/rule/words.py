"""What was said as one line of plain words, so that a keyword test is one substring search."""

import re
import unicodedata

LONGEST = 50_000
"""Characters of a text that keyword tests look at."""

_WORDS = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def word_line(text: str) -> str:
    """Lower-case words with one space before, between and after; punctuation is gone."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return f" {' '.join(_WORDS.findall(text.casefold()))} "


def pattern(keyword: str) -> str:
    """What to search for in a word line: whole words, the beginning of a word for ``refund*``; empty when no word.

    Scripts that write no spaces between words are searched anywhere. A line that holds ``pattern(a)`` always holds
    ``pattern(b)`` exactly when the second is part of the first.
    """
    line = word_line(keyword)
    if not line.strip():
        return ""
    if _UNSPACED.search(line):
        return line.strip()
    return line[:-1] if keyword.rstrip().endswith("*") else line

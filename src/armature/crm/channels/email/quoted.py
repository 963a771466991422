"""The new words of an answer, without the quoted history and without the signature where that is certain."""

import re
from functools import cache

from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

MOST = 20_000
_WINDOW_LINES = 5
_LONGEST_LINE = 200
_SIGNATURE_LINES = 12
_WROTE = re.compile(
    r"(?:El|Op|Em|Dnia|W dniu|No dia)\s[^\n]{5,200}(?:\n[^\n]{0,200})?"
    r"(?:escribió|schreef(?: [^\n:]{1,100})?|escreveu|napisał(?:\(a\)|a)?)\s?:[ ]*(?:\n|$)"
)
"""Headers of answers that the library misses: Spanish, Dutch, Portuguese, Polish."""
_CARELESS = ("pl",)
"""Left out: there one line that begins with "Do:" or "Data:" would end the new words."""
_MADE_BY_PHONE = re.compile(
    r"(?:sent from (?:my|outlook|mail|yahoo|proton)\b|sent via |get outlook for |gesendet (?:von|mit|aus) "
    r"(?:meine[mr]|der|outlook|mail)|von meinem .{2,30} gesendet|envoyé (?:de|depuis) (?:mon|ma|outlook)"
    r"|enviado (?:desde|do|a partir d[eo]) (?:mi|meu|o meu|outlook)|inviato da(?:l mio)? "
    r"|verzonden vanaf |verstuurd vanaf "
    r"|skickat från |sendt fra |lähetetty |wysłane z |отправлено с )[^\n]{0,80}",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """What was written now. Never empty while ``text`` says something: a forwarded mail alone is its own words."""
    head, tail = text[:MOST], text[MOST:]
    lines = head.split("\n")
    cut = _first_header(lines)
    if cut is None:
        kept = _unquoted([*lines, *tail.split("\n")] if tail else lines)
    else:
        after = lines[cut:]
        # Answers below or between quoted lines are new words too; a history without marks has none.
        inline = _unquoted(_after_quote(after)) if any(line.startswith(">") for line in after) else []
        kept = _unquoted(lines[:cut]) + inline
    words = _squeezed(_without_signature(kept))
    return words or _squeezed(kept) or text.strip()


def _first_header(lines: list[str]) -> int | None:
    """The line where the history begins ("On ... wrote:", "Von: ... Gesendet: ..."), in any known language."""
    pattern = _header_pattern()
    for at, line in enumerate(lines):
        if not line.strip() or line.startswith(">"):
            continue
        # A small window keeps the borrowed patterns away from text on which they would take minutes.
        window = "\n".join(each.strip()[:_LONGEST_LINE] for each in lines[at : at + _WINDOW_LINES])
        if any(sign in window for sign in (":", "：", "---")) and (pattern.match(window) or _WROTE.match(window)):
            return at
    return None


@cache
def _header_pattern() -> re.Pattern[str]:
    languages = EmailReplyParser(languages=[each for each in MAIL_LANGUAGES if each not in _CARELESS]).languages
    pattern: re.Pattern[str] = EmailMessage(text="", languages=languages).HEADER_REGEX
    return pattern


def _unquoted(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(">")]


def _after_quote(lines: list[str]) -> list[str]:
    first = next(at for at, line in enumerate(lines) if line.startswith(">"))
    return lines[first:]


def _without_signature(lines: list[str]) -> list[str]:
    marks = [at for at, line in enumerate(lines) if line in ("-- ", "--")]
    if marks and (lines[marks[-1]] == "-- " or len(lines) - marks[-1] <= _SIGNATURE_LINES):
        lines = lines[: marks[-1]]
    while lines and (not lines[-1].strip(" _-*") or _MADE_BY_PHONE.fullmatch(lines[-1].strip()[:_LONGEST_LINE])):
        lines = lines[:-1]
    return lines


def _squeezed(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()

"""A made-up language in which every word that went through gettext stands in brackets, and what finds the others."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import translation
from django.utils.translation import trans_real

from armature.crm.web.templatetags import moments

OPEN, CLOSE = "⟦", "⟧"
SHOWN = ("title", "placeholder", "aria-label", "alt", "aria-description", "hx-confirm", "data-button", "data-tab-words",
         "data-unit-words", "label")  # fmt: skip
"""Attributes whose words a person hears or reads."""
NAMES = re.compile(
    r"\bRe:|\{\{\w+\}\}|\S+@[\w.-]+|https?://\S+|\b(?:Armature|ARMATURE_\w+|UTC|CRM|HTTP)\b|[\w/.-]*/[\w/.%-]+|[\w-]+=[\w-]*"
)
"""What is the same in every language: addresses of mails and pages, our own name."""
LETTER = re.compile("[A-Za-z]")
ALONE = {"input", "br", "img", "meta", "link", "hr", "path", "circle", "wbr", "base", "col"}


class Pseudo:
    """Stands in for a catalogue. Data of the tests is written in Greek, so every Latin letter outside is English."""

    domain = "django"
    language = "en"

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def gettext(self, words: str) -> str:
        """``⟦words⟧``; what stands before the separator is only context."""
        return f"{OPEN}{words.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}{CLOSE}"

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form for that number, in brackets."""
        return self.gettext(one if number == 1 else many)

    def to_language(self) -> str:
        """Its name."""
        return self.language


def speak(monkeypatch: pytest.MonkeyPatch, language: str = "en") -> None:
    """From here on that language is spoken in brackets."""
    made = Pseudo(language)
    monkeypatch.setitem(trans_real._translations, language, made)  # type: ignore[attr-defined]
    monkeypatch.setattr(trans_real, "_default", None)
    caches["template_fragments"].clear()
    moments._day.cache_clear()
    translation.activate(language)


class Page(HTMLParser):
    """Reads a page in the order of its text and keeps what is English outside brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.escaped: list[str] = []
        self.open: list[tuple[str, bool, int]] = []
        self.depth = 0

    @property
    def _silent(self) -> bool:
        return bool(self.open and self.open[-1][1])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = self._silent or tag in ("script", "style", "kbd", "code") or given.get("translate") == "no"
        if not silent:
            wanted = [name for name in SHOWN if given.get(name)]
            wanted += ["value"] if tag == "input" and given.get("type") in ("submit", "button", "reset") else []
            for name in wanted:
                self.escaped += [f"{tag} {name}={found!r}" for found in escaped(given[name] or "")]
        if tag not in ALONE:
            self.open.append((tag, silent, self.depth))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ALONE:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, silent, depth = self.open.pop()
            if not silent and self.depth > depth:
                self.escaped.append(f"a translation was cut in <{name}>")
                self.depth = depth
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        outside, self.depth = _outside(data, self.depth)
        self.escaped += [f"<{self.open[-1][0] if self.open else ''}> {found!r}" for found in _english(outside)]


def escaped(words: str) -> list[str]:
    """What of some plain words did not come from a catalogue."""
    outside, depth = _outside(words, 0)
    return [*_english(outside), *(["a translation was cut"] if depth else [])]


def _outside(words: str, depth: int) -> tuple[str, int]:
    outside = []
    for letter in words:
        depth += (letter == OPEN) - (letter == CLOSE)
        outside.append(letter if not depth and letter != CLOSE else "\n")
    return "".join(outside), max(depth, 0)


def _english(words: str) -> Iterator[str]:
    for line in words.splitlines():
        if LETTER.search(NAMES.sub(" ", line)):
            yield line.strip()


def escaped_in(page: str) -> list[str]:
    """What of a page did not come from a catalogue."""
    reader = Page()
    reader.feed(page)
    reader.close()
    return reader.escaped


def escaped_of(answer: Any) -> list[str]:
    """The same for an answer of the test client: pages and parts of pages, not files."""
    kind = answer.headers.get("Content-Type", "")
    return escaped_in(answer.content.decode()) if kind.startswith("text/html") and not answer.streaming else []

"""Queries that ship: signal words and templates in several languages, as data."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Signal:
    """Words by which people say what they feel or want. ``key`` is what rules call it."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Set:
    """What ships in one language. A template holds ``{phrase}`` and ``{joined}`` for the name of whatever it is for."""

    key: str
    language: str
    signals: tuple[Signal, ...]
    templates: dict[str, str]

    def filled(self, purpose: str, name: str) -> str:
        """The template for a purpose with a name put in: as a phrase, and written together for tags and handles."""
        words = re.findall(r"[\w'&.+-]+", name)
        joined = "".join(re.findall(r"\w+", name))
        typed = self.templates[purpose].replace("{phrase}", f'"{" ".join(words)}"')
        return typed.replace("{joined}", joined)


@cache
def sets() -> dict[str, Set]:
    """By the two letters of their language."""
    found = {}
    for file in sorted(FOLDER.glob("*.json")):
        data = json.loads(file.read_text("utf-8"))
        signals = tuple(Signal(**one) for one in data["signals"])
        found[file.stem] = Set(file.stem, data["language"], signals, data["templates"])
    return found

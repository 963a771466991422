"""The sentences that the starter reader learns from: written for it, one a line."""

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from armature.arm.intent import INTENTS, ISSUE_TYPES
from armature.arm.understand.feeling import LANGUAGES


class Sentence(NamedTuple):
    """A sentence and what it is an example of."""

    language: str
    intent: str
    issue: str
    text: str


def sentences() -> list[Sentence]:
    """All of them, in the order of the files. Raises ``ValueError`` naming the file and line that cannot be used."""
    folder = files("armature.crm.understand") / "starter"
    found: list[Sentence] = []
    for language in LANGUAGES:
        name = f"sentences_{language}.txt"
        found.extend(_rows(language, name, (folder / name).read_text("utf-8")))
    return found


def _rows(language: str, name: str, text: str) -> Iterator[Sentence]:
    for number, line in enumerate(text.splitlines(), 1):
        intent, issue, sentence = [*line.split(" | ", 2), "", ""][:3]
        if intent not in INTENTS or issue not in ISSUE_TYPES or not sentence.strip():
            raise ValueError(f"{name}, line {number}: write `intent | issue type | sentence`")
        yield Sentence(language, intent, issue, sentence)

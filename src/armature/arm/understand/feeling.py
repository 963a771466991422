"""How good or bad a text sounds: a sum over words of a small lexicon, which can be followed by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from armature.arm.understand.words import fold

Ints = npt.NDArray[np.signedinteger[Any]]

LANGUAGES = ("en", "de", "fr", "es")
OTHER = len(LANGUAGES)
"""Where the language has no lexicon, words count that mean the same in all that have one."""

_STRONGER, _WEAKER, _TURNED, _BEFORE_BUT, _CAPITALS = 135, 60, -65, 60, 120
_UNIT = 10**12
"""A weight of one, after its factors in hundredths: degree, capitals, turned, before a "but", shouts."""

_FULL = 3.5
"""A text whose words sum up to this weight sounds 0.7 good."""


class Sense(NamedTuple):
    """What a word does: its own weight in hundredths, or what it does to the words behind it."""

    weight: int = 0
    negates: bool = False
    degree: int = 100
    turns: bool = False


NOTHING = Sense()
_ROLES = {
    "negates": Sense(negates=True),
    "strengthens": Sense(degree=_STRONGER),
    "weakens": Sense(degree=_WEAKER),
    "turns": Sense(turns=True),
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language that carry a feeling, whole or by how they begin."""

    whole: dict[str, Sense] = field(default_factory=dict)
    begins: dict[str, Sense] = field(default_factory=dict)

    def sense(self, word: str) -> Sense:
        """What a folded word does here; the longest beginning that fits stands for words not listed whole."""
        if found := self.whole.get(word):
            return found
        for size in range(len(word), 1, -1):
            if found := self.begins.get(word[:size]):
                return found
        return NOTHING


def read_lexicon(lines: Iterable[str]) -> Lexicon:
    """Lines of a weight from -4 to 4, or what the words do, and the words; ``ValueError`` names a wrong line."""
    lexicon = Lexicon()
    for number, line in enumerate(lines, 1):
        head, *words = line.split() or ["#"]
        if head.startswith("#"):
            continue
        try:
            sense = _ROLES.get(head) or Sense(round(float(head) * 100))
        except ValueError:
            raise ValueError(f"line {number}: {head!r} is neither a weight nor one of {', '.join(_ROLES)}") from None
        for word in words:
            _put(lexicon, word, sense)
    return lexicon


def _put(lexicon: Lexicon, word: str, sense: Sense) -> None:
    """A word that turns others has no weight of its own; one that only makes others stronger or weaker may have."""
    begins = len(word) > 2 and word.endswith("*") and word[0].isalpha()
    table = lexicon.begins if begins else lexicon.whole
    key = fold(word.removesuffix("*") if begins else word) if word[0].isalpha() else word
    old = table.get(key, NOTHING)
    table[key] = sense if sense.negates or sense.turns else sense._replace(weight=old.weight or sense.weight)


def senses(word: str, lexicons: dict[str, Lexicon]) -> list[Sense]:
    """What a folded word does in each of ``LANGUAGES``, and where the language is another or not known."""
    signs = lexicons["any"].sense(word)
    if signs != NOTHING or not word[:1].isalpha():
        return [signs] * (OTHER + 1)
    found = [lexicons[tag].sense(word) for tag in LANGUAGES]
    said = [sense for sense in found if sense != NOTHING]
    agreed = (
        said[0] if said and all(sense.weight * said[0].weight > 0 or sense == said[0] for sense in said) else NOTHING
    )
    return [*found, agreed]


def sound(table: Ints, loud: Ints, text: Ints, shouts: Ints) -> npt.NDArray[np.float64]:
    """How good each text sounds, -1 to 1.

    ``table`` has a row per word of all texts (weight, negates, degree, turns), ``loud`` is 1 for words in capitals,
    ``text`` the number of the text it stands in, ``shouts`` the exclamation marks of each text.
    """
    weight, negates, degree, turns = table.T
    value = weight * np.where(loud > 0, _CAPITALS, 100) * _behind(degree, text, 100)
    turned = np.zeros(len(text), bool)
    for back in (1, 2, 3):
        turned[back:] |= (negates[:-back] > 0) & (text[back:] == text[:-back])
    value = value * np.where(turned, _TURNED, 100)
    value = value * np.where(_later(turns, text, len(shouts)) > 0, _BEFORE_BUT, 100)
    sums = sum_by(value, text, len(shouts)) * (100 + 12 * np.minimum(shouts, 3))
    total = sums / _UNIT
    return np.asarray(total / np.sqrt(total * total + _FULL * _FULL))


def _behind(marks: Ints, text: Ints, neutral: int) -> Ints:
    """Each word's mark is that of the word before it in the same text."""
    moved = np.full(len(marks), neutral, np.int64)
    moved[1:] = np.where(text[1:] == text[:-1], marks[:-1], neutral)
    return moved


def _later(marks: Ints, text: Ints, texts: int) -> Ints:
    """How many marks come after each word in its text."""
    so_far = np.cumsum(marks)
    ends = np.searchsorted(text, np.arange(texts), "right") - 1
    return np.asarray(so_far[ends[text]] - so_far) if len(text) else so_far


def sum_by(values: Ints, text: Ints, texts: int) -> Ints:
    """Exact sums of whole numbers for each text, 0 for texts without words; ``values`` may have columns."""
    bounds = np.searchsorted(text, np.arange(texts + 1))
    running = np.zeros((len(values) + 1, *values.shape[1:]), np.int64)
    np.cumsum(values, axis=0, out=running[1:])
    return np.asarray(running[bounds[1:]] - running[bounds[:-1]])

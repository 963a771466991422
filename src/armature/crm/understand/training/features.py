"""Sentences as rows of numbers: words, parts of words, pairs of words, and how good or bad it sounds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from armature.arm.understand.weights import START, pair
from armature.arm.understand.words import BUCKETS, PARTS, cut, names, parts

Floats = npt.NDArray[np.float64]
AT_ONCE = 2_048


@dataclass(frozen=True)
class Vocabulary:
    """Words and pairs of words that get a weight of their own."""

    words: dict[str, int]
    pairs: dict[int, int]

    @property
    def width(self) -> int:
        """Columns: words, parts, pairs, good, bad, and a one."""
        return len(self.words) + BUCKETS + len(self.pairs) + 3


def vocabulary(texts: Sequence[str], often: int = 2) -> Vocabulary:
    """Words that occur at all; pairs that occur ``often`` times."""
    tokens = [[names(token) for token in cut(text)[1::2]] for text in texts]
    words = {word: n for n, word in enumerate(sorted({name for row in tokens for found in row for name in found}))}
    counted = Counter(key for row in tokens for key in set(_pairs(row, words)))
    return Vocabulary(words, {key: n for n, key in enumerate(sorted(k for k, n in counted.items() if n >= often))})


def _pairs(tokens: list[list[str]], words: dict[str, int]) -> list[int]:
    numbers = [START] + [words.get(found[0], -1) for found in tokens]
    return [int(pair(a, b)) for a, b in pairwise(numbers) if a >= 0 and b >= 0]


def columns(text: str, feeling: float, known: Vocabulary) -> dict[int, float]:
    """The columns of one text that are not zero."""
    tokens = [names(token) for token in cut(text)[1::2]]
    row: Counter[int] = Counter()
    for name in (name for found in tokens for name in found):
        if name in known.words:
            row[known.words[name]] += 1.0  # type: ignore[assignment]
        pieces = parts(name)
        for piece in pieces:
            row[len(known.words) + piece] += PARTS / np.sqrt(len(pieces))
    for key in _pairs(tokens, known.words):
        if key in known.pairs:
            row[len(known.words) + BUCKETS + known.pairs[key]] += 1
    size = np.sqrt(max(len(tokens), 1))
    last = known.width
    return {
        **{n: value / size for n, value in row.items()},
        last - 3: max(feeling, 0.0),
        last - 2: max(-feeling, 0.0),
        last - 1: 1.0,
    }


@dataclass(frozen=True)
class Rows:
    """Sparse rows: the number of the row, of the column, and the value."""

    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    value: Floats
    count: int
    width: int

    def likeness(self) -> Floats:
        """Every row times every row."""
        total = np.zeros((self.count, self.count))
        for first in range(0, self.width, AT_ONCE):
            block = self.block(first).astype(np.float32)
            total += block @ block.T
        return total

    def back(self, shares: Floats) -> Floats:
        """The weight of each column when each row has these ``shares`` in it."""
        parts = [self.block(first).T @ shares for first in range(0, self.width, AT_ONCE)]
        return np.concatenate(parts)[: self.width]

    def block(self, first: int) -> Floats:
        """``AT_ONCE`` columns, written out."""
        here = (self.column >= first) & (self.column < first + AT_ONCE)
        block = np.zeros((self.count, AT_ONCE))
        block[self.row[here], self.column[here] - first] = self.value[here]
        return block


def rows(texts: Sequence[str], feelings: Sequence[float], known: Vocabulary) -> Rows:
    """All texts."""
    found = [columns(text, feeling, known) for text, feeling in zip(texts, feelings, strict=True)]
    number = np.repeat(np.arange(len(found)), [len(row) for row in found])
    column = np.array([n for row in found for n in row], np.int64)
    value = np.array([v for row in found for v in row.values()], np.float64)
    return Rows(number, column, value, len(found), known.width)

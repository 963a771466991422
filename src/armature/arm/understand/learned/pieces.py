"""A text as numbers: its words, pairs of neighbouring words, and the parts of three to five letters of each word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from armature.arm.understand.words import cut, names

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]

LONGEST_WORD = 40
"""So many letters of a word are taken apart; a run of signs without spaces is one word."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_DENSE = "\u2e80"
"""From here on a sign says as much as several letters, so that parts are shorter."""


def _mark(piece: str, whole: int) -> int:
    """A number for a piece; the last bit tells whole words and pairs (1) from parts of words (0)."""
    return (crc32(piece.encode("utf-8", "surrogatepass")) & 0xFFFFFFFE) | whole


def parts_of(name: str) -> list[str]:
    """The parts of a folded word, its beginning and end marked."""
    short = name[:LONGEST_WORD]
    marked = f"<{short}>"
    sizes = (1, 2, 3) if short > _DENSE else (3, 4, 5)
    return [marked[at : at + size] for size in sizes for at in range(len(marked) - size + 1)]


def marks_of(token: str) -> Marks:
    """The numbers of a word: first of the word as a whole, then of all that it is made of."""
    found = names(token)
    whole = [_mark(name, 1) for name in found]
    if not found[0][0].isalpha():
        return np.array([*whole, _mark(token[:LONGEST_WORD], 1)], np.uint32)
    return np.array(whole + [_mark(piece, 0) for piece in parts_of(found[0])], np.uint32)


def pairs_of(first: Marks, second: Marks) -> Marks:
    """The numbers of pairs of neighbouring words."""
    mixed = (first.astype(np.uint64) * _MIX) ^ (second.astype(np.uint64) + (second.astype(np.uint64) << np.uint64(21)))
    return ((mixed * _MIX) >> np.uint64(32)).astype(np.uint32) | np.uint32(1)


@dataclass(frozen=True, slots=True)
class Cut:
    """Texts as their pieces: piece ``mark[n]`` stands in text ``text[n]``, once for each time."""

    mark: Any
    text: Ints
    texts: int


def cut_all(texts: Sequence[str], look_up: Callable[[str], Any], pair: Callable[[Marks], Any]) -> Cut:
    """All pieces of all texts: ``look_up`` gives those of a word with the word's own mark first, ``pair`` of pairs."""
    tokens = [cut(text)[1::2] for text in texts]
    found = [look_up(token) for token in chain.from_iterable(tokens)]
    counts = np.fromiter(map(len, tokens), np.int64, len(tokens))
    of_token = np.repeat(np.arange(len(tokens)), counts)
    own = np.array([one[0] for one in found], np.uint32)
    neighbours = np.flatnonzero(of_token[1:] == of_token[:-1])
    pieces = [one[1] for one in found]
    sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
    paired, kept = pair(pairs_of(own[neighbours], own[neighbours + 1]))
    marks = np.concatenate([*pieces, paired]) if pieces else np.zeros(0, np.int64)
    where = np.concatenate([np.repeat(of_token, sizes), of_token[neighbours][kept]])
    return Cut(marks, where, len(texts))


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts as sparse rows, in order: entries ``begin[n]`` to ``begin[n + 1]`` belong to text n."""

    begin: Ints
    column: Ints
    value: Floats

    @property
    def count(self) -> int:
        """How many texts."""
        return len(self.begin) - 1

    def only(self, chosen: Ints) -> "Rows":
        """These rows, in this order."""
        sizes = self.begin[chosen + 1] - self.begin[chosen]
        ends = np.cumsum(sizes)
        at = np.repeat(self.begin[chosen] - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
        return Rows(np.concatenate([[0], ends]), self.column[at], self.value[at])


def weigh(pieces: Cut, rarity: Floats, whole: npt.NDArray[np.bool_]) -> Rows:
    """Rows from pieces that are columns: often in a text counts by its logarithm, rare among texts counts more.

    Words and parts are each brought to length one, so that neither drowns the other.
    """
    width = len(rarity)
    keys, times = np.unique(pieces.text * width + pieces.mark, return_counts=True)
    text, column = np.divmod(keys, width) if width else (keys, keys)
    value = (1 + np.log(times)) * rarity[column]
    side = text * 2 + whole[column]
    length = np.sqrt(np.bincount(side, value * value, minlength=2 * pieces.texts))
    value = (value / length[side]).astype(np.float32)
    return Rows(np.searchsorted(text, np.arange(pieces.texts + 1)), column, value)

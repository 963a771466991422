"""What the starter reader has learned, as a value."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from armature.arm.understand.words import BUCKETS

Ints = npt.NDArray[np.signedinteger[Any]]
Small = npt.NDArray[np.int8]

START = 0xFFFF
"""Stands for the beginning of a text in a pair of words."""


def pair(first: Any, second: Any) -> Any:
    """The key of two neighbouring words of the vocabulary, by their numbers."""
    return (first << 16) | second


@dataclass(frozen=True, slots=True)
class Weights:
    """Tables of a linear reader; their columns are the intents, then the kinds of issue.

    ``vocabulary`` is word to row of ``words``; ``pairs`` are the sorted keys of ``pair`` for the rows of ``pair_rows``;
    ``parts`` has a row for each bucket; ``start`` is added to each text, ``feelings`` times how good and how bad it
    sounds. All in units of 1/``scale``. ``sharpness`` makes confidence honest: it stretches the intent scores.
    Raises ``ValueError`` where shapes do not fit together.
    """

    intents: tuple[str, ...]
    issues: tuple[str, ...]
    vocabulary: dict[str, int]
    words: Small
    parts: Small
    pairs: Ints
    pair_rows: Small
    start: Ints
    feelings: Ints
    scale: float
    sharpness: float

    def __post_init__(self) -> None:
        wide = len(self.intents) + len(self.issues)
        wanted = {
            "words": (self.words.shape, (len(self.vocabulary), wide)),
            "parts": (self.parts.shape, (BUCKETS, wide)),
            "pair_rows": (self.pair_rows.shape, (len(self.pairs), wide)),
            "start": (self.start.shape, (wide,)),
            "feelings": (self.feelings.shape, (2, wide)),
        }
        for name, (shape, expected) in wanted.items():
            if shape != expected:
                raise ValueError(f"the reader's table {name!r} has the shape {shape} instead of {expected}")

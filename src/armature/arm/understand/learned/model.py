"""What a reader has learned, as a value, and how it reads: whole numbers, so that a text is read alike in any batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from armature.arm.understand.learned import pieces
from armature.arm.understand.learned.fit import softmax, written_out
from armature.arm.understand.learned.pieces import Marks, Rows

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

FINE = 1024
"""Values of a row are kept in this many steps."""

TOGETHER = 128
REMEMBERED = 50_000
"""Words kept in memory; then the table is begun anew."""

MOST_CLASSES = 2_000
MOST_WEIGHTS = 1 << 24
"""Columns times classes: what a file may hold, and what learning takes memory for."""

NEVER = 2.0
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class Model:
    """A linear reader. ``marks`` (sorted) are the pieces with a column of weights, ``rarity`` how much each counts.

    Scores are in units of 1/``scale``; ``sharpness`` stretches them so that confidence is honest; ``thresholds`` say
    from which confidence on a class may be named at the ``promise``. ``hints`` are weights of what the starter reader
    says, none where it is not asked; with ``leans`` its word is where the scores begin. Raises ``ValueError``.
    """

    labels: tuple[str, ...]
    marks: Marks
    rarity: npt.NDArray[np.float32]
    weights: npt.NDArray[np.int16]
    hints: Floats
    start: Floats
    thresholds: Floats
    scale: float
    sharpness: float
    promise: float
    leans: bool = False

    def __post_init__(self) -> None:
        classes, columns = len(self.labels), len(self.marks)
        shapes = {
            "rarity": (self.rarity.shape, (columns,)),
            "weights": (self.weights.shape, (columns, classes)),
            "hints": (self.hints.shape, (self.hints.shape[0] if self.hints.ndim else -1, classes)),
            "start": (self.start.shape, (classes,)),
            "thresholds": (self.thresholds.shape, (classes,)),
        }
        for name, (shape, wanted) in shapes.items():
            if shape != wanted:
                raise ValueError(f"the model's table {name!r} has the shape {shape} instead of {wanted}")
        if not 2 <= classes <= MOST_CLASSES or len(set(self.labels)) != classes or columns * classes > MOST_WEIGHTS:
            raise ValueError(f"a model has 2 to {MOST_CLASSES} different labels and at most {MOST_WEIGHTS} weights")
        if (np.diff(self.marks.astype(np.int64)) <= 0).any():
            raise ValueError("the model's table 'marks' is not in order")
        numbers = (self.rarity, self.hints, self.start, self.thresholds, np.array([self.scale, self.sharpness]))
        if not all(np.isfinite(each).all() for each in numbers) or self.scale <= 0 or self.sharpness <= 0:
            raise ValueError("the model has numbers that are none")


class Taught:
    """Reads with a model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._whole = (model.marks & 1).astype(bool)
        self._known: dict[str, tuple[int, Ints]] = {}

    def rows(self, texts: Sequence[str]) -> Rows:
        """Texts as rows of whole numbers over the columns of the model."""
        if len(self._known) > REMEMBERED:
            self._known = {}
        made = pieces.weigh(pieces.cut_all(texts, self._look_up, self._columns), self.model.rarity, self._whole)
        return Rows(made.begin, made.column, np.rint(made.value * FINE).astype(np.float64))

    def columns_of(self, token: str) -> Ints:
        """The columns of a word and of all that it is made of."""
        return self._look_up(token)[1]

    def _look_up(self, token: str) -> tuple[int, Ints]:
        found = self._known.get(token)
        if found is None:
            marks = pieces.marks_of(token)
            found = self._known[token] = (int(marks[0]), self._columns(marks)[0])
        return found

    def _columns(self, marks: Marks) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The columns of pieces, and which of them have one."""
        if not len(self.model.marks):
            return np.zeros(0, np.int64), np.zeros(len(marks), bool)
        at = np.minimum(np.searchsorted(self.model.marks, marks), len(self.model.marks) - 1)
        hit = self.model.marks[at] == marks
        return at[hit], hit

    def shares(self, texts: Sequence[str], hints: Floats, base: Floats | None = None) -> Floats:
        """How likely each class is, for each text; ``hints`` and ``base`` as when it was learned."""
        model = self.model
        parts: list[Floats] = [np.zeros((0, len(model.labels)))]
        for first in range(0, len(texts), TOGETHER):
            rows = self.rows(texts[first : first + TOGETHER])
            batch = written_out(rows, np.arange(rows.count))
            parts.append(batch.table @ model.weights[batch.columns].astype(np.float64))
        scores = np.concatenate(parts) / (FINE * model.scale) + model.start
        for n in range(len(model.hints)):
            scores = scores + hints[:, n, None] * model.hints[n]
        if model.leans and base is not None:
            scores = scores + base
        return softmax(scores * model.sharpness).round(4)

    def named(self, shares: Floats) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
        """The likeliest class of each, how likely, and whether that is enough to name it: else "I do not know"."""
        best = shares.argmax(axis=1)
        sure = shares[np.arange(len(best)), best]
        return best, sure, sure >= self.model.thresholds[best]

"""How good a reader is on texts with known labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from armature.arm.understand.learned.sure import interval

BINS = 10


@dataclass(frozen=True, slots=True)
class OfClass:
    """One class: how often it was the truth, how often it was read, how often both."""

    label: str
    true: int
    read: int
    right: int

    @property
    def precision(self) -> float:
        """Of what was read as it, the share that is it."""
        return self.right / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        """Of what is it, the share that was read as it."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.true + self.read) if self.true + self.read else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of ``texts``, ``right`` were read right; ``told`` were named at the promise, ``told_right`` of them right."""

    texts: int
    right: int
    told: int
    told_right: int
    calibration_error: float
    classes: tuple[OfClass, ...]

    @property
    def accuracy(self) -> float:
        """Share that was read right, "I do not know" not counted as an answer."""
        return self.right / self.texts if self.texts else 0.0

    @property
    def macro_f1(self) -> float:
        """Mean F1 of all classes that are true or read somewhere."""
        seen = [one.f1 for one in self.classes if one.true or one.read]
        return sum(seen) / len(seen) if seen else 0.0

    @property
    def coverage(self) -> float:
        """Share of texts for which a class was named."""
        return self.told / self.texts if self.texts else 0.0

    @property
    def precision(self) -> float | None:
        """Share of what was named that is right; None where nothing was named."""
        return self.told_right / self.told if self.told else None

    @property
    def between(self) -> tuple[float, float]:
        """The interval of 95 % around the accuracy."""
        low, high = interval(self.right, self.texts)
        return float(low), float(high)


def figures(truth: Sequence[str], read: Sequence[str], sure: Sequence[float], told: Sequence[bool]) -> Figures:
    """What a reader said of texts (its likeliest class, how sure, whether it named it) against the truth."""
    labels = sorted({*truth, *read})
    number = {label: n for n, label in enumerate(labels)}
    true, said = (np.array([number[one] for one in each], np.int64) for each in (truth, read))
    right, named = true == said, np.array(told, bool)
    counted = zip(
        labels, *(np.bincount(each, minlength=len(labels)).tolist() for each in (true, said, true[right])), strict=True
    )
    return Figures(
        len(true), int(right.sum()), int(named.sum()), int((right & named).sum()),
        calibration_error(np.array(sure, np.float64), right), tuple(OfClass(*one) for one in counted),
    )  # fmt: skip


def calibration_error(sure: npt.NDArray[np.float64], right: npt.NDArray[Any]) -> float:
    """Mean distance between how sure the reader was and how often it was right, over ten bins."""
    if not len(sure):
        return 0.0
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    return float(np.abs(np.bincount(bins, sure - right, minlength=BINS)).sum() / len(sure))

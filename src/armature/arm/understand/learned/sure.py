"""How sure a reader may say it is: one stretch for all confidences, and per class the least that keeps the promise.

Both are found on texts that the weights never saw.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from armature.arm.understand.learned.fit import softmax
from armature.arm.understand.learned.model import NEVER

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

FEWEST = 30
"""Cases below which nothing is promised."""
ENOUGH = 500
"""Cases from which on a stretch is worth looking for."""

ONE_SIDED_95, TWO_SIDED_95 = 1.6449, 1.96
TRIED = tuple(round(0.3 + 0.05 * n, 2) for n in range(75))


def interval(right: Any, cases: Any, wide: float = TWO_SIDED_95) -> tuple[Any, Any]:
    """Between what the true share lies, by Wilson, when ``right`` of ``cases`` were right; 0 to 1 of no cases."""
    count = np.maximum(cases, 1e-9)
    share, room = right / count, wide * wide / count
    middle = (share + room / 2) / (1 + room)
    half = np.sqrt(share * (1 - share) * room + room * room / 4) / (1 + room)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def sharpness(scores: Floats, answers: Ints) -> float:
    """By how much to stretch the scores; 1 unless there are cases enough and it helps on those it was not found on."""
    if len(answers) <= ENOUGH:
        return 1.0
    odd = np.arange(len(answers)) % 2 == 1
    found, plain = _best(scores[odd], answers[odd]), loss(scores[~odd], answers[~odd], 1.0)
    if loss(scores[~odd], answers[~odd], found) >= plain:
        return 1.0
    return _best(scores, answers)


def _best(scores: Floats, answers: Ints) -> float:
    return TRIED[int(np.argmin([loss(scores, answers, each) for each in TRIED]))]


def loss(scores: Floats, answers: Ints, stretch: float) -> float:
    """How surprising the answers are to somebody who believes the scores; 0 of none."""
    if not len(answers):
        return 0.0
    shares = softmax(scores * stretch)[np.arange(len(answers)), answers]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def lowest(sure: Floats, right: Marks, promise: float) -> float:
    """The confidence from which on the lower bound of precision keeps the promise; ``NEVER`` where none does."""
    order = np.argsort(-sure, kind="stable")
    cases = np.arange(1, len(order) + 1)
    low, _ = interval(np.cumsum(right[order]), cases, ONE_SIDED_95)
    ends = np.append(sure[order][1:] < sure[order][:-1], True)
    kept = np.flatnonzero((low >= promise) & (cases >= FEWEST) & ends)
    return float(sure[order][kept[-1]]) if len(kept) else NEVER


def thresholds(best: Ints, sure: Floats, right: Marks, classes: int, promise: float) -> Floats:
    """One for each class.

    A class whose own cases prove nothing shares one with all such classes, unless its own cases speak against it.
    """
    found = np.full(classes, NEVER)
    for number in range(classes):
        found[number] = lowest(sure[best == number], right[best == number], promise)
    poor = found == NEVER
    while poor.any():
        together = poor[best]
        common = lowest(sure[together], right[together], promise)
        worse = [n for n in np.flatnonzero(poor) if _speaks_against(sure, right, best == n, common, promise)]
        if not worse or common == NEVER:
            found[poor] = common
            break
        poor[worse] = False
    return found


def _speaks_against(sure: Floats, right: Marks, own: Marks, common: float, promise: float) -> bool:
    """Whether the cases of a class, from that confidence on, make the promise unlikely."""
    told = own & (sure >= common)
    return bool(told.sum() > 0 and interval(right[told].sum(), told.sum(), ONE_SIDED_95)[1] < promise)

"""From texts and labels to a model: weights from all of them, honesty from parts that were held out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from armature.arm.understand.learned import pieces, sure
from armature.arm.understand.learned.fit import Found, Knobs, Task, fit, softmax, written_out
from armature.arm.understand.learned.model import MOST_WEIGHTS, Model
from armature.arm.understand.learned.pieces import Cut, Marks, Rows

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

FOLDS = 4
LARGE = 500_000
"""Texts times classes from which on one part is held out instead of each in its turn."""

MOST_COLUMNS = 1 << 17
TOGETHER = 256


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts with labels; ``hints`` and ``base`` (a column for each of ``labels``) from the starter reader."""

    texts: Sequence[str]
    answers: Sequence[str]
    labels: tuple[str, ...]
    hints: Floats
    base: Floats | None = None
    weight: Floats | None = None


def learn(lesson: Lesson, *, promise: float = 0.95, seed: int = 1, knobs: Knobs | None = None) -> Model:
    """The model of a lesson; the same lesson and seed always give the same. Raises ``ValueError``."""
    if len(lesson.labels) < 2 or not lesson.texts:
        raise ValueError("there must be texts with at least two different labels to learn from")
    knobs, classes = knobs or Knobs(), len(lesson.labels)
    marks, rarity, rows = _columns(lesson.texts, MOST_WEIGHTS // classes)
    task = _task(lesson, rows)
    found = fit(task, len(marks), classes, knobs, seed)
    held, scores = _held_out(task, lesson.texts, len(marks), classes, knobs, seed)
    stretch = sure.sharpness(scores, task.answers[held])
    shares = softmax(scores * stretch).round(4)
    best = shares.argmax(axis=1)
    told = sure.thresholds(best, shares[np.arange(len(best)), best], best == task.answers[held], classes, promise)
    scale = 32_000 / max(float(np.abs(found.columns).max(initial=0.0)), 1e-6)
    return Model(
        lesson.labels, marks, rarity, np.rint(found.columns * scale).astype(np.int16),
        found.hints.astype(np.float64), found.start.astype(np.float64), told, scale, stretch, promise,
        lesson.base is not None,
    )  # fmt: skip


def _task(lesson: Lesson, rows: Rows) -> Task:
    number = {label: n for n, label in enumerate(lesson.labels)}
    count = len(lesson.texts)
    base = np.zeros((count, len(number)), np.float32) if lesson.base is None else lesson.base.astype(np.float32)
    weight = np.ones(count, np.float32) if lesson.weight is None else lesson.weight.astype(np.float32)
    answers = np.array([number[one] for one in lesson.answers], np.int64)
    return Task(rows, lesson.hints.astype(np.float32), base, answers, weight)


def _columns(texts: Sequence[str], most: int) -> tuple[Marks, npt.NDArray[np.float32], Rows]:
    """The pieces that get a column (at most so many, the commonest), how much each counts, and the texts as rows."""
    known: dict[str, tuple[int, Marks]] = {}

    def look_up(token: str) -> tuple[int, Marks]:
        if token not in known:
            marks = pieces.marks_of(token)
            known[token] = (int(marks[0]), marks)
        return known[token]

    cut = pieces.cut_all(texts, look_up, lambda marks: (marks, np.ones(len(marks), bool)))
    each = np.unique((cut.text.astype(np.uint64) << np.uint64(32)) | cut.mark.astype(np.uint64))
    marks, texts_with = np.unique((each & np.uint64(0xFFFFFFFF)).astype(np.uint32), return_counts=True)
    kept = np.sort(np.argsort(-texts_with, kind="stable")[: min(most, MOST_COLUMNS)])
    marks, texts_with = marks[kept], texts_with[kept]
    rarity = (np.log((1 + len(texts)) / (1 + texts_with)) + 1).astype(np.float32)
    return marks, rarity, pieces.weigh(_with_columns(cut, marks), rarity, (marks & 1).astype(bool))


def _with_columns(cut: Cut, marks: Marks) -> Cut:
    at = np.minimum(np.searchsorted(marks, cut.mark), max(len(marks) - 1, 0))
    hit = marks[at] == cut.mark if len(marks) else np.zeros(len(cut.mark), bool)
    return Cut(at[hit], cut.text[hit], cut.texts)


def _held_out(
    task: Task, texts: Sequence[str], width: int, classes: int, knobs: Knobs, seed: int
) -> tuple[Ints, Floats]:
    """Which rows were held out, and their scores by weights that never saw them; equal texts are in one part."""
    fold = np.array([crc32(f"{seed} {text}".encode("utf-8", "surrogatepass")) % FOLDS for text in texts])
    parts = range(1 if len(texts) * classes > LARGE else FOLDS)
    held, scores = [np.zeros(0, np.int64)], [np.zeros((0, classes), np.float32)]
    for part in parts:
        new = np.flatnonzero(fold == part)
        if len(new) and len(new) < len(fold):
            found = fit(task.only(np.flatnonzero(fold != part)), width, classes, knobs, seed)
            held.append(new)
            scores.append(scores_of(task.only(new), found))
    return np.concatenate(held), np.concatenate(scores)


def scores_of(task: Task, found: Found) -> Floats:
    """The scores of rows."""
    parts = [np.zeros((0, len(found.start)), np.float32)]
    for first in range(0, task.rows.count, TOGETHER):
        chosen = np.arange(first, min(first + TOGETHER, task.rows.count))
        batch = written_out(task.rows, chosen)
        parts.append(batch.table @ found.columns[batch.columns] + task.hints[chosen] @ found.hints + task.base[chosen])
    return np.asarray(np.concatenate(parts) + found.start)

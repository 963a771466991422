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

SMALL = 50_000
"""Texts times classes up to which two ways of learning are tried: few or contradicting labels want a firmer hand."""

WAYS = (Knobs(), Knobs(rate=0.1, penalty=1e-4))
GENTLE = tuple(Knobs(6, rate, 1e-4, rate) for rate in (0.03, 0.01))
"""Ways that hardly leave what the starter reader says: for verdicts that agree with it, or contradict each other."""

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


def learn(lesson: Lesson, *, promise: float = 0.95, seed: int = 1) -> Model:
    """The model of a lesson; the same lesson and seed always give the same. Raises ``ValueError``."""
    if len(lesson.labels) < 2 or not lesson.texts:
        raise ValueError("there must be texts with at least two different labels to learn from")
    classes = len(lesson.labels)
    marks, rarity, rows = _columns(lesson.texts, MOST_WEIGHTS // classes)
    task = _task(lesson, rows)
    ways = _ways(lesson)
    tried = [_held_out(task, lesson.texts, (len(marks), classes), knobs, seed) for knobs in ways]
    best = min(tried, key=lambda one: one.loss)
    found = fit(task, len(marks), classes, best.knobs, seed)
    answers, shares = task.answers[best.held], softmax(best.scores * best.sharpness).round(4)
    read = shares.argmax(axis=1)
    told = sure.thresholds(read, shares[np.arange(len(read)), read], read == answers, classes, promise)
    scale = 32_000 / max(float(np.abs(found.columns).max(initial=0.0)), 1e-6)
    return Model(
        lesson.labels, marks, rarity, np.rint(found.columns * scale).astype(np.int16),
        found.hints.astype(np.float64), found.start.astype(np.float64), told, scale, best.sharpness, promise,
        lesson.base is not None,
    )  # fmt: skip


def _ways(lesson: Lesson) -> tuple[Knobs, ...]:
    """The ways that are tried; what does best on held-out parts is taken."""
    if len(lesson.texts) * len(lesson.labels) > SMALL:
        return WAYS[:1]
    return WAYS if lesson.base is None else (*WAYS, *GENTLE)


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


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Rows that were held out, their scores by weights that never saw them, and how well those did."""

    knobs: Knobs
    held: Ints
    scores: Floats
    sharpness: float
    loss: float


def _held_out(task: Task, texts: Sequence[str], size: tuple[int, int], knobs: Knobs, seed: int) -> HeldOut:
    """Each part in its turn, or one of a large task; equal texts are in one part. ``size`` is columns and classes."""
    fold = np.array([crc32(f"{seed} {text}".encode("utf-8", "surrogatepass")) % FOLDS for text in texts])
    held: list[Ints] = [np.zeros(0, np.int64)]
    scores: list[Floats] = [np.zeros((0, size[1]), np.float32)]
    for part in range(1 if len(texts) * size[1] > LARGE else FOLDS):
        new = np.flatnonzero(fold == part)
        if len(new) and len(new) < len(fold):
            held.append(new)
            scores.append(scores_of(task.only(new), fit(task.only(np.flatnonzero(fold != part)), *size, knobs, seed)))
    rows, points = np.concatenate(held), np.concatenate(scores)
    stretch = sure.sharpness(points, task.answers[rows])
    return HeldOut(knobs, rows, points, stretch, sure.loss(points, task.answers[rows], stretch))


def scores_of(task: Task, found: Found) -> Floats:
    """The scores of rows."""
    parts: list[Floats] = [np.zeros((0, len(found.start)), np.float32)]
    for first in range(0, task.rows.count, TOGETHER):
        chosen = np.arange(first, min(first + TOGETHER, task.rows.count))
        batch = written_out(task.rows, chosen)
        parts.append(batch.table @ found.columns[batch.columns] + task.hints[chosen] @ found.hints + task.base[chosen])
    return np.asarray(np.concatenate(parts) + found.start)

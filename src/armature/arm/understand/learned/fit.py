"""Finding the weights: softmax regression over sparse rows, in small batches, each step as long as its column needs."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from armature.arm.understand.learned.pieces import Rows

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

TOGETHER = 64
"""Rows in one step: enough for the arithmetic to be fast, few enough for many steps."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """How to learn; found on parts of public sets that no figure is told of."""

    rounds: int = 15
    rate: float = 0.2
    penalty: float = 1e-5
    hint_rate: float = 0.3


@dataclass(slots=True)
class Found:
    """Weights of columns (columns x classes), of hints (hints x classes), and a start for each class."""

    columns: Floats
    hints: Floats
    start: Floats


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be learned: rows, what is known of each besides (``hints``), where its scores begin (``base``, a
    column for each class), the number of its class, and how much it counts."""

    rows: Rows
    hints: Floats
    base: Floats
    answers: Ints
    weight: Floats

    def only(self, chosen: Ints) -> "Task":
        """A part of it."""
        return Task(
            self.rows.only(chosen), self.hints[chosen], self.base[chosen], self.answers[chosen], self.weight[chosen]
        )


class Batch(NamedTuple):
    """Some rows written out over only the columns that occur in them."""

    rows: Ints
    columns: Ints
    table: Floats


def softmax(scores: Floats) -> Floats:
    """Scores of each row as shares of one."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def written_out(rows: Rows, chosen: Ints) -> Batch:
    """Some rows as a small full table."""
    some = rows.only(chosen)
    columns, place = np.unique(some.column, return_inverse=True)
    table = np.zeros((len(chosen), len(columns)), some.value.dtype)
    table[np.repeat(np.arange(len(chosen)), np.diff(some.begin)), place] = some.value
    return Batch(chosen, columns, table)


def shuffled(count: int, seed: int) -> Ints:
    """The same order for the same seed, by a number that nobody would call an order."""
    mixed = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.argsort(mixed ^ (mixed >> np.uint64(32)), kind="stable")


def fit(task: Task, width: int, classes: int, knobs: Knobs, seed: int) -> Found:
    """Weights under which the rows most likely have their answers."""
    found = Found(*(np.zeros((*size, classes), np.float32) for size in ((width,), (task.hints.shape[1],), ())))
    seen = Found(np.full_like(found.columns, 1e-6), np.full_like(found.hints, 1e-3), np.full_like(found.start, 1e-3))
    order = shuffled(len(task.answers), seed)
    batches = [written_out(task.rows, order[n : n + TOGETHER]) for n in range(0, len(order), TOGETHER)]
    for turn in range(knobs.rounds):
        for number in shuffled(len(batches), seed + turn + 1):
            _step(batches[number], task, found, seen, knobs)
    return found


def _step(batch: Batch, task: Task, found: Found, seen: Found, knobs: Knobs) -> None:
    """One step down, for the columns of this batch; what was often moved is moved less."""
    here, near = found.columns[batch.columns], task.hints[batch.rows]
    miss = softmax(batch.table @ here + near @ found.hints + found.start + task.base[batch.rows])
    miss[np.arange(len(miss)), task.answers[batch.rows]] -= 1
    miss = (miss * task.weight[batch.rows, None] / len(miss)).astype(np.float32)
    slope = batch.table.T @ miss + knobs.penalty * here
    so_far = seen.columns[batch.columns] + slope * slope
    seen.columns[batch.columns] = so_far
    found.columns[batch.columns] = here - knobs.rate * slope / np.sqrt(so_far)
    slope = near.T @ miss + 0.01 * knobs.penalty * found.hints
    seen.hints += slope * slope
    found.hints -= knobs.hint_rate * slope / np.sqrt(seen.hints)
    slope = miss.sum(axis=0)
    seen.start += slope * slope
    found.start -= knobs.hint_rate * slope / np.sqrt(seen.start)

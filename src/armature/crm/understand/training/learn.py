"""From sentences to weights, and how sure the reader may say it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from armature.arm.intent import INTENTS, ISSUE_TYPES
from armature.arm.understand import Lexicon, StarterReader, Weights
from armature.arm.understand.words import BUCKETS
from armature.crm.understand.training import fit
from armature.crm.understand.training.features import Rows, Vocabulary, rows, vocabulary
from armature.crm.understand.training.sentences import Sentence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PENALTY = 3e-6
FOLDS = 4


@dataclass(frozen=True)
class Task:
    """The sentences as numbers."""

    rows: Rows
    likeness: Floats
    intents: Ints
    issues: Ints
    balance: Floats


def feelings(sentences: Sequence[Sentence], lexicons: dict[str, Lexicon]) -> list[float]:
    """How good each sentence sounds."""
    reader = StarterReader("none", _empty(), lexicons, lambda texts: [("", 0.0)] * len(texts))
    read = reader.read([one.text for one in sentences], [one.language for one in sentences])
    return [reading.sentiment for reading in read]


def task(sentences: Sequence[Sentence], lexicons: dict[str, Lexicon]) -> tuple[Task, Vocabulary]:
    """What there is to learn."""
    texts = [one.text for one in sentences]
    known = vocabulary(texts)
    made = rows(texts, feelings(sentences, lexicons), known)
    intents = np.array([list(INTENTS).index(one.intent) for one in sentences])
    issues = np.array([list(ISSUE_TYPES).index(one.issue) for one in sentences])
    languages = np.unique([one.language for one in sentences], return_inverse=True)[1]
    return Task(made, made.likeness(), intents, issues, fit.balance_of(intents, languages)), known


def held_out(given: Task, penalty: float = PENALTY) -> Floats:
    """Scores of the intents for each sentence, from a reader that never saw its fold."""
    fold = np.arange(len(given.intents)) % FOLDS
    scores = np.zeros((len(fold), len(INTENTS)))
    for n in range(FOLDS):
        seen, new = np.flatnonzero(fold != n), np.flatnonzero(fold == n)
        answers = given.intents[seen]
        shares = fit.fit(given.likeness[np.ix_(seen, seen)], answers, len(INTENTS), given.balance[seen], penalty)
        scores[new] = given.likeness[np.ix_(new, seen)] @ shares
    return scores


def sharpness(scores: Floats, answers: Ints) -> float:
    """By how much to stretch the scores so that what is called 80 % sure is right in 80 %."""
    tried = [round(0.5 + 0.05 * n, 2) for n in range(60)]
    picked = np.arange(len(answers))
    losses = [-np.log(fit.softmax(scores * each)[picked, answers]).mean() for each in tried]
    return tried[int(np.argmin(losses))]


def learn(sentences: Sequence[Sentence], lexicons: dict[str, Lexicon]) -> Weights:
    """The weights of the starter reader; the same sentences always give the same."""
    given, known = task(sentences, lexicons)
    both = [
        fit.fit(given.likeness, answers, len(keys), given.balance, PENALTY)
        for answers, keys in ((given.intents, INTENTS), (given.issues, ISSUE_TYPES))
    ]
    columns = np.hstack(
        [given.rows.back(shares) - given.rows.back(shares).mean(axis=1, keepdims=True) for shares in both]
    )
    return pack(columns, known, sharpness(held_out(given), given.intents))


def pack(columns: Floats, known: Vocabulary, sharp: float) -> Weights:
    """Weights as small whole numbers."""
    words = len(known.words)
    table = columns[:-3]
    scale = 127 / float(np.abs(table).max())
    small = np.rint(table * scale).astype(np.int8)
    rest = np.rint(columns[-3:] * scale).astype(np.int64)
    return Weights(
        tuple(INTENTS), tuple(ISSUE_TYPES), known.words, small[:words], small[words : words + BUCKETS],
        np.array(sorted(known.pairs), np.int64), small[words + BUCKETS :], rest[2], rest[:2], scale, sharp,
    )  # fmt: skip


def _empty() -> Weights:
    """No word says anything: enough to hear how a text sounds."""
    wide = len(INTENTS) + len(ISSUE_TYPES)
    none, parts = np.zeros((0, wide), np.int8), np.zeros((BUCKETS, wide), np.int8)
    pairs, nothing = np.array([-2], np.int64), np.zeros((2, wide), np.int64)
    one = np.zeros((1, wide), np.int8)
    return Weights(tuple(INTENTS), tuple(ISSUE_TYPES), {}, none, parts, pairs, one, nothing[0], nothing, 1.0, 1.0)

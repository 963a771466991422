"""The reader that ships: language, intent, kind of issue and feeling of a text, with the words that said so."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from armature.arm.intent import Evidence, Reading
from armature.arm.understand import feeling
from armature.arm.understand.feeling import LANGUAGES, OTHER, Lexicon, sum_by
from armature.arm.understand.language import Detect, languages
from armature.arm.understand.weights import START, Weights, pair
from armature.arm.understand.word_table import FINE, WordTable
from armature.arm.understand.words import cut

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]

TOGETHER = 256
"""Texts read in one go: more would only take memory."""

REMEMBERED = 60_000
"""Words kept in memory; then the table is begun anew."""

SHOWN = 4
_COLUMN = {tag: n for n, tag in enumerate(LANGUAGES)}


class Tokens(NamedTuple):
    """The words of some texts, one after another: where each begins and ends, its text and its row in the table."""

    row: Ints
    text: Ints
    start: Ints
    end: Ints


class Looked(NamedTuple):
    """What is seen in some texts: words, language, feeling, a score per intent and issue, a share per intent."""

    tokens: Tokens
    said_in: list[str]
    sounds: Floats
    scores: Floats
    shares: Floats


class StarterReader:
    """Reads with given weights, lexicons (by language, and ``any`` for signs) and a way to detect languages."""

    def __init__(self, version: str, weights: Weights, lexicons: dict[str, Lexicon], detect: Detect) -> None:
        self.version, self.weights, self.lexicons, self.detect = version, weights, lexicons, detect
        self._table = WordTable(weights, lexicons)

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading per text, in order; the same text always gets the same one, whatever else is in the batch."""
        if len(self._table) > REMEMBERED:
            self._table = WordTable(self.weights, self.lexicons)
        cuts = range(0, len(texts), TOGETHER)
        parts = (self._read(texts[n : n + TOGETHER], languages[n : n + TOGETHER], self._table) for n in cuts)
        return list(chain.from_iterable(parts))

    def look(self, texts: Sequence[str], tags: Sequence[str]) -> "Looked":
        """All that it sees in a few texts (``TOGETHER`` at most), for whoever goes on from there."""
        if len(self._table) > REMEMBERED:
            self._table = WordTable(self.weights, self.lexicons)
        return self._look(texts, tags, self._table)

    def said(self, token: str, column: int) -> float:
        """What one word says for one intent."""
        return float(self._table.scores[self._table[token], column]) / FINE / self.weights.scale

    def _look(self, texts: Sequence[str], tags: Sequence[str], table: WordTable) -> "Looked":
        said_in = languages(texts, tags, self.detect)
        tokens = tokens_of(texts, table)
        sounds = _feelings(tokens, said_in, table)
        scores, known = self._scores(tokens, sounds, table)
        shown = len(self.weights.intents)
        shares = _shares(scores[:, :shown], known, self.weights.sharpness)
        return Looked(tokens, said_in, sounds, scores, shares)

    def _read(self, texts: Sequence[str], tags: Sequence[str], table: WordTable) -> list[Reading]:
        seen = self._look(texts, tags, table)
        shown = len(self.weights.intents)
        intent = seen.scores[:, :shown].argmax(axis=1)
        issue = seen.scores[:, shown:].argmax(axis=1)
        sure = seen.shares[np.arange(len(intent)), intent]
        spoke = table.scores[seen.tokens.row, intent[seen.tokens.text]]
        evidence = strongest(seen.tokens, spoke, len(intent))
        sounds = seen.sounds.tolist()
        rows = zip(intent.tolist(), issue.tolist(), sounds, seen.said_in, sure.tolist(), evidence, strict=True)
        return [
            Reading(self.weights.intents[i], self.weights.issues[k], s, language, c, words, self.version)
            for i, k, s, language, c, words in rows
        ]

    def _scores(self, tokens: Tokens, sounds: Floats, table: WordTable) -> tuple[Floats, Floats]:
        """A score per text and column, and the share of each text's words that the vocabulary knows."""
        weights, texts = self.weights, len(sounds)
        marks = table.marks[tokens.row]
        sums = sum_by(table.scores[tokens.row], tokens.text, texts) + FINE * self._pairs(tokens, marks[:, 0], texts)
        size = np.maximum(np.bincount(tokens.text, minlength=texts), 1)
        moods = np.stack([np.maximum(sounds, 0), np.maximum(-sounds, 0)], axis=1)
        scores = sums / FINE / np.sqrt(size)[:, None] + weights.start
        for n in (0, 1):
            scores = scores + moods[:, n, None] * weights.feelings[n]
        words = sum_by(np.stack([marks[:, 1], marks[:, 1] * (marks[:, 0] >= 0)], axis=1), tokens.text, texts)
        return scores / weights.scale, words[:, 1] / np.maximum(words[:, 0], 1)

    def _pairs(self, tokens: Tokens, number: Ints, texts: int) -> Ints:
        """What neighbouring words say together, and the first word as a first word."""
        weights = self.weights
        before = np.full(len(number), START, np.int64)
        before[1:] = np.where(tokens.text[1:] == tokens.text[:-1], number[:-1], START)
        keys = np.where((number >= 0) & (before >= 0), pair(before, number.astype(np.int64)), -1)
        at = np.minimum(np.searchsorted(weights.pairs, keys), len(weights.pairs) - 1)
        hit = weights.pairs[at] == keys
        return sum_by(weights.pair_rows[at[hit]], tokens.text[hit], texts)


def tokens_of(texts: Sequence[str], table: WordTable) -> Tokens:
    """Cut all texts into words and look each up."""
    pieces = [cut(text) for text in texts]
    flat = list(chain.from_iterable(pieces))
    sizes = np.fromiter(map(len, flat), np.int64, len(flat))
    counts = np.fromiter(map(len, pieces), np.int64, len(pieces))
    text = np.repeat(np.arange(len(texts)), counts)
    ends = np.cumsum(sizes)
    firsts = np.cumsum(counts) - counts
    ends -= (ends - sizes)[firsts][text] if len(flat) else 0
    place = np.arange(len(flat)) - firsts[text]
    words = place % 2 == 1
    row = np.fromiter((table[piece] for piece in chain.from_iterable(p[1::2] for p in pieces)), np.int64)
    return Tokens(row, text[words], (ends - sizes)[words], ends[words])


def _feelings(tokens: Tokens, said_in: Sequence[str], table: WordTable) -> Floats:
    column = np.array([_COLUMN.get(tag, OTHER) for tag in said_in], np.int64)
    senses = table.senses[tokens.row, column[tokens.text]].astype(np.int64)
    marks = table.marks[tokens.row]
    shouts = sum_by(marks[:, 3], tokens.text, len(said_in))
    return feeling.sound(senses, marks[:, 2], tokens.text, shouts).round(4)


def _shares(scores: Floats, known: Floats, sharpness: float) -> Floats:
    """How likely each intent is; nearer to a guess the fewer words of the text were ever seen."""
    stretched = scores * sharpness
    raised = np.exp(stretched - stretched.max(axis=1, keepdims=True))
    likely = raised / raised.sum(axis=1, keepdims=True)
    guess = 1 / scores.shape[1]
    return np.asarray(guess + (likely - guess) * np.minimum(known / 0.7, 1)[:, None]).clip(0, 1).round(4)


def strongest(tokens: Tokens, weight: Any, texts: int) -> list[tuple[Evidence, ...]]:
    """Up to four words of each text that spoke most for what it was read as, in the order of the text.

    ``weight`` is what each word said for it, in whole numbers.
    """
    found: list[list[Evidence]] = [[] for _ in range(texts)]
    spoke = np.maximum(weight, 0).astype(np.int64)
    total = sum_by(spoke, tokens.text, texts)
    order = np.lexsort((tokens.start, -spoke, tokens.text))
    first = np.searchsorted(tokens.text, np.arange(texts))
    place = np.arange(len(order)) - first[tokens.text]
    chosen = np.sort(order[(place < SHOWN) & (spoke[order] > 0)])
    share = spoke[chosen] / total[tokens.text[chosen]]
    columns = (tokens.text[chosen], tokens.start[chosen], tokens.end[chosen], share.round(2))
    for n, start, end, said in zip(*(column.tolist() for column in columns), strict=True):
        found[n].append(Evidence(start, end, said))
    return [tuple(words) for words in found]

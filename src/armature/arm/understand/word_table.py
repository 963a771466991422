"""Everything the reader knows of a word, worked out when the word is first met and kept for the next time."""

from threading import Lock

import numpy as np
import numpy.typing as npt

from armature.arm.understand import words
from armature.arm.understand.feeling import Lexicon, senses
from armature.arm.understand.weights import Weights

FINE = 256
"""Sums are kept in whole numbers, so that their order changes nothing; this many to one unit of weight."""


class WordTable(dict[str, int]):
    """Token to row; ``table[token]`` adds what is missing. Rows stay where they are, so that threads may share it."""

    def __init__(self, weights: Weights, lexicons: dict[str, Lexicon], room: int = 4_096) -> None:
        super().__init__()
        self.weights, self.lexicons, self._lock = weights, lexicons, Lock()
        wide = len(weights.intents) + len(weights.issues)
        self.scores = np.zeros((room, wide), np.int32)
        self.senses = np.zeros((room, len(lexicons), 4), np.int16)
        self.marks = np.zeros((room, 4), np.int32)
        """Number in the vocabulary or -1; is it a word; is it in capitals; is it an exclamation mark."""

    def __missing__(self, token: str) -> int:
        known = words.names(token)
        row_scores, number = self._scores(known)
        with self._lock:
            if token in self:
                return dict.__getitem__(self, token)
            row = len(self)
            if row == len(self.scores):
                self._grow()
            self.scores[row] = row_scores
            self.senses[row] = senses(known[-1] if known[0] == "<tag>" else known[0], self.lexicons)
            is_word = token[0].isalpha() and known[0] != "<address>"
            self.marks[row] = number, is_word, is_word and len(token) > 1 and token.isupper(), token[0] == "!"
            self[token] = row
        return row

    def _scores(self, known: list[str]) -> tuple[npt.NDArray[np.int32], int]:
        """The summed weights of a token's names and their parts, and its number in the vocabulary."""
        tables = self.weights
        numbers = [tables.vocabulary.get(name, -1) for name in known]
        total = np.zeros(self.scores.shape[1], np.float64)
        for name, number in zip(known, numbers, strict=True):
            if number >= 0:
                total += tables.words[number]
            if pieces := words.parts(name):
                total += tables.parts[pieces].sum(axis=0, dtype=np.int64) * (words.PARTS / np.sqrt(len(pieces)))
        return np.rint(total * FINE).astype(np.int32), numbers[0]

    def _grow(self) -> None:
        """Twice the room; the old tables stay as they are for whoever reads them at this moment."""
        for name in ("scores", "senses", "marks"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))

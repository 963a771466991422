"""A company's reader: the starter reader, and what people's verdicts taught on top of it about intents."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from armature.arm.intent import Evidence, Reading
from armature.arm.understand.learned import hints
from armature.arm.understand.learned.model import Model, Taught
from armature.arm.understand.starter import TOGETHER, Looked, StarterReader, strongest
from armature.arm.understand.words import cut

UNSURE = 0.79
"""Below its threshold a class is a guess: the confidence told stays under what the map's rules take for sure (0.8)."""

FINE = 1_000


class LearnedReader:
    """Reads intents with a model; kind of issue, feeling and language are those of the starter reader."""

    def __init__(self, version: str, starter: StarterReader, model: Model) -> None:
        self.version, self.starter, self.model = version, starter, model
        self._taught = Taught(model)

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading per text, in order; the same text always gets the same one, whatever else is in the batch."""
        cuts = range(0, len(texts), TOGETHER)
        parts = (self._read(texts[n : n + TOGETHER], languages[n : n + TOGETHER]) for n in cuts)
        return list(chain.from_iterable(parts))

    def _read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        seen = self.starter.look(texts, languages)
        weights = self.starter.weights
        begin = hints.base(seen.shares, weights.intents, self.model.labels)
        best, sure, told = self._taught.named(self._taught.shares(texts, hints.of(seen), begin))
        told_as = np.where(told, sure, np.minimum(sure, UNSURE))
        evidence = self._evidence(texts, seen, best.tolist())
        issue = seen.scores[:, len(weights.intents) :].argmax(axis=1)
        numbers = (each.tolist() for each in (best, issue, seen.sounds, told_as))
        return [
            Reading(self.model.labels[i], weights.issues[k], s, language, c, words, self.version)
            for i, k, s, c, language, words in zip(*numbers, seen.said_in, evidence, strict=True)
        ]

    def _evidence(self, texts: Sequence[str], seen: Looked, best: list[int]) -> list[tuple[Evidence, ...]]:
        """The words that spoke most for each intent, by the model and, where it knows it, the starter reader."""
        model, intents = self.model, self.starter.weights.intents
        spoke: list[int] = []
        for text, number in zip(texts, best, strict=True):
            column = intents.index(model.labels[number]) if model.labels[number] in intents else -1
            spoke.extend(self._said(token, number, column) for token in cut(text)[1::2])
        return strongest(seen.tokens, np.array(spoke, np.int64), len(texts))

    def _said(self, token: str, number: int, column: int) -> int:
        """What one word says for an intent, in thousandths."""
        columns = self._taught.columns_of(token)
        learned = float((self.model.weights[columns, number] * self.model.rarity[columns]).sum())
        known = self.starter.said(token, column) if column >= 0 else 0.0
        return int(FINE * (learned / self.model.scale / max(len(columns), 1) ** 0.5 + known))


def fits(model: Model, starter: StarterReader) -> bool:
    """Whether a model goes with this starter reader."""
    return model.leans and len(model.hints) == hints.NAMES + len(starter.weights.intents)

"""Learning from a list of texts with labels of any kind, and reading with what was learned: what the terminal does."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from armature.arm.intent import INTENTS
from armature.arm.understand.learned import hints
from armature.arm.understand.learned.learn import Lesson, learn
from armature.arm.understand.learned.measure import Figures, figures
from armature.arm.understand.learned.model import Model, Taught
from armature.crm.understand import reader

HINTS = hints.NAMES + len(INTENTS)


class Example(NamedTuple):
    """A text and what it is."""

    text: str
    label: str


class Scored(NamedTuple):
    """Figures, and how many texts were read in a second of the processor."""

    figures: Figures
    per_second: float


def learn_from(examples: Sequence[Example], *, promise: float = 0.95, seed: int = 1) -> Model:
    """A model of these labels. Raises ``ValueError``."""
    texts = [one.text for one in examples]
    known = hints.of_texts(reader.starter(), texts, [""] * len(texts))
    labels = tuple(sorted({one.label for one in examples}))
    return learn(Lesson(texts, [one.label for one in examples], labels, known), promise=promise, seed=seed)


class Answers(NamedTuple):
    """For each text the likeliest label, how likely, and whether that is enough to name it."""

    label: list[str]
    sure: list[float]
    told: list[bool]


def read(taught: Taught, texts: Sequence[str]) -> Answers:
    """What a model says of texts."""
    known = hints.of_texts(reader.starter(), texts, [""] * len(texts))
    best, sure, told = taught.named(taught.shares(texts, known))
    return Answers([taught.model.labels[n] for n in best.tolist()], sure.tolist(), told.tolist())


def score(model: Model, examples: Sequence[Example]) -> Scored:
    """How good a model is on examples it has not seen."""
    texts, taught = [one.text for one in examples], Taught(model)
    read(taught, texts[:1])  # tables are loaded once in a process
    began = time.process_time()
    said = read(taught, texts)
    took = max(time.process_time() - began, 1e-6)
    return Scored(figures([one.label for one in examples], *said), len(texts) / took)

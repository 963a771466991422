"""Which language a text is in: the tables of py3langid, asked for a whole batch at once.

py3langid scores one text at a time; most of that is the small matrix product per text. Here the texts of a batch share
one. Its tables and the walk over them are its own (0.4, pinned); a test compares with its answers, text by text.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from armature.arm.understand import Detect

CHOSEN = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh"
).split()
ENOUGH = 80
"""Characters that are looked at: the rest of a text does not change the answer, only the time."""


@cache
def identifier() -> Any:
    """The tables, loaded once, for the chosen languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    loaded.set_languages(CHOSEN)
    return loaded


@cache
def detector() -> Detect:
    """Gives language and probability for each text of a batch; the same for a text whatever stands beside it."""
    return detect


def detect(texts: Sequence[str]) -> list[tuple[str, float]]:
    """(two-letter tag, probability) of each text."""
    tables = identifier()
    walked = [_walk(tables, tables._encode(text[:ENOUGH])) for text in texts]
    found = [(n, features, size) for n, (features, size) in enumerate(walked) if features]
    answers = [("", 0.0)] * len(texts)
    if not found:
        return answers
    index = np.concatenate([np.fromiter(features, np.intp, len(features)) for _, features, _ in found])
    counts = np.concatenate([np.fromiter(features.values(), np.float32, len(features)) for _, features, _ in found])
    starts = np.cumsum([0, *(len(features) for _, features, _ in found[:-1])])
    scores = np.add.reduceat(np.log1p(counts)[:, None] * tables.nb_ptc[index], starts, axis=0) + tables.nb_pc
    scores *= (1.0 / np.sqrt(np.array([size for _, _, size in found], np.float32)))[:, None]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    for (n, _, _), winner, chance in zip(found, best, chances[np.arange(len(found)), best], strict=True):
        answers[n] = (tables.nb_classes[winner], round(float(chance), 6))
    return answers


def _walk(tables: Any, encoded: bytes) -> tuple[Counter[int], int]:
    """Which features a text has and how often, and its size in bytes."""
    moves, rows, output = tables.tk_nextmove, tables._rowbase, tables.tk_output
    state, features = 0, list[int]()
    note = features.append
    for byte in encoded:
        state = moves[rows[state] + byte]
        feature = output[state]
        if feature >= 0:
            note(feature)
    return Counter(features), len(encoded)

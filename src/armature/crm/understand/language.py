"""Which language a text is in: the tables of py3langid, asked for a whole batch at once.

py3langid walks and scores one text at a time, byte by byte. Here the texts of a batch walk side by side, one step of
all of them after the other, and are scored together. The tables are its own (0.4, pinned); a test compares with its
answers, text by text.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from armature.arm.understand import Detect

CHOSEN = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh"
).split()
ENOUGH = 80
"""Characters that are looked at: the rest of a text does not change the answer, only the time."""

Numbers = npt.NDArray[np.int64]


class Tables(NamedTuple):
    """What py3langid was taught. A state and a byte lead to the next state; some states stand for a feature."""

    theirs: Any
    moves: npt.NDArray[np.uint16 | np.uint32]
    first_move: Numbers
    feature_of: Numbers
    weight: npt.NDArray[np.float32]


class Seen(NamedTuple):
    """Features that were seen, by text: text ``text[n]`` has feature ``feature[n]`` ``times[n]`` times."""

    text: Numbers
    feature: Numbers
    times: npt.NDArray[np.float32]


@cache
def tables() -> Tables:
    """The tables, loaded once, for the chosen languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    loaded.set_languages(CHOSEN)
    return Tables(
        loaded,
        np.asarray(loaded.tk_nextmove),
        np.array(loaded._rowbase, np.int64),
        np.array(loaded.tk_output, np.int64),
        np.asarray(loaded.nb_ptc, np.float32),
    )


@cache
def detector() -> Detect:
    """Gives language and probability for each text of a batch; the same for a text whatever stands beside it."""
    return detect


def detect(texts: Sequence[str]) -> list[tuple[str, float]]:
    """(two-letter tag, probability) of each text."""
    taught = tables()
    encoded = [taught.theirs._encode(text[:ENOUGH]) for text in texts]
    seen = _walk(taught, encoded)
    answers = [("", 0.0)] * len(texts)
    if not len(seen.text):
        return answers
    spoken, starts = np.unique(seen.text, return_index=True)
    weighed = np.log1p(seen.times)[:, None] * taught.weight[seen.feature]
    scores = np.add.reduceat(weighed, starts, axis=0) + taught.theirs.nb_pc
    scores *= (1.0 / np.sqrt(np.array([len(encoded[n]) for n in spoken], np.float32)))[:, None]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    for n, winner, chance in zip(spoken, best, chances[np.arange(len(spoken)), best], strict=True):
        answers[n] = (taught.theirs.nb_classes[winner], round(float(chance), 6))
    return answers


def _walk(taught: Tables, encoded: Sequence[bytes]) -> Seen:
    """Lead all texts through the tables at once, the longest first: those still under way are then always in front."""
    sizes = np.array([len(one) for one in encoded], np.int64)
    order = np.argsort(-sizes, kind="stable")
    longest = int(sizes.max(initial=0))
    columns = np.zeros((longest, len(encoded)), np.int64)
    for place, n in enumerate(order):
        columns[: sizes[n], place] = np.frombuffer(encoded[n], np.uint8)
    under_way = np.searchsorted(-sizes[order], -np.arange(longest), side="left")
    state = np.zeros(len(encoded), np.int64)
    found = np.full((longest, len(encoded)), -1, np.int64)
    for step, many in enumerate(under_way):
        state = taught.moves[taught.first_move[state[:many]] + columns[step, :many]]
        found[step, :many] = taught.feature_of[state]
    steps, places = np.nonzero(found >= 0)
    size = len(taught.weight)
    keys, counts = np.unique(order[places] * size + found[steps, places], return_counts=True)
    return Seen(keys // size, keys % size, counts.astype(np.float32))

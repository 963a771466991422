"""The file of the starter reader: weights as arrays and lexicons as lists of words, both in the package."""

import io
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from armature.arm.intent import INTENTS, ISSUE_TYPES
from armature.arm.understand import Lexicon, Weights, read_lexicon
from armature.arm.understand.feeling import LANGUAGES

_ARRAYS = ("words", "parts", "pairs", "pair_rows", "start", "feelings")


def folder() -> Traversable:
    """Where sentences, lexicons and weights stand."""
    return files("armature.crm.understand") / "starter"


def lexicons() -> dict[str, Lexicon]:
    """By language, and ``any`` for signs."""
    return {tag: read_lexicon(_text(f"sentiment_{tag}.txt").splitlines()) for tag in (*LANGUAGES, "any")}


def _text(name: str) -> str:
    return (folder() / name).read_text("utf-8")


def to_bytes(weights: Weights) -> bytes:
    """The file."""
    arrays = {name: getattr(weights, name) for name in _ARRAYS}
    arrays["vocabulary"] = np.frombuffer("\n".join(weights.vocabulary).encode(), np.uint8)
    arrays["numbers"] = np.array([weights.scale, weights.sharpness])
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def from_bytes(data: bytes) -> Weights:
    """The weights. Raises ``ValueError`` where they do not fit this version."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in _ARRAYS}
        words = file["vocabulary"].tobytes().decode().split("\n")
        scale, sharp = file["numbers"].tolist()
    vocabulary = {word: n for n, word in enumerate(words)}
    return Weights(tuple(INTENTS), tuple(ISSUE_TYPES), vocabulary, **arrays, scale=scale, sharpness=sharp)

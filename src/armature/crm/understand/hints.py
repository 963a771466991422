"""What the starter reader tells one that learns: how good and how bad a text sounds, and a share for each intent."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from armature.arm.understand.starter import TOGETHER, Looked, StarterReader

Floats = npt.NDArray[np.floating[Any]]

NAMES = 2
"""Hints before the shares: good, bad."""


def of(seen: Looked) -> Floats:
    """One row for each text."""
    moods = np.stack([np.maximum(seen.sounds, 0), np.maximum(-seen.sounds, 0)], axis=1)
    return np.hstack([moods, seen.shares])


def of_texts(starter: StarterReader, texts: Sequence[str], languages: Sequence[str]) -> Floats:
    """The same for any number of texts."""
    parts = [
        of(starter.look(texts[n : n + TOGETHER], languages[n : n + TOGETHER])) for n in range(0, len(texts), TOGETHER)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, NAMES + len(starter.weights.intents)))

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


LEAST = 0.005
"""What the starter reader leaves to a class that it does not know, or thinks impossible."""


def base(shares: Floats, intents: Sequence[str], labels: Sequence[str]) -> Floats:
    """Where the scores of ``labels`` begin: with no word learned they say what the starter reader says."""
    found = np.full((len(shares), len(labels)), LEAST)
    number = {label: n for n, label in enumerate(labels)}
    for n, intent in enumerate(intents):
        if intent in number:
            found[:, number[intent]] = np.maximum(shares[:, n], LEAST)
    return np.asarray(np.log(found).round(6))

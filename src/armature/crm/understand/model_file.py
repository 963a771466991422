"""A learned model as a short JSON object and one run of numbers whose length follows from it: nothing in it is run."""

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from armature.arm.understand.learned.model import MOST_CLASSES, MOST_WEIGHTS, Model

FORMAT = 1
ABOUT, WEIGHTS = "reader.json", "weights.bin"
MOST_ABOUT = 1_000_000
"""Bytes of the JSON object at most."""
MOST_HINTS = 1_000
LONGEST_LABEL = 200


class Unfit(ValueError):
    """This is no model that we can read; the words say why."""


def pack(model: Model) -> tuple[dict[str, Any], bytes]:
    """The object and the numbers of a model."""
    arrays = _tables(len(model.labels), len(model.marks), len(model.hints))
    data = b"".join(np.ascontiguousarray(getattr(model, name), kind).tobytes() for name, kind, _ in arrays)
    about = {
        "format": FORMAT, "digest": sha256(data).hexdigest(), "columns": len(model.marks), "hints": len(model.hints),
        "labels": list(model.labels), "scale": model.scale, "sharpness": model.sharpness, "promise": model.promise,
        "leans": model.leans,
    }  # fmt: skip
    return about, data


def unpack(about: Mapping[str, Any], data: bytes) -> Model:
    """The model. Raises ``Unfit``."""
    try:
        return _unpack(about, data)
    except Unfit:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        raise Unfit(f"this is no model of Armature: {problem}") from None


def _unpack(about: Mapping[str, Any], data: bytes) -> Model:
    if about["format"] != FORMAT:
        raise Unfit(f"the model has the format {about['format']!r}; this version reads format {FORMAT}")
    labels, columns, hints = about["labels"], _count(about, "columns"), _count(about, "hints")
    if not isinstance(labels, list) or not all(isinstance(x, str) and 0 < len(x) <= LONGEST_LABEL for x in labels):
        raise Unfit(f'"labels" must be a list of texts of at most {LONGEST_LABEL} characters')
    if len(labels) > MOST_CLASSES or columns * len(labels) > MOST_WEIGHTS or hints > MOST_HINTS:
        raise Unfit("the model is larger than any that Armature makes")
    tables = _tables(len(labels), columns, hints)
    size = sum(np.dtype(kind).itemsize * math.prod(shape) for _, kind, shape in tables)
    if len(data) != size:
        raise Unfit(f"the weights have {len(data)} bytes, and {size} belong to this model")
    if sha256(data).hexdigest() != about["digest"]:
        raise Unfit("the weights are not those that the model names: their digest differs")
    found: dict[str, Any] = {}
    at = 0
    for name, kind, shape in tables:
        found[name] = np.frombuffer(data, kind, math.prod(shape), at).reshape(shape)
        at += found[name].nbytes
    numbers: dict[str, Any] = {name: float(about[name]) for name in ("scale", "sharpness", "promise")}
    return Model(labels=tuple(labels), **found, **numbers, leans=about["leans"] is True)


def _count(about: Mapping[str, Any], name: str) -> int:
    value = about[name]
    if type(value) is not int or value < 0:
        raise Unfit(f'"{name}" must be a whole number from 0')
    return value


def _tables(classes: int, columns: int, hints: int) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    """Name, kind of number and shape of each run, in the order of ``Model``."""
    return (
        ("marks", "<u4", (columns,)), ("rarity", "<f4", (columns,)), ("weights", "<i2", (columns, classes)),
        ("hints", "<f8", (hints, classes)), ("start", "<f8", (classes,)), ("thresholds", "<f8", (classes,)),
    )  # fmt: skip


def save(folder: Path, model: Model, more: Mapping[str, Any]) -> dict[str, Any]:
    """Write a model into a folder, with what else is worth knowing of it; gives the whole object."""
    about, data = pack(model)
    whole = {**about, **more}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(data)
    (folder / ABOUT).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return whole


def load(folder: Path) -> tuple[Model, dict[str, Any]]:
    """The model in a folder and its object. Raises ``Unfit``."""
    about = _about(folder)
    most = 4 * (2 * MOST_WEIGHTS + 8 * MOST_WEIGHTS)
    try:
        if (folder / WEIGHTS).stat().st_size > most:
            raise Unfit(f"{folder / WEIGHTS} is larger than any model that Armature makes")
        return unpack(about, (folder / WEIGHTS).read_bytes()), about
    except OSError as problem:
        raise Unfit(f"{folder / WEIGHTS}: {problem.strerror}") from None


def _about(folder: Path) -> dict[str, Any]:
    try:
        with (folder / ABOUT).open("rb") as file:
            text = file.read(MOST_ABOUT + 1)
        found = json.loads(text.decode()) if len(text) <= MOST_ABOUT else None
    except OSError as problem:
        raise Unfit(f"{folder / ABOUT}: {problem.strerror}") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unfit(f"{folder / ABOUT} is no JSON object of a model")
    return found

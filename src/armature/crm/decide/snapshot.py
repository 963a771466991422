"""All that was known at one moment, kept small: the values of the fact catalogue in its order, as one line."""

import json
from collections.abc import Mapping

from armature.arm.interaction import Value
from armature.crm.decide.catalogue import KEYS, VERSION


def pack(facts: Mapping[str, Value]) -> str:
    """The facts as they are stored; what is not in the catalogue is not kept."""
    return json.dumps([facts.get(key) for key in KEYS], separators=(",", ":"), ensure_ascii=False)


def unpack(line: str, version: int) -> dict[str, Value]:
    """The facts of a stored line. A fact added to the catalogue later is absent: not known then."""
    if version > VERSION:
        raise ValueError(f"this snapshot was written by a newer version of Armature (catalogue {version})")
    return {key: value for key, value in zip(KEYS, json.loads(line), strict=False) if value is not None}

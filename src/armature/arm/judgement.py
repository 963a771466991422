"""One judgement: what was found for each component, which way it took, and what should happen."""

from collections.abc import Mapping
from dataclasses import dataclass

from armature.arm.action import Ask, Do, End, Joined
from armature.arm.intent import Reading
from armature.arm.interaction import Value


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the process came to for one interaction, up to where it ended or waits.

    ``path`` names the elements passed, in order. ``facts`` are all values of the fact catalogue and all outputs of
    tables at that moment: the snapshot that is kept with the decision. ``rows`` names the row of each table that fired.
    """

    interaction: int
    reading: Reading | None
    path: tuple[str, ...]
    facts: Mapping[str, Value]
    rows: Mapping[str, str]
    actions: tuple[Do, ...]
    stop: Ask | End | Joined

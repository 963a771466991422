"""What is judged, and one judgement: what was found, which way it took, and what should happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from armature.arm.action import Ask, Do, End, Joined
from armature.arm.intent import Reading
from armature.arm.interaction import Interaction, Value


@dataclass(frozen=True, slots=True)
class Turn:
    """One interaction whose process begins or goes on.

    ``after`` is empty for a new interaction; else the element that waited, the timer that fired, or the start for
    incidents. ``answer`` is what was answered there, ``carried`` are the facts kept with the wait (of an incident: what
    whoever opened it said). ``reading`` is how the text was read or what a person confirmed, None when nobody did yet.
    ``waits`` are the elements where the same identity already waits in the same conversation.
    """

    interaction: Interaction
    after: str = ""
    answer: Mapping[str, Value] = field(default_factory=dict)
    carried: Mapping[str, Value] = field(default_factory=dict)
    reading: Reading | None = None
    waits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the process came to for one interaction, up to where it ended or waits.

    ``path`` names the elements passed, in order; when it went on, from the arrow behind the wait or from the timer.
    ``facts`` are all values of the fact catalogue and all outputs of tables at that moment: the snapshot that is kept
    with the decision. ``rows`` names the row of each table that fired.
    """

    interaction: int
    reading: Reading | None
    path: tuple[str, ...]
    facts: Mapping[str, Value]
    rows: Mapping[str, str]
    actions: tuple[Do, ...]
    stop: Ask | End | Joined

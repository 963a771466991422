"""What happens next: the closed list of things a judgement can ask for. Nothing is carried out here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from armature.arm.interaction import Value


@dataclass(frozen=True, slots=True)
class Do:
    """An automatic step with an effect inside the company, to be carried out by the step that is named.

    ``step`` is one of: internal (tell a team, make a task), record (into the customer record), flag (candidate for
    testimonial or advocate), raise (priority up, tell the lead), offer (to the next team), reopen. ``values`` are the
    facts it works with, and under "what" the word that the map gives it.
    """

    step: str
    element: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer on a wait: the process enters at ``element`` after so many minutes.

    The minutes are business time of the team, unless they go ``round_the_clock``. One that ``interrupts`` ends the
    wait; the others leave it open. ``clock`` is the promise it stands for (first response, resolution), or empty.
    """

    element: str
    minutes: int
    interrupts: bool
    round_the_clock: bool = False
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The process waits at ``element``: for a person, a delivery, or what comes back.

    ``form`` says who can answer it: intent, response, executive, approval, delivery (was it sent?), send (the outbox),
    feedback (the customer). ``timers`` are all that can end or hurry the wait, the shortest first; ``minutes`` are
    those of the first, None when nothing hurries it.
    """

    element: str
    form: str
    team: str
    priority: int
    minutes: int | None = None
    timers: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The process is over for this interaction. ``reason`` is required when nobody answers."""

    element: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """The interaction answers a wait that was already open; the process goes on there with ``answer``."""

    element: str
    answer: Mapping[str, Value]

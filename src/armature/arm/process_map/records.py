"""A drawn process map as values: elements, arrows, lanes, and where each stands in the picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]
NAMELESS = {
    "startEvent": "start", "serviceTask": "step of Armature", "businessRuleTask": "decision by a table",
    "userTask": "task for people", "exclusiveGateway": "choice", "boundaryEvent": "timer", "endEvent": "end",
}  # fmt: skip
"""What an element is spoken of as while nobody named it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle of the picture, in pixels from the top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Element:
    """One box, circle or diamond.

    ``kind`` is the BPMN name (startEvent, serviceTask, businessRuleTask, userTask, exclusiveGateway, boundaryEvent,
    endEvent). ``own`` holds our attributes without their prefix (step, table, form, team, team_from, after, clock,
    outcome, reason, value, start). ``host`` is the task a timer sits on; a timer that ``interrupts`` ends its wait.
    """

    id: str
    name: str
    kind: str
    own: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    host: str = ""
    interrupts: bool = True
    message: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A sequence flow; ``condition`` is its text, empty when it always applies."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """Who acts: a fixed ``team``, or the team that the field ``team_from`` names."""

    id: str
    name: str
    elements: tuple[str, ...]
    team: str = ""
    team_from: str = ""


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """Everything of one map. ``shapes``, ``labels`` and ``lines`` draw it, by id; execution never reads them."""

    name: str = ""
    elements: Mapping[str, Element] = field(default_factory=dict)
    arrows: tuple[Arrow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    pool: str = ""
    shapes: Mapping[str, Bounds] = field(default_factory=dict)
    labels: Mapping[str, Bounds] = field(default_factory=dict)
    lines: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)

    def leaving(self, element: str) -> list[Arrow]:
        """The arrows that leave an element, in the order of the file."""
        return [arrow for arrow in self.arrows if arrow.source == element]

    def timers(self, element: str) -> list[Element]:
        """The timers that sit on an element."""
        return [timer for timer in self.elements.values() if timer.host == element]

    def lane(self, element: str) -> Lane | None:
        """The lane an element stands in."""
        return next((lane for lane in self.lanes if element in lane.elements), None)

    def called(self, element: str) -> str:
        """An element's name, as findings speak of it; with its id where the name alone does not say which one."""
        found = self.elements.get(element)
        if found is None:
            return element
        alike = [one for one in self.elements.values() if one.name == found.name]
        if not found.name:
            alike = [one for one in alike if one.kind == found.kind]
        name = found.name or f"The {NAMELESS.get(found.kind, 'step')} without a name"
        return name if len(alike) == 1 else f"{name} ({element})"

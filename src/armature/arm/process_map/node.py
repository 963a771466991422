"""One element of a plan: everything the walk needs, looked up once when the map is compiled."""

from dataclasses import dataclass

from armature.arm.process_map.reading import condition, duration, is_incident, team_field, team_fixed, work
from armature.arm.process_map.records import Element, ProcessMap
from armature.arm.process_map.terms import Duration
from armature.arm.rule.cell import ANY, Cell
from armature.arm.rule.field import Catalogue

_KINDS = {
    "startEvent": "start",
    "businessRuleTask": "table",
    "userTask": "ask",
    "exclusiveGateway": "gateway",
    "boundaryEvent": "timer",
    "endEvent": "end",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a gateway: taken when ``cell`` accepts the fact ``field``; the default comes last and has none."""

    field: str
    cell: Cell
    to: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer on a wait."""

    element: str
    after: Duration
    interrupts: bool
    clock: str


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` is start, step, table, gateway, ask (it waits), timer or end; the fields that do not apply are empty.

    ``to`` is where the single arrow leads, ``branches`` are those of a gateway. ``host`` is the wait under a timer.
    """

    id: str
    name: str
    kind: str
    step: str
    table: str
    form: str
    finds: str
    writes: bool
    team: str
    team_from: str
    value: str
    outcome: str
    reason: str
    host: str
    interrupts: bool
    incident: bool
    to: str
    branches: tuple[Branch, ...]
    timers: tuple[Timer, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """Every element that can come next."""
        return tuple(branch.to for branch in self.branches) or ((self.to,) if self.to else ())


def node(process: ProcessMap, element: Element, catalogue: Catalogue) -> Node:
    """What an element of a map without errors does."""
    step, own, arrows = work(element), element.own, process.leaving(element.id)
    waiting = step is not None and step.waits
    return Node(
        id=element.id,
        name=element.name,
        kind="ask" if waiting else _KINDS.get(element.kind, "step"),
        step=own.get("step", ""),
        table=own.get("table", ""),
        form=(own.get("form") or own.get("step", "")) if waiting else "",
        finds=step.finds if step else "",
        writes=step is not None and step.writes,
        team=team_fixed(process, element),
        team_from=team_field(process, element),
        value=own.get("value", ""),
        outcome=own.get("outcome", ""),
        reason=own.get("reason", ""),
        host=element.host,
        interrupts=element.interrupts,
        incident=is_incident(element),
        to=arrows[0].target if len(arrows) == 1 else "",
        branches=_branches(process, element, catalogue),
        timers=tuple(_timer(timer, catalogue) for timer in process.timers(element.id)),
    )


def _branches(process: ProcessMap, element: Element, catalogue: Catalogue) -> tuple[Branch, ...]:
    arrows = process.leaving(element.id)
    if len(arrows) < 2:
        return ()
    asked = [(arrow, condition(arrow, catalogue)) for arrow in arrows if arrow.id != element.default]
    branches = [Branch(read.field, read.cell, arrow.target) for arrow, read in asked if read]
    return (*branches, *(Branch("", ANY, arrow.target) for arrow in arrows if arrow.id == element.default))


def _timer(timer: Element, catalogue: Catalogue) -> Timer:
    after = duration(timer, catalogue)
    assert after is not None
    return Timer(timer.id, after, timer.interrupts, timer.own.get("clock", ""))

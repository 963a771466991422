"""No road reaches Send past a required approval, or with words that no person wrote.

Every road is walked with the two facts that matter: is approval needed, and was what is written now approved.
Conditions on these two are followed exactly; any other condition may go either way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from armature.arm.interaction import Value
from armature.arm.process_map.reading import Tables, condition, is_incident, work
from armature.arm.process_map.records import Element, ProcessMap
from armature.arm.process_map.terms import Condition
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding


@dataclass(frozen=True, slots=True)
class _State:
    """At an element, before its work. ``None`` means that nothing was said about it yet."""

    element: str
    approval: bool | None = None
    approved: bool | None = None
    written: bool = False

    def value(self, field: str) -> Value:
        return self.approval if field == "approval" else self.approved


def check_approval(process: ProcessMap, catalogue: Catalogue, tables: Tables) -> list[Finding]:
    """One finding for each sending step that some road reaches unapproved or unwritten, with that road."""
    begins = [_State(element.id) for element in process.elements.values() if element.kind == "startEvent"]
    came: dict[_State, _State | None] = dict.fromkeys(begins)
    todo, found = list(begins), dict[tuple[str, str], Finding]()
    while todo:
        state = todo.pop(0)
        element = process.elements[state.element]
        fault = _fault(state) if element.own.get("step") == "send" else ""
        if fault and (element.id, fault) not in found:
            words = f"{process.called(element.id)}: {fault}: {_road(process, state, came)}"
            found[element.id, fault] = Finding(element.id, "approval", words)
        for following in _next(process, state, catalogue, tables):
            if following not in came:
                came[following] = state
                todo.append(following)
    return list(found.values())


def _fault(state: _State) -> str:
    if not state.written:
        return "something is sent that no person wrote"
    if state.approval is not False and state.approved is not True:
        return "a road leads here past a required approval"
    return ""


def _road(process: ProcessMap, state: _State, came: dict[_State, _State | None]) -> str:
    names: list[str] = []
    step: _State | None = state
    while step:
        names.append(process.elements[step.element].name or step.element)
        step = came[step]
    return " -> ".join(reversed(names[:12]))


def _next(process: ProcessMap, state: _State, catalogue: Catalogue, tables: Tables) -> Iterator[_State]:
    element = process.elements[state.element]
    for timer in process.timers(element.id):
        yield replace(state, element=timer.id)
    for behind in _worked(element, state, tables):
        for target in _targets(process, element, behind, catalogue):
            yield replace(behind, element=target)


def _worked(element: Element, state: _State, tables: Tables) -> list[_State]:
    """What may hold behind the element."""
    step = work(element)
    table = tables.get(element.own.get("table", "")) if element.kind == "businessRuleTask" else None
    if is_incident(element) or (table and "approval" in table.outputs):
        return [replace(state, approval=True), replace(state, approval=False)]
    if step and step.writes:
        return [replace(state, written=True, approved=None)]
    if element.own.get("form") == "approval":
        return [replace(state, approved=True), replace(state, approved=False)]
    return [state]


def _targets(process: ProcessMap, element: Element, state: _State, catalogue: Catalogue) -> Iterator[str]:
    arrows = process.leaving(element.id)
    if element.kind != "exclusiveGateway" or len(arrows) < 2:
        yield from (arrow.target for arrow in arrows)
        return
    for arrow in arrows:
        if arrow.id == element.default:
            continue
        holds = _holds(condition(arrow, catalogue), state)
        if holds is not False:
            yield arrow.target
        if holds:
            return
    yield from (arrow.target for arrow in arrows if arrow.id == element.default)


def _holds(read: Condition | None, state: _State) -> bool | None:
    """None: it may hold or not."""
    if read is None or read.field not in ("approval", "approved"):
        return None
    return read.cell.matches(state.value(read.field))

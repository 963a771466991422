"""What is wrong with the drawing of a map: boxes, arrows, lanes, bindings."""

import math
from collections.abc import Collection, Iterator

from armature.arm.process_map.reading import is_incident, is_ours, waits
from armature.arm.process_map.records import Arrow, Element, Lane, ProcessMap
from armature.arm.process_map.steps import FORMS, OUTCOMES, STARTS, STEPS
from armature.arm.process_map.terms import LONGEST, Duration, read_condition, read_duration
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, listed, meant, quoted

LONGEST_ID = 80
"""Characters of a step's id: open work is kept under it."""
REST = '"taken when nothing else holds"'
"""The default arrow, as the form of a choice says it."""
MISSING = {
    "step": "choose what Armature does", "form": "choose what people do here", "outcome": "choose how it ends",
    "table": "choose the table",
}  # fmt: skip
"""What must be chosen where nothing is, as the form of a step says it."""
LABELS: dict[str, dict[str, str]] = {
    "step": {key: step.label for key, step in STEPS.items()},
    "form": {key: step.label for key, step in FORMS.items()}, "outcome": OUTCOMES,
    "start": STARTS,
}  # fmt: skip
"""The choices as the form of a step calls them; of tables there are too many to list."""


def check_drawing(process: ProcessMap, catalogue: Catalogue, tables: Collection[str]) -> list[Finding]:
    """Findings that need no look at the roads through the map."""
    found = [*_starts(process), *_ends(process), *_judged(process)]
    for element in process.elements.values():
        found += _identified(process, element)
        found += _named(process, element)
        found += _bound(process, element, catalogue, tables)
        found += _leaving(process, element, catalogue)
        found += _lane(process, element, catalogue)
    return found


def _starts(process: ProcessMap) -> Iterator[Finding]:
    starts = [element for element in process.elements.values() if element.kind == "startEvent"]
    inbound = [element for element in starts if not is_incident(element)]
    if len(inbound) != 1:
        yield Finding("", "startEvent", f"The map needs exactly one start for interactions; it has {len(inbound)}")
    if len(starts) - len(inbound) > 1:
        yield Finding("", "startEvent", "At most one start can be for incidents")
    for element in inbound:
        if not element.message:
            yield _at(
                process, element, "messageEventDefinition", "must be a start for what comes in (a message start event)"
            )


def _ends(process: ProcessMap) -> Iterator[Finding]:
    if not any(element.kind == "endEvent" for element in process.elements.values()):
        yield Finding("", "endEvent", "The map needs at least one end")


def _judged(process: ProcessMap) -> Iterator[Finding]:
    """What we start was said by us: why it was said is no question to a reader or a person."""
    for element in process.elements.values() if is_ours(process) else ():
        for name in ("step", "form"):
            if element.own.get(name) == "intent":
                yield _at(process, element, name, "what we start is not judged by its words: take this step out")


def _at(process: ProcessMap, element: Element, field: str, words: str) -> Finding:
    return Finding(element.id, field, f"{process.called(element.id)}: {words}")


def _identified(process: ProcessMap, element: Element) -> Iterator[Finding]:
    if len(element.id) > LONGEST_ID:
        yield _at(process, element, "id", f"its id is longer than {LONGEST_ID} characters; give it a shorter one")


def _named(process: ProcessMap, element: Element) -> Iterator[Finding]:
    joins = element.kind == "exclusiveGateway" and len(process.leaving(element.id)) < 2
    if not element.name and not joins:
        yield _at(process, element, "name", "needs a name that people understand")


def _bound(process: ProcessMap, element: Element, catalogue: Catalogue, tables: Collection[str]) -> Iterator[Finding]:
    if element.kind == "startEvent" and element.own.get("start"):
        yield from _choice(process, element, "start", [key for key in STARTS if key])
    if element.kind == "serviceTask":
        yield from _choice(process, element, "step", STEPS)
    if element.kind == "userTask":
        yield from _choice(process, element, "form", FORMS)
    if element.kind == "endEvent":
        yield from _choice(process, element, "outcome", OUTCOMES)
    if element.kind == "businessRuleTask":
        yield from _choice(process, element, "table", tables)
    if element.kind == "boundaryEvent":
        yield from _timer(process, element, catalogue)


def _choice(process: ProcessMap, element: Element, name: str, accepted: Collection[str]) -> Iterator[Finding]:
    value, choices = element.own.get(name, ""), list(accepted)
    if value in choices:
        return
    if value:
        words = f"{quoted(value)} is not one of {listed(choices, 'or', 20) or 'nothing (no table was given)'}"
        yield _at(process, element, name, f"{words}{meant(value, choices)}")
    else:
        labels = listed(map(quoted, LABELS.get(name, {}).values()), "or", 20)
        yield _at(process, element, name, f"{MISSING[name]}: {labels}" if labels else MISSING[name])


def _timer(process: ProcessMap, timer: Element, catalogue: Catalogue) -> Iterator[Finding]:
    host = process.elements.get(timer.host)
    if host is None or not waits(host):
        yield _at(
            process,
            timer,
            "attachedToRef",
            "a timer must sit on a task that waits: a task for people, Send, Wait for feedback",
        )
    read = read_duration(timer.own.get("after", ""), catalogue)
    if isinstance(read, str):
        yield _at(process, timer, "after", f"the time after which it fires: {read}")
    if isinstance(read, Duration) and read.minutes > LONGEST and _is_strict(catalogue):
        yield _at(process, timer, "after", "a timer waits at most ten years (3650 days)")
    if any(arrow.target == timer.host for arrow in process.leaving(timer.id)):
        yield _at(process, timer, "", "the timer leads back to the task it sits on; lead it elsewhere")


def _is_strict(catalogue: Catalogue) -> bool:
    """Whether something is drawn: what was published before there was a longest time runs on, and fires by then."""
    return "sla_minutes" not in catalogue or math.isfinite(catalogue["sla_minutes"].high)


def _leaving(process: ProcessMap, element: Element, catalogue: Catalogue) -> Iterator[Finding]:
    arrows = process.leaving(element.id)
    if element.kind in ("startEvent", "boundaryEvent") and any(a.target == element.id for a in process.arrows):
        yield _at(process, element, "", "no arrow can lead here")
    if element.kind == "endEvent":
        if arrows:
            yield _at(process, element, "", "no arrow can leave an end")
    elif not arrows:
        yield _at(process, element, "", "no arrow leaves it; draw where it goes on, or add an end behind it")
    elif element.kind != "exclusiveGateway" and len(arrows) > 1:
        yield _at(
            process,
            element,
            "",
            f"{len(arrows)} arrows leave it; add a choice behind it, and let them leave from there",
        )
    if element.kind == "exclusiveGateway" and len(arrows) > 1:
        yield from _gateway(process, element, arrows, catalogue)
    else:
        yield from (
            _on_arrow(process, arrow, "only arrows that leave a choice can have one")
            for arrow in arrows
            if arrow.condition
        )


def _gateway(process: ProcessMap, element: Element, arrows: list[Arrow], catalogue: Catalogue) -> Iterator[Finding]:
    if element.default not in [arrow.id for arrow in arrows]:
        yield _at(process, element, "default", f"one of its arrows must be {REST}")
    for arrow in arrows:
        if arrow.id == element.default:
            if arrow.condition:
                yield _on_arrow(process, arrow, f"it is {REST}, so it cannot have one")
        elif not arrow.condition:
            yield _on_arrow(process, arrow, f"it is missing; say when this arrow is taken, or let it be {REST}")
        elif isinstance(read := read_condition(arrow.condition, catalogue), str):
            yield _on_arrow(process, arrow, read)


def _on_arrow(process: ProcessMap, arrow: Arrow, words: str) -> Finding:
    name = f'Arrow "{arrow.name}"' if arrow.name else "Arrow"
    where = f"{name} from {process.called(arrow.source)} to {process.called(arrow.target)}"
    return Finding(arrow.id, "condition", f"{where}, condition: {words}")


def _lane(process: ProcessMap, element: Element, catalogue: Catalogue) -> Iterator[Finding]:
    lanes = [lane for lane in process.lanes if element.id in lane.elements]
    if len(lanes) != 1:
        yield _at(process, element, "lane", f"must stand in exactly one lane; it stands in {len(lanes)}")
        return
    team = element.own.get("team") or lanes[0].team
    key = element.own.get("team_from") or lanes[0].team_from
    if element.kind == "userTask" and not team and not key:
        yield _at(process, element, "team", f"nobody acts here: {_who(lanes[0])}")
    if element.kind == "userTask" and key and (key not in catalogue or catalogue[key].type != "choice"):
        yield _at(process, element, "team_from", f"{quoted(key)} is no field that names a team{meant(key, catalogue)}")
    if element.kind == "userTask" and team and "team" in catalogue and not catalogue["team"].accepts(team):
        close = meant(team, catalogue["team"].values)
        yield _at(process, element, "team", f"{quoted(team)} is no team of people{close}: {_who(lanes[0])}")


def _who(lane: Lane) -> str:
    return f'choose "Who acts" for this step or for the lane "{lane.name}", or put it into another lane'

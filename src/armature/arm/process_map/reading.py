"""What each element of a map means: its step or form, its conditions, its durations, read against the catalogue."""

from collections.abc import Iterator, Mapping

from armature.arm.process_map.records import Arrow, Element, ProcessMap
from armature.arm.process_map.steps import FORMS, INCIDENT, STEPS, WE_START, Step
from armature.arm.process_map.terms import Condition, Duration, condition_words, read_condition, read_duration
from armature.arm.rule.field import Catalogue
from armature.arm.rule.table import DecisionTable

Tables = Mapping[str, DecisionTable]


def work(element: Element) -> Step | None:
    """The step or form a box is bound to."""
    if element.kind == "serviceTask":
        return STEPS.get(element.own.get("step", ""))
    return FORMS.get(element.own.get("form", "")) if element.kind == "userTask" else None


def waits(element: Element) -> bool:
    """Whether the process stops here until somebody or something answers."""
    step = work(element)
    return element.kind == "userTask" or (step is not None and step.waits)


def next_ids(process: ProcessMap, element: str) -> Iterator[str]:
    """Where it can go from an element: along its arrows, or over its timers."""
    yield from (arrow.target for arrow in process.leaving(element))
    yield from (timer.id for timer in process.timers(element))


def is_incident(element: Element) -> bool:
    """Whether an incident starts here, not an interaction."""
    return element.kind == "startEvent" and element.own.get("start") == "incident"


def is_ours(process: ProcessMap) -> bool:
    """Whether the map is for what we start ourselves, not for what they say to us."""
    starts = (one for one in process.elements.values() if one.kind == "startEvent")
    return any(one.own.get("start") == WE_START for one in starts)


def condition(arrow: Arrow, catalogue: Catalogue) -> Condition | None:
    """The condition of an arrow, when it has one that can be read."""
    read = read_condition(arrow.condition, catalogue) if arrow.condition else None
    return read if isinstance(read, Condition) else None


def duration(timer: Element, catalogue: Catalogue) -> Duration | None:
    """When a timer fires, when that can be read."""
    read = read_duration(timer.own.get("after", ""), catalogue)
    return read if isinstance(read, Duration) else None


def provides(element: Element, catalogue: Catalogue, tables: Tables) -> frozenset[str]:
    """The fields that are known behind an element, because of it."""
    if element.kind == "startEvent":
        return _of_step("start", catalogue) | (frozenset(INCIDENT) if is_incident(element) else frozenset())
    if element.kind == "businessRuleTask":
        table = tables.get(element.own.get("table", ""))
        return frozenset(table.outputs) if table else frozenset(catalogue)
    step = work(element)
    if step is None:
        return frozenset()
    return frozenset(step.provides) | (_of_step(step.finds, catalogue) if step.finds else frozenset())


def _of_step(step: str, catalogue: Catalogue) -> frozenset[str]:
    return frozenset(key for key, field in catalogue.items() if field.step == step)


def uses(process: ProcessMap, element: Element, catalogue: Catalogue, tables: Tables) -> Iterator[tuple[str, str]]:
    """The fields an element needs, each with what needs it."""
    if element.kind == "businessRuleTask" and (table := tables.get(element.own.get("table", ""))):
        yield from ((key, f'the table "{table.label}"') for key in table.inputs)
    for arrow in process.leaving(element.id):
        if read := condition(arrow, catalogue):
            yield read.field, f'the condition "{condition_words(arrow.condition, catalogue)}"'
    if element.kind == "boundaryEvent" and (after := duration(element, catalogue)) and after.field:
        yield after.field, "the timer"
    if element.kind == "endEvent" and element.own.get("outcome") == "no_response" and not element.own.get("reason"):
        yield "reason", "the reason for not answering"
    if key := team_field(process, element):
        yield key, "the choice of the team"
    if step := work(element):
        yield from ((key, f'the step "{step.label}"') for key in step.needs)


def team_field(process: ProcessMap, element: Element) -> str:
    """The field that names who acts at a user task; empty when the team is fixed."""
    if element.kind != "userTask" or element.own.get("team"):
        return ""
    lane = process.lane(element.id)
    return element.own.get("team_from") or (lane.team_from if lane and not lane.team else "")


def team_fixed(process: ProcessMap, element: Element) -> str:
    """The team that acts at an element; empty when a field names it."""
    if team_field(process, element):
        return ""
    lane = process.lane(element.id)
    return element.own.get("team") or (lane.team if lane else "")

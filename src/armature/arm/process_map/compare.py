"""What is different between two wordings of a map, as values: for a list in words, and for the picture."""

from collections.abc import Iterator
from dataclasses import dataclass

from armature.arm.process_map.records import Arrow, Element, Lane, ProcessMap

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One property that reads otherwise; ``field`` is name, lane, condition, leads to, a binding, ..."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A step, an arrow or a lane (``what``) that was added, removed or changed, as it is called, and how it changed."""

    id: str
    what: str
    how: str
    called: str
    changes: tuple[Change, ...] = ()


def compare(before: ProcessMap, after: ProcessMap) -> list[Difference]:
    """Everything that is different in what the two do or say; where boxes stand in the picture does not count."""
    found = list(_map(before, after))
    found += _pairs("lane", {one.id: _lane(one) for one in before.lanes}, {one.id: _lane(one) for one in after.lanes})
    found += _pairs("step", _steps(before), _steps(after))
    return found + _pairs("arrow", _arrows(before), _arrows(after))


Read = tuple[str, dict[str, str]]


def _map(before: ProcessMap, after: ProcessMap) -> Iterator[Difference]:
    if before.name != after.name:
        yield Difference("", "map", CHANGED, after.name, (Change("name", before.name, after.name),))


def _pairs(what: str, before: dict[str, Read], after: dict[str, Read]) -> list[Difference]:
    found = []
    for key, (called, read) in after.items():
        if key not in before:
            found.append(Difference(key, what, ADDED, called))
        elif changes := _changes(before[key][1], read):
            found.append(Difference(key, what, CHANGED, called, changes))
    gone = [Difference(key, what, REMOVED, called) for key, (called, _) in before.items() if key not in after]
    return found + gone


def _changes(before: dict[str, str], after: dict[str, str]) -> tuple[Change, ...]:
    names = [*before, *(name for name in after if name not in before)]
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _lane(lane: Lane) -> Read:
    return lane.name, {"name": lane.name, "team": lane.team, "team_from": lane.team_from}


def _steps(process: ProcessMap) -> dict[str, Read]:
    return {key: (_named(process, key), _step(process, element)) for key, element in process.elements.items()}


def _step(process: ProcessMap, element: Element) -> dict[str, str]:
    lane = process.lane(element.id)
    default = next((arrow for arrow in process.leaving(element.id) if arrow.id == element.default), None)
    return {
        "name": element.name,
        "kind": element.kind,
        "lane": lane.name if lane else "",
        **element.own,
        "host": _named(process, element.host),
        "interrupts": "" if element.kind != "boundaryEvent" else "yes" if element.interrupts else "no",
        "default": _named(process, default.target) if default else "",
    }


def _arrows(process: ProcessMap) -> dict[str, Read]:
    return {arrow.id: (_way(process, arrow), _arrow(process, arrow)) for arrow in process.arrows}


def _way(process: ProcessMap, arrow: Arrow) -> str:
    ends = f"{_named(process, arrow.source)} → {_named(process, arrow.target)}"
    return f"{ends} ({arrow.name})" if arrow.name else ends


def _arrow(process: ProcessMap, arrow: Arrow) -> dict[str, str]:
    return {
        "name": arrow.name,
        "leads from": _named(process, arrow.source),
        "leads to": _named(process, arrow.target),
        "condition": arrow.condition,
    }


def _named(process: ProcessMap, key: str) -> str:
    return process.elements[key].name or key if key in process.elements else ""

"""What is wrong with the roads through a map: dead ends, circles, facts used before they are known."""

from collections.abc import Iterable, Iterator

from armature.arm.process_map.reading import Tables, next_ids, provides, uses, waits
from armature.arm.process_map.records import ProcessMap
from armature.arm.process_map.steps import FORMS, OUTCOMES, STEPS
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, listed


def check_roads(process: ProcessMap, catalogue: Catalogue, tables: Tables) -> list[Finding]:
    """Findings about reachability, loops, known facts, and the side roads of timers."""
    return [
        *_unreachable(process),
        *_endless(process),
        *_circles(process),
        *_unknown(process, catalogue, tables),
        *_side_roads(process),
    ]


def _spread(steps: dict[str, list[str]], begin: Iterable[str]) -> set[str]:
    seen, todo = set(begin), list(begin)
    while todo:
        fresh = [key for key in steps.get(todo.pop(), ()) if key not in seen]
        seen.update(fresh)
        todo += fresh
    return seen


def _starts(process: ProcessMap) -> list[str]:
    return [element.id for element in process.elements.values() if element.kind == "startEvent"]


def _steps(process: ProcessMap) -> dict[str, list[str]]:
    return {key: list(next_ids(process, key)) for key in process.elements}


def _unreachable(process: ProcessMap) -> Iterator[Finding]:
    reached = _spread(_steps(process), _starts(process))
    for key in process.elements:
        if key not in reached:
            words = f"{process.called(key)}: no road leads here; connect it or take it out"
            yield Finding(key, "", words)


def _endless(process: ProcessMap) -> Iterator[Finding]:
    back: dict[str, list[str]] = {}
    for key, following in _steps(process).items():
        for target in following:
            back.setdefault(target, []).append(key)
    ends = [element.id for element in process.elements.values() if element.kind == "endEvent"]
    ending = _spread(back, ends)
    for key, element in process.elements.items():
        if key not in ending and element.kind != "endEvent":
            yield Finding(key, "", f"{process.called(key)}: no road from here reaches an end")


def _circles(process: ProcessMap) -> Iterator[Finding]:
    """Elements that are left when all that no automatic step leads to are taken away again and again."""
    steps = {key: [] if waits(element) else list(next_ids(process, key)) for key, element in process.elements.items()}
    while steps:
        led_to = {target for following in steps.values() for target in following}
        free = [key for key, following in steps.items() if key not in led_to or not set(following) & steps.keys()]
        if not free:
            names = listed([process.called(key) for key in steps])
            words = f"{names} form a circle in which nothing waits; lead it through a task that waits"
            yield Finding(next(iter(steps)), "", words)
            return
        steps = {key: following for key, following in steps.items() if key not in free}


def known_before(process: ProcessMap, catalogue: Catalogue, tables: Tables) -> dict[str, frozenset[str]]:
    """For each element the fields that are known there whatever road was taken (unreached elements: all fields)."""
    known: dict[str, frozenset[str]] = {key: frozenset() for key in _starts(process)}
    todo = list(known)
    while todo:
        key = todo.pop()
        behind = known[key] | provides(process.elements[key], catalogue, tables)
        passed = [(arrow.target, behind) for arrow in process.leaving(key)]
        passed += [(timer.id, known[key]) for timer in process.timers(key)]
        for target, fields in passed:
            common = known[target] & fields if target in known else fields
            if common != known.get(target):
                known[target] = common
                todo.append(target)
    return {key: known.get(key, frozenset(catalogue)) for key in process.elements}


def _unknown(process: ProcessMap, catalogue: Catalogue, tables: Tables) -> Iterator[Finding]:
    known = known_before(process, catalogue, tables)
    for key, element in process.elements.items():
        for field, user in uses(process, element, catalogue, tables):
            if field in known[key] or (element.kind == "exclusiveGateway" and field not in catalogue):
                continue
            needs = f"{user} needs {_named(field, catalogue)}, which is not known on every road here"
            yield Finding(key, field, f"{process.called(key)}: {needs}; {_mend(field, catalogue)}")


def _named(field: str, catalogue: Catalogue) -> str:
    return f'"{catalogue[field].label}"' if field in catalogue else field


def _mend(field: str, catalogue: Catalogue) -> str:
    step = catalogue[field].step if field in catalogue else ""
    if step == "table":
        return "lead all roads through a table that fills it"
    known = STEPS.get(step) or FORMS.get(step)
    box = f'a step "{known.label}"' if known else f'a step of the kind "{step}"'
    return f"lead all roads through {box} first"


BESIDE = ("raise", "offer")
"""The steps that are carried out while a wait goes on."""

LETS = "a timer after which the wait goes on leads here"
NOTED = f'"{OUTCOMES["noted"]}"'


def _side_roads(process: ProcessMap) -> Iterator[Finding]:
    """A timer that does not interrupt only tells, raises or offers: the wait itself goes on."""
    steps = {key: [arrow.target for arrow in process.leaving(key)] for key in process.elements}
    side = [e.id for e in process.elements.values() if e.kind == "boundaryEvent" and not e.interrupts]
    beside = _spread(steps, [target for key in side for target in steps[key]])
    main = _spread({key: [t for t in next_ids(process, key) if t not in side] for key in steps}, _starts(process))
    for key in process.elements:
        element = process.elements[key]
        if key in beside and (waits(element) or (element.kind == "endEvent" and element.own.get("outcome") != "noted")):
            words = f"{LETS}; it may only tell, raise or offer, and end as {NOTED}"
            yield Finding(key, "", f"{process.called(key)}: {words}")
        elif key in beside and element.own.get("step", BESIDE[0]) not in BESIDE:
            usable = " or ".join(f'"{STEPS[step].label}"' for step in BESIDE)
            words = f"{LETS}; beside a wait this is not carried out: use {usable}"
            yield Finding(key, "step", f"{process.called(key)}: {words}")
        if key in main and element.kind == "endEvent" and element.own.get("outcome") == "noted":
            words = f"the end {NOTED} is only for roads of timers after which the wait goes on"
            yield Finding(key, "outcome", f"{process.called(key)}: {words}")

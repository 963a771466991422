"""One walk through a map: along the arrows from an element up to where it ends or waits."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from armature.arm import act, decide
from armature.arm.action import Ask, Do, End
from armature.arm.interaction import Value
from armature.arm.process_map import Plan


class Way(NamedTuple):
    """What was passed, the row of each table that fired, what is to be done inside, and where it stopped."""

    path: tuple[str, ...]
    rows: dict[str, str]
    actions: tuple[Do, ...]
    stop: Ask | End


def walk(plan: Plan, element: str, facts: dict[str, Value], found: Callable[[str], Mapping[str, Value]]) -> Way:
    """From ``element`` on; ``facts`` grows by what steps find (``found`` by the step's name) and by what tables say."""
    nodes, path, rows, done = plan.nodes, list[str](), dict[str, str](), list[Do]()
    stop: Ask | End | None = None
    while stop is None:
        node = nodes[element]
        path.append(element)
        element = node.to
        match node.kind:
            case "table":
                rows[node.table] = decide.apply(plan.tables[node.table], facts)
            case "gateway":
                element = decide.way(node, facts)
            case "ask":
                stop = act.ask(node, facts)
            case "end":
                stop = act.end(node, facts)
            case "step" if node.finds:
                facts.update(found(node.finds))
            case "step":
                done.append(act.do(node, facts))
    return Way(tuple(path), rows, tuple(done), stop)

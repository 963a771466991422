"""Ways through a map, as they are kept: which of them pass a step or an arrow, and what a stay at a step is called.

A way that goes on behind a wait begins at the step behind it. What a person ended beside the arrows is a way of the
waiting step alone: it is told there and passes nothing.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from armature.arm.process_map import Plan
from armature.crm.decide import plans
from armature.crm.decide import versions as versions_of_maps
from armature.crm.decide.models import Path, ProcessMap

ASK = "ask"
ALONG = ("person", "process")
"""How a stay ends that goes on along the arrow; a timer has a road of its own, and an end by hand goes nowhere."""
LATE = " late"


def in_force() -> str:
    """The key of the map that is in force for everything else; empty before there is one."""
    found = versions_of_maps.for_the_rest()
    return found.key if found else ""


def versions(key: str, version: int = 0) -> dict[int, int]:
    """The versions of a map, newest first, by row: all of them, or one."""
    one = {"version": version} if version else {}
    return dict(ProcessMap.objects.filter(key=key, **one).order_by("-version").values_list("pk", "version"))


def plan_of(maps: Mapping[int, int]) -> Plan:
    """The plan of the newest of these versions."""
    newest = max(maps, key=lambda number: maps[number])
    return plans.load([newest])[newest]


def step_names(key: str) -> dict[str, str]:
    """What the steps of the newest version of a map are called, by their ids; nothing of a map that is not there."""
    found = versions(key)
    elements = plan_of(found).process.elements if found else {}
    return {one.id: one.name for one in elements.values() if one.name}


def paths(maps: Collection[int]) -> dict[str, tuple[str, ...]]:
    """The steps of each way through these versions, by its number as it is kept with what is measured."""
    found = Path.objects.filter(map__in=maps).values_list("pk", "elements")
    return {str(number): tuple(elements) for number, elements in found}


def versions_of_paths(maps: Mapping[int, int]) -> dict[str, int]:
    """Of which version each way is, by its number."""
    return {str(number): maps[of] for number, of in Path.objects.filter(map__in=maps).values_list("pk", "map")}


def is_by_hand(elements: Sequence[str], more: str, plan: Plan) -> bool:
    """Whether somebody ended it beside the arrows: the way is the waiting step alone, and does not wait."""
    node = plan.nodes.get(elements[0]) if len(elements) == 1 else None
    return node is not None and node.kind == "ask" and more != ASK


def stay(number: int, element: str) -> str:
    """What a stay at a step is called."""
    return f"{number}:{element}"


def behind(given: Mapping[str, str]) -> Q:
    """The rows behind a number on the map: of a step, of the arrow to ``then``, or of what was ended by hand there.

    Ways and stays are kinds of their own, so one condition serves both.
    """
    version = given.get("version", "")
    maps = versions(given["map"], int(version) if version.isdecimal() and len(version) < 9 else 0)
    if not maps:
        return Q(pk__in=[])
    step, then, plan = given.get("step", ""), given.get("then", ""), plan_of(maps)
    stays = Q(kind="stay", label__in=[stay(number, step) for number in maps])
    if then:
        stays &= Q(more__in=[f"{how}{late}" for how in ALONG for late in ("", LATE)])
    return stays | Q(kind="way") & _ways(maps, plan, (step, then) if then else (step,), "hand" in given)


def _ways(maps: Mapping[int, int], plan: Plan, wanted: tuple[str, ...], by_hand: bool) -> Q:
    passing, alone = list[str](), list[str]()
    for label, elements in paths(maps).items():
        if wanted in set(zip(*(elements[at:] for at in range(len(wanted))), strict=False)):
            (alone if is_by_hand(elements, "", plan) else passing).append(label)
    if by_hand:
        return Q(label__in=alone) & ~Q(more=ASK)
    return Q(label__in=passing) | Q(label__in=alone, more=ASK)

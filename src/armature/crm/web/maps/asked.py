"""The form of one step: what it shows of the map, what was typed into it, and the changes that this means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from armature.arm.process_map import Arrow, Element, ProcessMap, edit
from armature.arm.process_map.edit import CannotDraw, Drawing
from armature.arm.process_map.terms import parts
from armature.arm.rule.field import Catalogue
from armature.crm.web.maps.draft import team

UNITS = ("minutes", "hours", "days")
BOUND = {
    "serviceTask": ("step", "value"), "businessRuleTask": ("table",), "userTask": ("form", "value"),
    "endEvent": ("outcome", "reason"), "boundaryEvent": ("clock",), "startEvent": ("start",),
}  # fmt: skip
"""Which bindings the form of each kind of step has, besides team and time."""


@dataclass(frozen=True, slots=True)
class Way:
    """One arrow as the form has it: where it leads, and its condition as it is picked."""

    id: str
    name: str
    to: str
    fact: str = ""
    sign: str = ""
    values: Sequence[str] = ()
    text: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A step as the form has it. ``after`` is a number and a unit, or a factor and a fact."""

    name: str
    lane: str
    own: Mapping[str, str]
    team: str = ""
    amount: str = ""
    unit: str = "minutes"
    interrupts: bool = True
    ways: Sequence[Way] = field(default_factory=tuple)


def of(process: ProcessMap, element: Element) -> Asked:
    """The form as the map has it."""
    lane, own = process.lane(element.id), element.own
    amount, unit = _time(own.get("after", ""))
    who = own.get("team") or (f"from:{own['team_from']}" if own.get("team_from") else "")
    ways = [_way(arrow, element) for arrow in process.leaving(element.id)]
    return Asked(element.name, lane.id if lane else "", own, who, amount, unit, element.interrupts, ways)


def _way(arrow: Arrow, element: Element) -> Way:
    read = parts(arrow.condition)
    fact, sign, values = read or ("", "", [])
    rest = element.default == arrow.id
    return Way(arrow.id, arrow.name, arrow.target, fact, sign, values, arrow.condition, rest)


def _time(text: str) -> tuple[str, str]:
    number, _space, unit = text.partition(" ")
    if number.isdecimal() and unit.rstrip("s") + "s" in UNITS:
        return number, unit.rstrip("s") + "s"
    if text.isdecimal() or not text:
        return text, "minutes"
    factor, _times, fact = text.rpartition(" x ")
    return factor or "1", f"fact:{fact or text}"


def given(post: QueryDict, process: ProcessMap, element: Element) -> Asked:
    """The form as it was typed; what it does not hold stays as the map has it."""
    held = of(process, element)

    def said(name: str, before: str = "") -> str:
        return post.get(name, before).replace("\x00", "").strip()[:500]

    ways = []
    for way in held.ways:
        values = [one.strip() for text in post.getlist(f"values-{way.id}") for one in text.split(",")]
        picked = [one for one in values if one][:500]
        name, to = said(f"says-{way.id}", way.name), said(f"to-{way.id}", way.to)
        fact, sign = said(f"fact-{way.id}", way.fact), said(f"sign-{way.id}", way.sign)
        ways.append(Way(way.id, name, to, fact, sign, picked, way.text, said("rest", element.default) == way.id))
    own = {**held.own, **{name: said(name, held.own.get(name, "")) for name in BOUND.get(element.kind, ())}}
    return Asked(
        said("name", held.name), said("lane", held.lane), own, said("team", held.team), said("amount", held.amount),
        said("unit", held.unit), said("interrupts", "yes" if held.interrupts else "no") == "yes", ways,
    )  # fmt: skip


def draw(drawing: Drawing, key: str, asked: Asked, facts: Catalogue) -> None:
    """Make the step read as the form says. Raises ``CannotDraw``."""
    element = drawing.map.elements[key]
    edit.rename(drawing, key, asked.name)
    edit.bind(drawing, key, **{name: asked.own.get(name, "") for name in BOUND.get(element.kind, ())})
    if element.kind == "userTask":
        edit.bind(drawing, key, **team(asked.team))
    if element.kind == "boundaryEvent":
        edit.bind(drawing, key, after=_after(asked, facts))
        if asked.interrupts is not element.interrupts:
            edit.interrupt(drawing, key, asked.interrupts)
    elif asked.lane:
        edit.move(drawing, key, asked.lane)
    for way in asked.ways:
        _lead(drawing, element, way, facts, len(asked.ways) > 1)


def _after(asked: Asked, facts: Catalogue) -> str:
    number = asked.amount.replace(",", ".")
    if not number:
        raise CannotDraw(_("The time of the timer: write a number."))
    if asked.unit.startswith("fact:"):
        fact = asked.unit.removeprefix("fact:")
        return fact if number == "1" else f"{number} x {fact}"
    if not number.isdecimal() or asked.unit not in UNITS:
        raise CannotDraw(_("The time of the timer: write a whole number of minutes, hours or days."))
    return f"{number} {asked.unit}"


def _lead(drawing: Drawing, element: Element, way: Way, facts: Catalogue, parts_here: bool) -> None:
    edit.lead(drawing, way.id, way.to)
    edit.name_arrow(drawing, way.id, way.name)
    if element.kind != "exclusiveGateway" or not parts_here:
        return
    if way.rest:
        edit.default(drawing, way.id)
    elif way.fact in facts:
        text = edit.written(facts[way.fact], way.sign, way.values)
        if parts(text) != parts(way.text):
            edit.condition(drawing, way.id, text)

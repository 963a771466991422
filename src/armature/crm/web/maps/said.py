"""A map in words: its steps in the order of the way through it, what each is and where it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm.process_map import FORMS, OUTCOMES, STARTS, STEPS, Arrow, Element, ProcessMap
from armature.arm.process_map.terms import parts
from armature.arm.process_map.way import in_order
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, listed
from armature.crm.web.process_map import KINDS
from armature.crm.web.shipped_words import in_their_language

SIGNS = {
    "=": gettext_lazy("is"), "in": gettext_lazy("is one of"), "not in": gettext_lazy("is none of"),
    ">=": gettext_lazy("is at least"), ">": gettext_lazy("is more than"), "<=": gettext_lazy("is at most"),
    "<": gettext_lazy("is less than"),
}  # fmt: skip
"""The signs of conditions, in words."""


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow in words: what stands on it, when it is taken, where it leads (a step's id and name)."""

    id: str
    name: str
    when: str
    to: str
    called: str


@dataclass(frozen=True, slots=True)
class Row:
    """One step in words, with what is wrong with it."""

    id: str
    name: str
    kind: str
    does: str
    ways: Sequence[Way]
    findings: Sequence[Finding] = field(default_factory=tuple)


def called(process: ProcessMap, key: str) -> str:
    """What a step is called; what kind it is when it has no name."""
    element = process.elements.get(key)
    return (element.name or str(KINDS.get(element.kind, key))) if element else key


def condition(text: str, facts: Catalogue, process: ProcessMap | None = None) -> str:
    """A condition in words; as it is written when it cannot be read."""
    read = parts(text)
    if read is None or read[0] not in facts:
        return text
    key, sign, values = read
    steps = {one.id: one.name for one in process.elements.values()} if process and key == "written_at" else {}
    said = [in_their_language(steps.get(one) or facts[key].values.get(one, one)) for one in values]
    return f"{in_their_language(facts[key].label)} {SIGNS[sign]} {listed(said, _('or'))}"


def lanes(
    process: ProcessMap, facts: Catalogue, tables: Mapping[str, str], places: Mapping[str, Sequence[Finding]]
) -> list[tuple[str, str, list[Row]]]:
    """The steps by lane (id, name), in the order of the way through the map; those in no lane last."""
    found: dict[str, list[Row]] = {lane.id: [] for lane in process.lanes}
    beside: list[Row] = []
    for key in in_order(process):
        lane = process.lane(key)
        (found[lane.id] if lane else beside).append(row(process, key, facts, tables, places.get(key, ())))
    listed_ = [(lane.id, lane.name, found[lane.id]) for lane in process.lanes]
    return [*listed_, ("", _("In no lane"), beside)] if beside else listed_


def row(
    process: ProcessMap, key: str, facts: Catalogue, tables: Mapping[str, str], wrong: Sequence[Finding] = ()
) -> Row:
    """One step in words."""
    element = process.elements[key]
    kind = str(KINDS.get(element.kind, ""))
    leaving = sorted(process.leaving(key), key=lambda arrow: arrow.id == element.default)  # "else" is read last
    ways = [_way(process, arrow, element, facts) for arrow in leaving]
    return Row(key, element.name or kind, kind, _does(process, element, facts, tables), ways, wrong)


def _way(process: ProcessMap, arrow: Arrow, element: Element, facts: Catalogue) -> Way:
    when = condition(arrow.condition, facts, process) if arrow.condition else ""
    rest = element.default == arrow.id and len(process.leaving(element.id)) > 1
    return Way(arrow.id, arrow.name, _("else") if rest else when, arrow.target, called(process, arrow.target))


def _does(process: ProcessMap, element: Element, facts: Catalogue, tables: Mapping[str, str]) -> str:
    own = element.own
    if element.kind == "boundaryEvent":
        ends = _("ends the wait") if element.interrupts else _("the wait goes on")
        said = _("on “{step}” after {time}, {ends}")
        return said.format(step=called(process, element.host), time=after(own.get("after", ""), facts), ends=ends)
    words = {
        "serviceTask": STEPS[own["step"]].label if own.get("step") in STEPS else "",
        "businessRuleTask": tables.get(own.get("table", ""), own.get("table", "")),
        "userTask": FORMS[own["form"]].label if own.get("form") in FORMS else "",
        "endEvent": OUTCOMES.get(own.get("outcome", ""), ""),
        "startEvent": STARTS.get(own.get("start", ""), ""),
    }.get(element.kind, "")
    return in_their_language(words) if words else ""


def after(text: str, facts: Catalogue) -> str:
    """The time of a timer in words."""
    factor, _times, key = text.rpartition(" x ")
    if (key or text) not in facts:
        return text
    label = in_their_language(facts[key or text].label)
    return f"{factor} × {label}" if factor else label


def placed(process: ProcessMap, findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings by the step that they are about: an arrow's at the step it leaves, a table's where it is used."""
    sources = {arrow.id: arrow.source for arrow in process.arrows}
    users: dict[str, list[str]] = {}
    for element in process.elements.values():
        users.setdefault(element.own.get("table", ""), []).append(element.id)
    found: dict[str, list[Finding]] = {}
    for one in findings:
        place = one.place if one.place in process.elements else sources.get(one.place, "")
        for key in [place] if place or one.place not in users else users[one.place]:
            found.setdefault(key, []).append(one)
    return found

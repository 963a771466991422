"""Arrows of a map that is drawn: where they lead, when they are taken."""

from collections.abc import Sequence

from armature.arm.process_map.edit.routes import route
from armature.arm.process_map.edit.tree import CannotDraw, Drawing, clean, drop, kids, put, text_of
from armature.arm.process_map.records import ProcessMap
from armature.arm.rule.field import Field

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def add_arrow(drawing: Drawing, source: str, target: str, name: str = "") -> str:
    """A new arrow from one step to another; its id."""
    _may_lead(drawing.map, source, target)
    key = drawing.fresh("Flow")
    one = drawing.make("sequenceFlow", id=key, sourceRef=source, targetRef=target)
    if said := clean(name):
        one.setAttribute("name", said)
    put(drawing.process, one)
    _refer(drawing, source, "outgoing", key)
    _refer(drawing, target, "incoming", key)
    drawing.changed()
    route(drawing, [key])
    return key


def lead(drawing: Drawing, arrow: str, target: str) -> None:
    """Lead an arrow elsewhere."""
    one = drawing.arrow(arrow)
    before = one.getAttribute("targetRef")
    if before == target:
        return
    _may_lead(drawing.map, one.getAttribute("sourceRef"), target)
    _forget(drawing, before, "incoming", arrow)
    _refer(drawing, target, "incoming", arrow)
    one.setAttribute("targetRef", target)
    drawing.changed()
    route(drawing, [arrow])


def take_out_arrow(drawing: Drawing, arrow: str) -> None:
    """Take an arrow out."""
    one = drawing.arrow(arrow)
    source, target = one.getAttribute("sourceRef"), one.getAttribute("targetRef")
    _forget(drawing, source, "outgoing", arrow)
    _forget(drawing, target, "incoming", arrow)
    begins = drawing.element(source)
    if begins.getAttribute("default") == arrow:
        begins.removeAttribute("default")
    drop(drawing.shape(arrow))
    drop(one)
    drawing.changed()


def name_arrow(drawing: Drawing, arrow: str, name: str) -> None:
    """What stands on an arrow; nothing when the name is empty."""
    one, said = drawing.arrow(arrow), clean(name)
    if said == one.getAttribute("name"):
        return
    if said:
        one.setAttribute("name", said)
    else:
        one.removeAttribute("name")
    drawing.changed()
    route(drawing, [arrow], label_only=True)


def condition(drawing: Drawing, arrow: str, text: str) -> None:
    """When an arrow is taken, as the map writes it; always when the text is empty."""
    one, said = drawing.arrow(arrow), clean(text, 500)
    held = next(kids(one, "conditionExpression"), None)
    if said == (text_of(held) if held is not None else ""):
        return
    drop(held)
    if said:
        made = drawing.make("conditionExpression")
        made.appendChild(drawing.document.createTextNode(said))
        put(one, made)
    drawing.changed()


def default(drawing: Drawing, arrow: str) -> None:
    """This arrow is taken where no condition holds; it needs none itself."""
    one = drawing.arrow(arrow)
    source = drawing.element(one.getAttribute("sourceRef"))
    if source.localName != "exclusiveGateway":
        raise CannotDraw("Only a choice has an arrow for all the rest")
    source.setAttribute("default", arrow)
    condition(drawing, arrow, "")
    drawing.changed()


def written(field: Field, sign: str, values: Sequence[str]) -> str:
    """A condition as the map writes it, from what was picked: a fact, a sign, values; raises ``CannotDraw``."""
    said = [one.strip() for one in values if one.strip()]
    if not said:
        raise CannotDraw(f"{field.label}: choose at least one value")
    if field.type == "choice":
        if any("," in one for one in said):
            raise CannotDraw(f"{field.label}: a value with a comma cannot be tested on an arrow; use a table")
        plain = "=" if len(said) == 1 else "in"
        return f"{field.key} {'not in' if sign == 'not in' else plain} {', '.join(said)}"
    if len(said) > 1:
        mend = "a number is written without commas, as 10000, with a point before decimals"
        raise CannotDraw(f'{field.label}: it is compared with one value, not with "{", ".join(said)[:60]}"; {mend}')
    return f"{field.key} {sign if field.type == 'number' and sign in SIGNS else '='} {said[0]}"


SIGNS = ("=", ">=", ">", "<=", "<")
"""How a number can be compared."""


def _may_lead(process: ProcessMap, source: str, target: str) -> None:
    for key in (source, target):
        if key not in process.elements:
            raise CannotDraw(f'There is no step "{key[:60]}" in this map')
    if process.elements[source].kind == "endEvent":
        raise CannotDraw("No arrow can leave an end")
    if process.elements[target].kind in ("startEvent", "boundaryEvent"):
        raise CannotDraw("No arrow can lead to a start or to a timer")
    if source == target:
        raise CannotDraw("An arrow cannot lead back to the step that it leaves")


_BEFORE = {"incoming": ("documentation", "extensionElements", "incoming"),
           "outgoing": ("documentation", "extensionElements", "incoming", "outgoing")}  # fmt: skip


def _refer(drawing: Drawing, element: str, name: str, arrow: str) -> None:
    """The box names its arrows too, in the order that BPMN wants."""
    box, made = drawing.element(element), drawing.make(name)
    made.appendChild(drawing.document.createTextNode(arrow))
    behind = next((one for one in kids(box) if one.localName not in _BEFORE[name]), None)
    put(box, made, behind)


def _forget(drawing: Drawing, element: str, name: str, arrow: str) -> None:
    for one in kids(drawing.element(element), name):
        if text_of(one) == arrow:
            drop(one)

"""Steps of a map that is drawn: what they are called and bound to, new ones, and taking one out."""

from xml.dom.minidom import Element

from armature.arm.process_map.edit.arrows import add_arrow, lead, take_out_arrow
from armature.arm.process_map.edit.places import place, place_timer
from armature.arm.process_map.edit.tree import CannotDraw, Drawing, clean, drop, kids, put, text_of
from armature.arm.process_map.reading import waits
from armature.arm.process_map.records import ProcessMap

NEW = {
    "serviceTask": "Step", "businessRuleTask": "Rules", "userTask": "Task", "exclusiveGateway": "Choice",
    "endEvent": "End", "boundaryEvent": "Timer",
}  # fmt: skip
"""What can be added, and how its id begins."""
BINDINGS = ("step", "table", "form", "team", "team_from", "after", "clock", "outcome", "reason", "value", "start")
"""Our attributes of a step that can be set."""


def rename(drawing: Drawing, element: str, name: str) -> None:
    """What a step is called."""
    one = drawing.element(element)
    if (one.getAttribute("name") or "") != clean(name):
        one.setAttribute("name", clean(name))
        drawing.changed()


def rename_map(drawing: Drawing, name: str) -> None:
    """What the map is called: its process, and its pool where there is one."""
    drawing.process.setAttribute("name", clean(name))
    for inside in kids(drawing.root, "collaboration"):
        for pool in kids(inside, "participant"):
            pool.setAttribute("name", clean(name))
    drawing.changed()


def bind(drawing: Drawing, element: str, **own: str) -> None:
    """Set what a step does, by the names in ``BINDINGS``; an empty text takes it away, what is not named stays."""
    one, held = drawing.element(element), drawing.map.elements[element].own
    for key, value in own.items():
        if key not in BINDINGS:
            raise CannotDraw(f'A step has no "{key[:60]}"')
        if held.get(key, "") != clean(value):
            drawing.own(one, key, value)
    drawing.changed()


def interrupt(drawing: Drawing, timer: str, interrupts: bool) -> None:
    """Whether a timer ends the wait that it sits on, or only tells while it goes on."""
    one = drawing.element(timer)
    if one.localName != "boundaryEvent":
        raise CannotDraw("Only a timer can end a wait")
    if interrupts:
        if one.hasAttribute("cancelActivity"):
            one.removeAttribute("cancelActivity")
    else:
        one.setAttribute("cancelActivity", "false")
    drawing.changed()


def add(drawing: Drawing, kind: str, name: str, *, behind: str = "", arrow: str = "", lane: str = "") -> str:
    """A new step: on an arrow, or behind a step (a timer: on it); its id.

    On an arrow, and behind a step with one arrow, it stands between; else it leads nowhere yet. ``lane`` is where it
    stands, when not where the step before it does.
    """
    if kind not in NEW:
        raise CannotDraw(f'"{kind[:60]}" cannot be added')
    source = drawing.arrow(arrow).getAttribute("sourceRef") if arrow else behind
    drawing.element(source)
    _may_follow(drawing.map, source, kind)
    leaving = [one.id for one in drawing.map.leaving(source)]
    if not arrow and len(leaving) == 1 and drawing.map.elements[source].kind != "exclusiveGateway":
        arrow = leaving[0]
    key = _make(drawing, kind, name, source)
    stands = drawing.map.lane(source)
    held = drawing.lane(lane or (stands.id if stands else "")) if lane or stands else None
    if held is not None:
        put(held, _reference(drawing, key))
    drawing.changed()
    if kind == "boundaryEvent":
        place_timer(drawing, key, source)
    else:
        place(drawing, key, kind, source)
        _lead_there(drawing, key, kind, source, arrow)
    return key


def _may_follow(process: ProcessMap, source: str, kind: str) -> None:
    before = process.elements[source]
    if kind == "boundaryEvent" and not waits(before):
        raise CannotDraw("A timer sits on a step that waits: a person's task, Send or Wait for feedback")
    if before.kind == "endEvent":
        raise CannotDraw("Nothing can follow an end")
    if len(process.elements) >= 480:
        raise CannotDraw("The map has as many steps as a map can have")


def _make(drawing: Drawing, kind: str, name: str, host: str) -> str:
    key = drawing.fresh(NEW[kind])
    one = drawing.make(kind, id=key, name=clean(name))
    if kind == "boundaryEvent":
        one.setAttribute("attachedToRef", host)
        one.appendChild(drawing.make("timerEventDefinition", id=f"{key}_timer"))
    arrows = next(kids(drawing.process, "sequenceFlow"), None)
    put(drawing.process, one, arrows)
    return key


def _reference(drawing: Drawing, key: str) -> Element:
    one = drawing.make("flowNodeRef")
    one.appendChild(drawing.document.createTextNode(key))
    return one


def _lead_there(drawing: Drawing, key: str, kind: str, source: str, arrow: str) -> None:
    if not arrow:
        add_arrow(drawing, source, key)
        return
    target = drawing.arrow(arrow).getAttribute("targetRef")
    lead(drawing, arrow, key)
    if kind != "endEvent":
        add_arrow(drawing, key, target)


def take_out(drawing: Drawing, element: str) -> None:
    """Take a step out with its timers. Where one arrow left it, those that led to it lead on along that arrow."""
    drawing.element(element)
    for timer in drawing.map.timers(element):
        if timer.id != element:
            take_out(drawing, timer.id)
    process = drawing.map
    leaving = process.leaving(element)
    onward = leaving[0].target if len(leaving) == 1 else ""
    for arrow in process.arrows:
        joined = onward and onward not in (element, arrow.source) and process.elements[onward].kind != "boundaryEvent"
        if arrow.target == element and arrow.source != element and joined and _can_join(process, onward):
            lead(drawing, arrow.id, onward)
        elif element in (arrow.source, arrow.target):
            take_out_arrow(drawing, arrow.id)
    _forget(drawing, element)


def _can_join(process: ProcessMap, onward: str) -> bool:
    return process.elements[onward].kind not in ("startEvent", "boundaryEvent")


def _forget(drawing: Drawing, element: str) -> None:
    one = drawing.element(element)
    for lanes in kids(drawing.process, "laneSet"):
        for lane in kids(lanes, "lane"):
            for held in kids(lane, "flowNodeRef"):
                if text_of(held) == element:
                    drop(held)
    for beside in kids(drawing.process, "association"):
        if element in (beside.getAttribute("sourceRef"), beside.getAttribute("targetRef")):
            drop(drawing.shape(beside.getAttribute("id")))
            drop(beside)
    drop(drawing.shape(element))
    drop(one)
    drawing.changed()

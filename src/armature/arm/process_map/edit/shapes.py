"""Writing the picture of a map: shapes, edges, their labels; and making room by moving what lies behind a line."""

from collections.abc import Sequence
from textwrap import wrap
from xml.dom.minidom import Element

from armature.arm.process_map.edit.tree import BPMNDI, DC, DI, Drawing, drop, kids, put
from armature.arm.process_map.records import Bounds, Point


def draw_shape(drawing: Drawing, key: str, box: Bounds, label: Bounds | None = None) -> None:
    """A box stands here now; nothing happens in a file without a picture."""
    plane, one = drawing.plane(), drawing.shape(key)
    if plane is None:
        return
    if one is None:
        one = drawing.make("BPMNShape", BPMNDI, id=drawing.fresh(f"{key}_di"), bpmnElement=key)
        put(plane, one)
    _bound(drawing, one, box)
    if label is not None:
        _label(drawing, one, label)
    drawing.changed()


def draw_line(drawing: Drawing, key: str, points: Sequence[Point], label: Bounds | None) -> None:
    """An arrow runs along these points now."""
    plane, one = drawing.plane(), drawing.shape(key)
    if plane is None:
        return
    if one is None:
        one = drawing.make("BPMNEdge", BPMNDI, id=drawing.fresh(f"{key}_di"), bpmnElement=key)
        put(plane, one)
    for before in kids(one, "waypoint", DI):
        drop(before)
    behind = next(kids(one, namespace=BPMNDI), None)
    for x, y in points:
        put(one, drawing.make("waypoint", DI, x=f"{x:g}", y=f"{y:g}"), behind)
    if label is None:
        drop(next(kids(one, "BPMNLabel", BPMNDI), None))
    else:
        _label(drawing, one, label)
    drawing.changed()


def label_of(name: str, points: Sequence[Point]) -> Bounds | None:
    """Where the words of an arrow stand: at its beginning."""
    if not name:
        return None
    (x, y), (next_x, next_y) = points[0], points[1]
    lines = wrap(name, 17) or [name]
    width, height = min(90, 8 + 6 * max(map(len, lines))), 14 * len(lines)
    if abs(next_x - x) > abs(next_y - y):
        return Bounds(x + 6 if next_x > x else x - 6 - width, y - height - 4, width, height)
    return Bounds(x + 6, y + 8 if next_y > y else y - 8 - height, width, height)


def _bound(drawing: Drawing, one: Element, box: Bounds) -> None:
    held = next(kids(one, "Bounds", DC), None)
    if held is None:
        held = drawing.make("Bounds", DC)
        put(one, held, next(kids(one, namespace=BPMNDI), None))
    for name in ("x", "y", "width", "height"):
        held.setAttribute(name, f"{getattr(box, name):g}")


def _label(drawing: Drawing, one: Element, box: Bounds) -> None:
    held = next(kids(one, "BPMNLabel", BPMNDI), None)
    if held is None:
        held = drawing.make("BPMNLabel", BPMNDI)
        put(one, held)
    _bound(drawing, held, box)


def push(drawing: Drawing, axis: str, since: float, by: float) -> None:
    """Everything that begins behind a line is moved away from it; what reaches over it is not, pools and lanes grow."""
    plane = drawing.plane()
    frames = {drawing.map.pool, *(lane.id for lane in drawing.map.lanes)}
    for one in kids(plane, namespace=BPMNDI) if plane is not None else ():
        framed = one.getAttribute("bpmnElement") in frames
        for held in [*kids(one, "Bounds", DC), *kids(one, "waypoint", DI)]:
            _push(held, axis, since, by, framed)
        for inside in kids(one, "BPMNLabel", BPMNDI):
            for held in kids(inside, "Bounds", DC):
                _push(held, axis, since, by, False)
    drawing.changed()


def _push(held: Element, axis: str, since: float, by: float, framed: bool) -> None:
    size = "width" if axis == "x" else "height"
    try:
        place, reach = float(held.getAttribute(axis)), float(held.getAttribute(size) or 0)
    except ValueError:
        return
    if place >= since:
        held.setAttribute(axis, f"{place + by:g}")
    elif framed and place + reach >= since:
        held.setAttribute(size, f"{reach + by:g}")

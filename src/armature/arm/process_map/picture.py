"""Where the elements of a map stand in its picture (the diagram part of a BPMN file)."""

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element as Xml

from armature.arm.process_map.records import Bounds, Point

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_LINE = "{http://www.omg.org/spec/DD/20100524/DI}"


def shapes(root: Xml) -> tuple[dict[str, Bounds], dict[str, Bounds]]:
    """Boxes and labels by the id of what they show; those without readable numbers are left out."""
    boxes, labels = {}, {}
    for drawn in root.iter(
        f"{_DI}BPMNShape",
    ):
        if bounds := _bounds(drawn.find(f"{_DC}Bounds")):
            boxes[drawn.get("bpmnElement", "")] = bounds
    for drawn in _drawn(root):
        if bounds := _bounds(drawn.find(f"{_DI}BPMNLabel/{_DC}Bounds")):
            labels[drawn.get("bpmnElement", "")] = bounds
    return boxes, labels


def lines(root: Xml) -> dict[str, tuple[Point, ...]]:
    """The bends of each arrow by its id."""
    found = {}
    for drawn in root.iter(f"{_DI}BPMNEdge"):
        points = [_numbers(point, "x", "y") for point in drawn.iterfind(f"{_LINE}waypoint")]
        if len(points) > 1 and all(points):
            found[drawn.get("bpmnElement", "")] = tuple((p[0], p[1]) for p in points if p)
    return found


def _drawn(root: Xml) -> Iterator[Xml]:
    yield from root.iter(f"{_DI}BPMNShape")
    yield from root.iter(f"{_DI}BPMNEdge")


def _bounds(xml: Xml | None) -> Bounds | None:
    numbers = _numbers(xml, "x", "y", "width", "height") if xml is not None else None
    return Bounds(*numbers) if numbers else None


def _numbers(xml: Xml, *names: str) -> list[float] | None:
    try:
        numbers = [float(xml.get(name, "")) for name in names]
    except ValueError:
        return None
    return numbers if all(math.isfinite(number) for number in numbers) else None

"""The way of an arrow through the picture: level and upright pieces, around what stands there."""

from collections.abc import Iterable, Iterator, Sequence

from armature.arm.process_map.edit.geometry import bends, crossed, length, shared, turns_back
from armature.arm.process_map.edit.shapes import draw_line, label_of
from armature.arm.process_map.edit.tree import Drawing, drop
from armature.arm.process_map.records import Arrow, Bounds, Point, ProcessMap

STUB = 15
"""Pixels that an arrow goes straight before its first bend."""
_SIDES = {"right": (1, 0), "left": (-1, 0), "bottom": (0, 1), "top": (0, -1)}
_MOST_WAYS = 400


def route(drawing: Drawing, arrows: Iterable[str], *, label_only: bool = False) -> None:
    """Lead these arrows anew through the picture, or only place their words."""
    wanted = set(arrows)
    for arrow in drawing.map.arrows:
        if arrow.id not in wanted:
            continue
        process = drawing.map
        points = process.lines.get(arrow.id) if label_only else way(process, arrow)
        if points:
            draw_line(drawing, arrow.id, points, label_of(arrow.name, points))
        else:
            drop(drawing.shape(arrow.id))
            drawing.changed()


def loose(process: ProcessMap) -> list[str]:
    """The arrows whose ends are not at the border of what they lead from and to."""
    found = []
    for arrow in process.arrows:
        points = process.lines.get(arrow.id)
        ends = (process.shapes.get(arrow.source), process.shapes.get(arrow.target))
        if points and any(
            box and not _at(box, point) for box, point in zip(ends, (points[0], points[-1]), strict=True)
        ):
            found.append(arrow.id)
    return found


def _at(box: Bounds, point: Point) -> bool:
    x, y = point
    return box.x - 3 <= x <= box.x + box.width + 3 and box.y - 3 <= y <= box.y + box.height + 3


def way(process: ProcessMap, arrow: Arrow) -> tuple[Point, ...] | None:
    """The plainest way of an arrow; None when one of its ends is not in the picture."""
    begin, end = process.shapes.get(arrow.source), process.shapes.get(arrow.target)
    if begin is None or end is None:
        return None
    boxes = [box for key, box in process.shapes.items() if key in process.elements]
    words = [box for key, box in process.labels.items() if key != arrow.id]
    lines = [line for key, line in process.lines.items() if key != arrow.id]
    ways = sorted(_ways(process, arrow, begin, end, boxes), key=_plain)[:_MOST_WAYS]
    best, least = ways[0] if ways else None, float("inf")
    for points in ways:
        if _plain(points) >= least:
            break
        on_top, times = shared(points, lines)
        costs = _plain(points) + 3000 * crossed(points, boxes) + 200 * crossed(points, words) + 4 * on_top + 25 * times
        if costs < least:
            best, least = points, costs
    return best


def _plain(points: Sequence[Point]) -> float:
    return length(points) + 45 * len(points)


def _ways(
    process: ProcessMap, arrow: Arrow, begin: Bounds, end: Bounds, boxes: Sequence[Bounds]
) -> Iterator[tuple[Point, ...]]:
    timer = process.elements[arrow.source].kind == "boundaryEvent"
    for out in ("bottom", "right") if timer else ("right", "bottom", "top"):
        for into in ("left", "top", "bottom") if end.x >= begin.x else ("right", "top", "bottom"):
            first, last = _dock(begin, out), _dock(end, into)
            one, other = _off(first, out), _off(last, into)
            for middle in _between(one, other, boxes):
                if not turns_back(points := (first, one, *middle, other, last)):
                    yield bends(points)


def _between(one: Point, other: Point, boxes: Sequence[Bounds]) -> Iterator[tuple[Point, ...]]:
    """Straight, over one corner, or over a level or upright piece in a free lane between boxes."""
    if one[0] == other[0] or one[1] == other[1]:
        yield ()
    yield ((one[0], other[1]),)
    yield ((other[0], one[1]),)
    for y in _near(one[1], other[1], [at for box in boxes for at in (box.y - STUB, box.y + box.height + STUB + 20)]):
        yield ((one[0], y), (other[0], y))
    for x in _near(one[0], other[0], [at for box in boxes for at in (box.x - STUB, box.x + box.width + STUB)]):
        yield ((x, one[1]), (x, other[1]))


def _near(one: float, other: float, found: Iterable[float]) -> list[float]:
    middle = (one + other) / 2
    return [middle, *sorted(set(found), key=lambda at: abs(at - one) + abs(at - other) + abs(at - middle) / 100)[:14]]


def _dock(box: Bounds, side: str) -> Point:
    right, down = _SIDES[side]
    return (box.x + box.width * (1 + right) / 2, box.y + box.height * (1 + down) / 2)


def _off(point: Point, side: str) -> Point:
    right, down = _SIDES[side]
    return (point[0] + STUB * right, point[1] + STUB * down)

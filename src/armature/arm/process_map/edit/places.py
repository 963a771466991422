"""Where a new step stands in the picture: behind the one before it, over nothing else; the map grows where it must."""

from collections.abc import Iterator
from itertools import pairwise

from armature.arm.process_map.edit.geometry import around, overlap
from armature.arm.process_map.edit.routes import loose, route
from armature.arm.process_map.edit.shapes import draw_shape, push
from armature.arm.process_map.edit.tree import Drawing
from armature.arm.process_map.records import Bounds, ProcessMap

_SIZES = {"exclusiveGateway": (50, 50), "endEvent": (36, 36), "startEvent": (36, 36), "boundaryEvent": (36, 36)}
_TASK = (110, 80)
GAP = 45
"""Pixels between a step and the next."""
ROW = 120
"""Pixels by which a lane grows."""


def place(drawing: Drawing, key: str, kind: str, source: str) -> None:
    """A step that has no place yet gets one behind ``source`` in its lane."""
    process, before = drawing.map, drawing.map.shapes.get(source)
    if before is None or drawing.plane() is None:
        return
    size = _SIZES.get(kind, _TASK)
    x, y = before.x + before.width + GAP, before.y + before.height / 2 - size[1] / 2
    beside = process.lane(source) == process.lane(key)
    if beside and process.elements[source].kind not in ("exclusiveGateway", "boundaryEvent"):
        wanted = Bounds(x, y, *size)
        if not _free(process, wanted, key, lines=False):
            _widen(drawing, before.x + before.width + 1, size[0] + GAP)
        _draw(drawing, key, kind, wanted)
    else:
        _somewhere(drawing, key, kind, Bounds(x, y, *size))


def place_in_lane(drawing: Drawing, key: str) -> None:
    """A step that came into another lane gets a place there, its timers with it."""
    process, box = drawing.map, drawing.map.shapes.get(key)
    if box is None or drawing.plane() is None:
        return
    timers = [timer.id for timer in process.timers(key)]
    _somewhere(drawing, key, process.elements[key].kind, box)
    for timer in timers:
        place_timer(drawing, timer, key)
    moved = {key, *timers}
    route(drawing, [arrow.id for arrow in drawing.map.arrows if moved & {arrow.source, arrow.target}])


def place_timer(drawing: Drawing, key: str, host: str) -> None:
    """A timer sits on the lower border of its task, beside those that are there."""
    box, process = drawing.map.shapes.get(host), drawing.map
    if box is None:
        return
    others = [process.shapes[one.id] for one in process.timers(host) if one.id in process.shapes and one.id != key]
    seats = [Bounds(box.x + box.width - 28 - 40 * n, box.y + box.height - 18, 36, 36) for n in range(12)]
    seat = next((one for one in seats if not any(overlap(one, other, 1) for other in others)), seats[0])
    beside = [Bounds(seat.x + at, seat.y + 22, 70, 27) for at in (-72, 38)]
    stands = [other for name, other in process.shapes.items() if name in process.elements]
    label = next((one for one in beside if not any(overlap(one, other) for other in stands)), beside[0])
    draw_shape(drawing, key, seat, label)


def _draw(drawing: Drawing, key: str, kind: str, box: Bounds) -> None:
    label = None
    if kind == "exclusiveGateway":
        label = Bounds(box.x - 20, box.y - 30, 90, 27)
    elif kind in _SIZES:
        label = Bounds(box.x - 25, box.y + box.height + 4, box.width + 50, 27)
    draw_shape(drawing, key, box, label)


def _somewhere(drawing: Drawing, key: str, kind: str, wanted: Bounds) -> None:
    """In its lane, as near as can be to where it was wanted; else in a new row of the lane."""
    process, lane = drawing.map, drawing.map.lane(key)
    frame = process.shapes.get(lane.id) if lane else None
    if frame is None:
        _draw(drawing, key, kind, Bounds(wanted.x, _lowest(process, key) + GAP, wanted.width, wanted.height))
        return
    seats = sorted(_seats(frame, wanted), key=lambda one: abs(one.x - wanted.x) + 1.5 * abs(one.y - wanted.y))
    seat = next((one for one in seats[:800] if _free(process, one, key)), None)
    if seat is None:
        floor = frame.y + frame.height
        push(drawing, "y", floor, ROW)
        grown = drawing.map.shapes.get(lane.id if lane else "")
        if grown and grown.height < frame.height + ROW:
            draw_shape(drawing, lane.id if lane else "", Bounds(frame.x, frame.y, frame.width, frame.height + ROW))
        x = min(max(wanted.x, frame.x + 40), frame.x + frame.width - wanted.width - 20)
        seat = _beside(drawing.map, Bounds(x, floor + (ROW - 20 - wanted.height) / 2, wanted.width, wanted.height), key)
        _draw(drawing, key, kind, seat)
        route(drawing, loose(drawing.map))
        return
    _draw(drawing, key, kind, seat)


def _beside(process: ProcessMap, box: Bounds, key: str) -> Bounds:
    """The same place, moved on while something else stands there."""
    while not _free(process, box, key, lines=False):
        box = Bounds(box.x + 20, box.y, box.width, box.height)
    return box


def _seats(frame: Bounds, wanted: Bounds) -> Iterator[Bounds]:
    for column in range(40, int(min(frame.width, 20_000) - wanted.width - 10), 30):
        for row in range(25, int(min(frame.height, 5_000) - wanted.height - 15), 20):
            yield Bounds(frame.x + column, frame.y + row, wanted.width, wanted.height)


def _free(process: ProcessMap, box: Bounds, key: str, *, lines: bool = True) -> bool:
    """Whether nothing stands here, and no arrow runs through."""
    own = {key, *(timer.id for timer in process.timers(key))}
    stands = [other for name, other in process.shapes.items() if name in process.elements and name not in own]
    words = [other for name, other in process.labels.items() if name not in own]
    if any(overlap(box, other, 20) for other in stands) or any(overlap(box, other, 3) for other in words):
        return False
    ends = {arrow.id for arrow in process.arrows if own & {arrow.source, arrow.target}}
    run = [line for name, line in process.lines.items() if lines and name not in ends]
    return not any(overlap(box, around(piece), 8) for line in run for piece in pairwise(line))


def _lowest(process: ProcessMap, key: str) -> float:
    return max((box.y + box.height for name, box in process.shapes.items() if name != key), default=0)


def _widen(drawing: Drawing, since: float, by: float) -> None:
    push(drawing, "x", since, by)
    route(drawing, loose(drawing.map))

"""Lanes of a map that is drawn: who acts, and which steps are theirs."""

from armature.arm.process_map.edit.places import ROW, place_in_lane
from armature.arm.process_map.edit.routes import loose, route
from armature.arm.process_map.edit.shapes import draw_shape, push
from armature.arm.process_map.edit.tree import CannotDraw, Drawing, clean, drop, kids, put, text_of
from armature.arm.process_map.records import Bounds

MOST_LANES = 30


def add_lane(drawing: Drawing, name: str, *, team: str = "", team_from: str = "") -> str:
    """A new lane below the others; its id."""
    if len(drawing.map.lanes) >= MOST_LANES:
        raise CannotDraw(f"A map has at most {MOST_LANES} lanes")
    inside = next(kids(drawing.process, "laneSet"), None)
    if inside is None:
        inside = drawing.make("laneSet", id=drawing.fresh("Lanes"))
        first = [one for one in kids(drawing.process) if one.localName not in ("documentation", "extensionElements")]
        put(drawing.process, inside, first[0] if first else None)
    key, frames = drawing.fresh("Lane"), [drawing.map.shapes.get(lane.id) for lane in drawing.map.lanes]
    put(inside, drawing.make("lane", id=key, name=clean(name)))
    change_lane(drawing, key, name, team=team, team_from=team_from)
    drawn = [frame for frame in frames if frame]
    if drawn:
        last = max(drawn, key=lambda frame: frame.y + frame.height)
        floor, pool = last.y + last.height, drawing.map.shapes.get(drawing.map.pool)
        push(drawing, "y", floor + 0.5, ROW)
        if pool:
            draw_shape(drawing, drawing.map.pool, Bounds(pool.x, pool.y, pool.width, floor + ROW - pool.y))
        draw_shape(drawing, key, Bounds(last.x, floor, last.width, ROW))
    return key


def change_lane(drawing: Drawing, lane: str, name: str, *, team: str = "", team_from: str = "") -> None:
    """What a lane is called, and who acts in it: a team, or the team that a fact names."""
    one = drawing.lane(lane)
    one.setAttribute("name", clean(name))
    drawing.own(one, "team", team)
    drawing.own(one, "team_from", "" if team else team_from)
    drawing.changed()


def move(drawing: Drawing, element: str, lane: str) -> None:
    """A step stands in another lane from now on, its timers with it."""
    drawing.element(element)
    to, held = drawing.lane(lane), drawing.map.lane(element)
    if held is not None and held.id == lane:
        return
    for key in (element, *(timer.id for timer in drawing.map.timers(element) if timer.id != element)):
        for inside in kids(drawing.process, "laneSet"):
            for one in kids(inside, "lane"):
                for named in kids(one, "flowNodeRef"):
                    if text_of(named) == key:
                        drop(named)
        made = drawing.make("flowNodeRef")
        made.appendChild(drawing.document.createTextNode(key))
        put(to, made)
    drawing.changed()
    place_in_lane(drawing, element)


def take_out_lane(drawing: Drawing, lane: str) -> None:
    """Take out a lane in which nothing stands; the lane beside it takes its room. Raises ``CannotDraw``."""
    one, lanes = drawing.lane(lane), list(drawing.map.lanes)
    found = next(held for held in lanes if held.id == lane)
    if len(lanes) == 1:
        raise CannotDraw("A map needs a lane: nobody would act in it")
    if found.elements:
        raise CannotDraw(f'Steps stand in the lane "{found.name[:60]}": move them to another lane first')
    frame = drawing.map.shapes.get(lane)
    drop(drawing.shape(lane))
    drop(one)
    drawing.changed()
    if frame:
        _close(drawing, frame)
        route(drawing, loose(drawing.map))


def _close(drawing: Drawing, frame: Bounds) -> None:
    frames = {held.id: box for held in drawing.map.lanes if (box := drawing.map.shapes.get(held.id))}
    for key, box in frames.items():
        if abs(box.y + box.height - frame.y) < 2:
            draw_shape(drawing, key, Bounds(box.x, box.y, box.width, box.height + frame.height))
            return
        if abs(frame.y + frame.height - box.y) < 2:
            draw_shape(drawing, key, Bounds(box.x, frame.y, box.width, box.height + frame.height))
            return

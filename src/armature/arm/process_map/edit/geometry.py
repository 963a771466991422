"""Rectangles and lines of a picture: what touches what."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from armature.arm.process_map.records import Bounds, Point


def overlap(one: Bounds, other: Bounds, room: float = 0) -> bool:
    """Whether two rectangles have less than ``room`` pixels between them."""
    return (
        one.x < other.x + other.width + room
        and other.x < one.x + one.width + room
        and one.y < other.y + other.height + room
        and other.y < one.y + one.height + room
    )


def around(points: Sequence[Point]) -> Bounds:
    """The rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Bounds(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def crossed(points: Sequence[Point], boxes: Iterable[Bounds]) -> int:
    """How many times a line of level and upright pieces goes through rectangles."""
    pieces = [around(piece) for piece in pairwise(points)]
    return sum(overlap(piece, box, -1) for box in boxes for piece in pieces)


def bends(points: Iterable[Point]) -> tuple[Point, ...]:
    """A line without the points that are no bends."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (_level(kept[-2], kept[-1], point, 0) or _level(kept[-2], kept[-1], point, 1)):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _level(one: Point, middle: Point, other: Point, axis: int) -> bool:
    return one[axis] == middle[axis] == other[axis]


def turns_back(points: Iterable[Point]) -> bool:
    """Whether a line runs back over itself somewhere."""
    steps = [(two[0] - one[0], two[1] - one[1]) for one, two in pairwise(points) if one != two]
    return any(x * then_x + y * then_y < 0 for (x, y), (then_x, then_y) in pairwise(steps))


def length(points: Sequence[Point]) -> float:
    """Pixels along a line."""
    return sum(abs(one[0] - two[0]) + abs(one[1] - two[1]) for one, two in pairwise(points))


def shared(points: Sequence[Point], lines: Iterable[Sequence[Point]]) -> tuple[float, int]:
    """Pixels that a line runs on top of others, and how many times it crosses them."""
    on_top, times = 0.0, 0
    own = [(around(piece), piece[0][0] == piece[1][0]) for piece in pairwise(points)]
    for line in lines:
        for piece in pairwise(line):
            other, upright = around(piece), piece[0][0] == piece[1][0]
            for mine, mine_upright in own:
                if not overlap(mine, other, 5):
                    continue
                if upright is not mine_upright:
                    times += 1
                else:
                    on_top += _common(mine, other, upright)
    return on_top, times


def _common(one: Bounds, other: Bounds, upright: bool) -> float:
    if upright:
        return max(0.0, min(one.y + one.height, other.y + other.height) - max(one.y, other.y))
    return max(0.0, min(one.x + one.width, other.x + other.width) - max(one.x, other.x))

"""Which rows can never fire, because earlier rows, alone or together, always come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from armature.arm.interaction import Value
from armature.arm.rule.cell import Anything, Cell
from armature.arm.rule.field import Catalogue
from armature.arm.rule.space import Space, narrowed, whole

Box = dict[str, Space]
Conditions = Mapping[str, Cell]

STEPS = 20_000
"""Subtractions that are tried for one row before the question is left open."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a row can fire. ``by`` are the earlier rows that take all of it; ``example`` are facts it fires on.

    Both are empty when the step limit was reached: nobody knows.
    """

    by: tuple[int, ...] = ()
    example: Mapping[str, Value] | None = None


def coverage(rows: Sequence[Conditions], number: int, catalogue: Catalogue) -> Coverage:
    """What is left of row ``number`` when all rows before it took theirs."""
    fields = sorted({key for row in rows[: number + 1] for key in row})
    start = {key: narrowed(whole(catalogue[key]), rows[number].get(key, Anything())) for key in fields}
    if any(space.empty for space in start.values()):
        return Coverage()
    alone = next((n for n in range(number) if not _rest(start, rows[n])), None)
    if alone is not None:
        return Coverage(by=(alone,))
    left, by, steps = [start], [], 0
    for earlier in range(number):
        steps += len(left)
        rest = [piece for box in left for piece in _rest(box, rows[earlier])]
        if len(rest) != len(left) or any(a is not b for a, b in zip(rest, left, strict=True)):
            by.append(earlier)
        if not rest:
            return Coverage(by=tuple(by))
        left = rest
        if steps > STEPS or len(left) > STEPS:
            return Coverage()
    return Coverage(example={key: space.example() for key, space in left[0].items()})


def _rest(box: Box, row: Conditions) -> list[Box]:
    """``box`` without what ``row`` takes, as boxes that do not overlap; ``[box]`` itself when they do not touch."""
    taken = {key: narrowed(box[key], cell) for key, cell in row.items() if not isinstance(cell, Anything)}
    if any(space.empty for space in taken.values()):
        return [box]
    pieces: list[Box] = []
    inside = dict(box)
    for key, space in taken.items():
        outside = inside[key].less(row[key])
        if not outside.empty:
            pieces.append({**inside, key: outside})
        inside[key] = space
    return pieces

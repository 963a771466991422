"""Which rows can never fire, because earlier rows, alone or together, always come first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from armature.arm.interaction import Value
from armature.arm.rule.cell import Anything, Cell, Contains
from armature.arm.rule.field import Catalogue
from armature.arm.rule.space import Space, narrowed, whole

Box = dict[str, Space]
Conditions = Mapping[str, Cell]

STEPS = 20_000
"""Subtractions that are tried for one row before the question is left open."""
WHOLE_TABLE = 100_000
"""What is left over may fall to pieces: so many of them are looked at for all rows of a table together."""


@dataclass(slots=True)
class Patience:
    """How many pieces may still be looked at; shared by the rows of a table, so that its check ends soon."""

    left: int = WHOLE_TABLE

    def spent(self, boxes: Iterable[Box]) -> bool:
        """Whether these were too many."""
        self.left -= 1 + sum(space.pieces for box in boxes for space in box.values())
        return self.left < 0

    def spent_on_words(self, mine: Conditions, rows: Sequence[Conditions]) -> bool:
        """Whether comparing the keywords of a row with those of others takes too long."""
        for key, cell in mine.items():
            if isinstance(cell, Contains):
                others = sum(len(one.keywords) for row in rows if isinstance(one := row.get(key), Contains))
                self.left -= len(cell.keywords) * others // 25
        return self.left < 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a row can fire.

    ``by`` are the earlier rows that take all of it; ``empty`` is a field of which its own cell accepts no value;
    ``example`` are facts it fires on. All are empty when the step limit was reached: nobody knows.
    """

    by: tuple[int, ...] = ()
    empty: str = ""
    example: Mapping[str, Value] | None = None


def coverage(
    rows: Sequence[Conditions], number: int, catalogue: Catalogue, patience: Patience | None = None
) -> Coverage:
    """What is left of row ``number`` when all rows before it took theirs."""
    patience = patience or Patience()
    fields = sorted({key for row in rows[: number + 1] for key in row})
    start = {key: narrowed(whole(catalogue[key]), rows[number].get(key, Anything())) for key in fields}
    for key, space in start.items():
        if space.empty:
            return Coverage(empty=key)
    tests = _tested(rows[number])
    if not any(_tested(row) <= tests for row in rows[:number]):  # with everything else unknown, none of them fires
        return Coverage(example={key: start[key].example() if key in tests else None for key in fields})
    if patience.spent_on_words(rows[number], rows[:number]):
        return Coverage()
    rests = [_rest(start, row) for row in rows[:number]]
    if [] in rests:
        return Coverage(by=(rests.index([]),))
    touching = [n for n, rest in enumerate(rests) if rest != [start]]
    left = _left(start, [rows[n] for n in touching], patience)
    if left is None:
        return Coverage()
    if left:
        return Coverage(example={key: space.example() for key, space in left[0].items()})
    return Coverage(by=_needed(start, rows, touching, patience))


def _tested(row: Conditions) -> set[str]:
    return {key for key, cell in row.items() if not isinstance(cell, Anything)}


def _left(start: Box, rows: Iterable[Conditions], patience: Patience) -> list[Box] | None:
    """What no row takes; None when that needs too many steps."""
    left, steps = [start], 0
    for row in rows:
        steps += len(left)
        if steps > STEPS or patience.spent(left):
            return None
        left = [piece for box in left for piece in _rest(box, row)]
        if not left:
            break
    return left


def _needed(start: Box, rows: Sequence[Conditions], by: Iterable[int], patience: Patience) -> tuple[int, ...]:
    """The rows without which something would be left."""
    needed = list(by)
    for n in list(needed):
        others = [other for other in needed if other != n]
        if _left(start, [rows[other] for other in others], patience) == []:
            needed = others
    return tuple(needed)


def _rest(box: Box, row: Conditions) -> list[Box]:
    """``box`` without what ``row`` takes, as boxes that do not overlap; ``[box]`` itself when they do not touch."""
    taken: Box = {}
    for key, cell in row.items():
        if not isinstance(cell, Anything):
            taken[key] = narrowed(box[key], cell)
            if taken[key].empty:
                return [box]
    pieces: list[Box] = []
    inside = dict(box)
    for key, space in taken.items():
        outside = inside[key].less(row[key])
        if not outside.empty:
            pieces.append({**inside, key: outside})
        inside[key] = space
    return pieces


def overlapping(rows: Sequence[Conditions], number: int, catalogue: Catalogue) -> list[int]:
    """The earlier rows that take a part of this one without lying wholly inside it."""
    fields = sorted({key for row in rows[: number + 1] for key in row})
    spaces = {key: whole(catalogue[key]) for key in fields}
    mine = _box(spaces, rows[number])
    found = []
    for earlier in range(number):
        rest = _rest(mine, rows[earlier])
        if rest != [mine] and _rest(_box(spaces, rows[earlier]), rows[number]):
            found.append(earlier)
    return found


def _box(spaces: Mapping[str, Space], row: Conditions) -> Box:
    return {key: narrowed(space, row.get(key, Anything())) for key, space in spaces.items()}

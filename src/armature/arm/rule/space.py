"""What is left of one field's values after earlier rows took theirs: sets that can be met and subtracted exactly.

Every space also remembers whether "not known" is still in it: only an empty cell takes that.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from armature.arm.interaction import Value
from armature.arm.rule.cell import Anything, Between, Cell, Contains, OneOf, YesNo
from armature.arm.rule.field import Field
from armature.arm.rule.words import pattern

_UNUSED = "zq"
"""A word that no keyword holds, put between and behind keywords when an example text is made."""


@dataclass(frozen=True, slots=True)
class Choices:
    """These values, or all but these when ``but``; for choices and yes/no."""

    values: frozenset[str | bool]
    but: bool = False
    unknown: bool = True

    @property
    def pieces(self) -> int:
        """As how much it counts when it is looked at."""
        return 1

    @property
    def empty(self) -> bool:
        return not (self.values or self.but or self.unknown)

    def meet(self, cell: Cell) -> "Choices":
        taken, but = _taken(cell)
        if self.but and but:
            return Choices(self.values | taken, True, False)
        if self.but:
            return Choices(taken - self.values, False, False)
        return Choices(self.values - taken if but else self.values & taken, False, False)

    def less(self, cell: Cell) -> "Choices":
        taken, but = _taken(cell)
        if self.but and but:
            return Choices(taken - self.values, False, self.unknown)
        if self.but:
            return Choices(self.values | taken, True, self.unknown)
        return Choices(self.values & taken if but else self.values - taken, False, self.unknown)

    def example(self) -> Value:
        if self.but:
            return next(name for n in range(len(self.values) + 1) if (name := f"other{n}") not in self.values)
        return min(self.values, key=str) if self.values else None


def _taken(cell: Cell) -> tuple[frozenset[str | bool], bool]:
    if isinstance(cell, YesNo):
        return frozenset([cell.value]), False
    assert isinstance(cell, OneOf)
    return frozenset(cell.values), cell.negated


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers inside any of these ranges."""

    ranges: tuple[Between, ...]
    unknown: bool = True

    @property
    def pieces(self) -> int:
        """As how much it counts when it is looked at."""
        return 1 + len(self.ranges)

    @property
    def empty(self) -> bool:
        return not (self.ranges or self.unknown)

    def meet(self, cell: Cell) -> "Numbers":
        assert isinstance(cell, Between)
        met = (_meet(part, cell) for part in self.ranges)
        return Numbers(tuple(part for part in met if part), False)

    def less(self, cell: Cell) -> "Numbers":
        assert isinstance(cell, Between)
        below = Between(high=cell.low, high_in=not cell.low_in)
        above = Between(low=cell.high, low_in=not cell.high_in)
        rest = (_meet(part, side) for part in self.ranges for side in (below, above))
        return Numbers(tuple(part for part in rest if part), self.unknown)

    def example(self) -> Value:
        return _inside(self.ranges[0]) if self.ranges else None


def _meet(one: Between, other: Between) -> Between | None:
    low, low_in = max((one.low, not one.low_in), (other.low, not other.low_in))
    high, high_in = min((one.high, one.high_in), (other.high, other.high_in))
    if low > high or (low == high and (low_in or not high_in)) or (math.isinf(low) and low > 0) or high == -math.inf:
        return None
    return Between(low, high, not low_in, high_in)


def _inside(part: Between) -> float:
    if math.isfinite(part.low) and part.low_in:
        return part.low
    if math.isfinite(part.high) and part.high_in:
        return part.high
    if math.isinf(part.low) and math.isinf(part.high):
        return 0
    if math.isinf(part.low):
        return part.high - 1
    return part.low + 1 if math.isinf(part.high) else (part.low + part.high) / 2


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that hold one pattern of each set of ``must`` and none of ``never``."""

    must: tuple[frozenset[str], ...] = ()
    never: frozenset[str] = frozenset()
    unknown: bool = True
    known: bool = True

    @property
    def pieces(self) -> int:
        """As how much it counts when it is looked at."""
        return 1 + len(self.must) + len(self.never) // 50

    @property
    def empty(self) -> bool:
        return not (self.known or self.unknown)

    def meet(self, cell: Cell) -> "Words":
        return replace(self, must=(*self.must, _patterns(cell)), unknown=False)._settled()

    def less(self, cell: Cell) -> "Words":
        return replace(self, never=self.never | _patterns(cell))._settled()

    def _settled(self) -> "Words":
        """Patterns that cannot appear without a forbidden one are dropped."""
        must = tuple(frozenset(p for p in some if not any(n in p for n in self.never)) for some in self.must)
        return replace(self, must=must, known=self.known and all(must))

    def example(self) -> Value:
        parts = [min(some, key=lambda p: (len(p), p)) for some in self.must]
        held = [part if part.endswith(" ") or not part.startswith(" ") else f"{part}{_UNUSED} " for part in parts]
        return f" {_UNUSED} " + _UNUSED.join(f" {part.strip()} " for part in held)


@lru_cache(maxsize=2048)
def _patterns(cell: Cell) -> frozenset[str]:
    assert isinstance(cell, Contains)
    return frozenset(map(pattern, cell.keywords))


Space = Choices | Numbers | Words


def whole(field: Field) -> Space:
    """Everything that a fact of this field can be, "not known" included."""
    if field.type == "number":
        return Numbers((Between(field.low, field.high),))
    if field.type == "words":
        return Words()
    if field.type == "yes_no":
        return Choices(frozenset([True, False]))
    return Choices(frozenset(), but=True) if field.open else Choices(frozenset(field.values))


def narrowed(space: Space, cell: Cell) -> Space:
    """What of ``space`` a cell takes."""
    return space if isinstance(cell, Anything) else space.meet(cell)

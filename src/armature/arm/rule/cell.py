"""The closed vocabulary of a cell. Each kind of test says what it matches, its words, and its Python expression.

A fact that is not known (``None``) matches only the empty cell.
"""

import math
from dataclasses import dataclass

from armature.arm.interaction import Value
from armature.arm.rule.field import Field
from armature.arm.rule.finding import listed
from armature.arm.rule.words import pattern


@dataclass(frozen=True, slots=True)
class Anything:
    """The empty cell."""

    def matches(self, value: Value) -> bool:
        return True

    def words(self, field: Field) -> str:
        return "anything"

    def code(self, name: str) -> str:
        return "True"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these choices; none of them when ``negated``."""

    values: tuple[str, ...]
    negated: bool = False

    def matches(self, value: Value) -> bool:
        return value is not None and (value in self.values) is not self.negated

    def words(self, field: Field) -> str:
        said = [field.say(value) for value in self.values]
        if self.negated:
            return f"none of {listed(said, 'or')}" if len(said) > 1 else f"not {said[0]}"
        return listed(said, "or")

    def code(self, name: str) -> str:
        literals = ", ".join(map(repr, self.values))
        if self.negated:
            return f"{name} is not None and {name} not in {{{literals}}}"
        return f"{name} == {literals}" if len(self.values) == 1 else f"{name} in {{{literals}}}"


@dataclass(frozen=True, slots=True)
class Between:
    """A number in a range; an end with ``_in`` belongs to it."""

    low: float = -math.inf
    high: float = math.inf
    low_in: bool = True
    high_in: bool = True

    def matches(self, value: Value) -> bool:
        if value is None or isinstance(value, str):
            return False
        above = value >= self.low if self.low_in else value > self.low
        return above and (value <= self.high if self.high_in else value < self.high)

    def words(self, field: Field) -> str:
        if self.low == self.high:
            return f"{self.low:,}"
        low = f"{self.low:,} or more" if self.low_in else f"more than {self.low:,}"
        high = f"{self.high:,} or less" if self.high_in else f"less than {self.high:,}"
        if math.isinf(self.high):
            return low
        if math.isinf(self.low):
            return high
        return f"{self.low:,} to {self.high:,}" if self.low_in and self.high_in else f"{low} and {high}"

    def code(self, name: str) -> str:
        tests = [f"{name} is not None"]
        if self.low == self.high:
            return f"{name} == {self.low!r}"
        if not math.isinf(self.low):
            tests.append(f"{name} {'>=' if self.low_in else '>'} {self.low!r}")
        if not math.isinf(self.high):
            tests.append(f"{name} {'<=' if self.high_in else '<'} {self.high!r}")
        return " and ".join(tests)


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes, or no."""

    value: bool

    def matches(self, value: Value) -> bool:
        return value is self.value

    def words(self, field: Field) -> str:
        return "yes" if self.value else "no"

    def code(self, name: str) -> str:
        return f"{name} is {self.value!r}"


@dataclass(frozen=True, slots=True)
class Contains:
    """The words hold at least one of these keywords or phrases."""

    keywords: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is searched for in the word line."""
        return tuple(pattern(keyword) for keyword in self.keywords)

    def matches(self, value: Value) -> bool:
        return isinstance(value, str) and any(part in value for part in self.patterns)

    def words(self, field: Field) -> str:
        return f"contains {listed(self.keywords, 'or')}"

    def code(self, name: str) -> str:
        return f"{name} is not None and ({' or '.join(f'{part!r} in {name}' for part in self.patterns)})"


Cell = Anything | OneOf | Between | YesNo | Contains
"""One test of one fact."""

ANY = Anything()

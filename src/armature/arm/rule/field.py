"""One fact, or one output of a table: its name, what it can hold, and which step provides it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from armature.arm.interaction import Value
from armature.arm.rule.finding import listed

Type = Literal["choice", "number", "yes_no", "words"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column that rules can test or fill.

    ``values`` are the accepted choices, key to words on a screen; an ``open`` choice accepts any other text too,
    because the company's own data names its values. ``low`` and ``high`` bound a number. An ``optional`` output may be
    empty.
    ``step`` is what provides it: start, where, intent, known, table, incident, or the form of a wait.
    """

    key: str
    label: str
    type: Type
    step: str
    values: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    optional: bool = False
    low: float = -math.inf
    high: float = math.inf

    def accepts(self, value: object) -> bool:
        """Whether a known fact of this kind can have this value (``None``, not known, is not a value)."""
        if self.type == "yes_no":
            return isinstance(value, bool)
        if self.type == "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool) and self.low <= value <= self.high
        if self.type == "words" or self.open:
            return isinstance(value, str) and value != ""
        return isinstance(value, str) and value in self.values

    @property
    def wants(self) -> str:
        """What is accepted, as the end of a sentence that begins with "is not"."""
        if self.type == "yes_no":
            return "yes or no"
        if self.type == "number":
            bounded = math.isfinite(self.low) and math.isfinite(self.high)
            return f"a number from {self.low:g} to {self.high:g}" if bounded else "a number"
        if self.type == "words" or self.open:
            return "a text"
        return f"one of {listed(self.values, 'or', 30)}"

    def say(self, value: Value) -> str:
        """A value in words for a screen."""
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (int, float)):
            return f"{value:,}"
        return self.values.get(value, value.replace("_", " "))


Catalogue = Mapping[str, Field]
"""All fields that rules and arrows of one company can name, by key."""

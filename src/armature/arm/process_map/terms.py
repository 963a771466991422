"""The small texts of a map: conditions on arrows, durations of timers. Parsed here, never evaluated."""

import re
from dataclasses import dataclass

from armature.arm.interaction import Value
from armature.arm.rule.cell import Cell
from armature.arm.rule.cell_text import number, read_cell
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import meant, quoted

_CONDITION = re.compile(r"\s*(\w{1,60})\s*(=|>=|<=|>|<|\bnot in\b|\bin\b)\s*(.{1,500}?)\s*", re.DOTALL)
_FIXED = re.compile(r"\s*(\d{1,9})\s*(minutes?|hours?|days?)?\s*")
_FIELD = re.compile(r"\s*(?:(\d{1,4}(?:\.\d{1,3})?)\s*x\s*)?([a-z]\w{0,59})\s*")
_UNITS = {"minute": 1, "hour": 60, "day": 1440}
LONGEST = 5_256_000
"""Minutes that a wait can be timed to: ten years. Whatever a rule or a map says, a timer fires by then."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` has a value that ``cell`` accepts."""

    field: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Duration:
    """So many minutes, or ``factor`` times the minutes in a field.

    Minutes and hours are business time of the team, days go round the clock.
    """

    minutes: int = 0
    field: str = ""
    factor: float = 1
    round_the_clock: bool = False

    def of(self, facts: dict[str, Value]) -> int | None:
        """The whole minutes for these facts, at most ``LONGEST``; None when the field is not known."""
        if not self.field:
            return min(self.minutes, LONGEST)
        value = facts.get(self.field)
        return None if value is None or isinstance(value, str) else min(max(1, round(value * self.factor)), LONGEST)


def read_condition(text: str, catalogue: Catalogue) -> Condition | str:
    """The condition in ``text``, or what is wrong with it."""
    match = _CONDITION.fullmatch(text)
    if not match:
        return f'{quoted(text)} is not a condition (try "mode = micro" or "mode in micro, executive")'
    key, sign, rest = match.groups()
    if key not in catalogue:
        return f"there is no field called {quoted(key)}{meant(key, catalogue)}"
    field = catalogue[key]
    if field.type == "words":
        return f"{quoted(key)} holds words; only a table can test those"
    if field.type == "number":
        rest = rest if sign in ("=", "in") else f"{sign} {rest}"
    elif sign in (">=", "<=", ">", "<") or (field.type == "yes_no" and sign != "="):
        return f'{quoted(text)}: {key} cannot be compared with {sign} (try "{key} = ...")'
    elif field.type == "choice":
        rest = f"{'none of' if sign == 'not in' else 'one of'} {rest}"
    cell = read_cell(rest, field)
    return f"{key}: {cell}" if isinstance(cell, str) else Condition(key, cell)


def parts(text: str) -> tuple[str, str, list[str]] | None:
    """The fact, the sign and the values that a condition is made of; None when it is none."""
    match = _CONDITION.fullmatch(text)
    return (match[1], match[2], [one.strip() for one in match[3].split(",")]) if match else None


_SAID = {"=": "is", "in": "is one of", "not in": "is none of"}


def condition_words(text: str, catalogue: Catalogue) -> str:
    """A condition with the names of its fact and its values; as it stands when it is none."""
    read = parts(text)
    if read is None or read[0] not in catalogue:
        return text
    field = catalogue[read[0]]
    return f"{field.label} {_SAID.get(read[1], read[1])} {', '.join(field.values.get(one, one) for one in read[2])}"


def read_duration(text: str, catalogue: Catalogue) -> Duration | str:
    """The duration in ``text``, or what is wrong with it."""
    if match := _FIXED.fullmatch(text):
        unit = (match[2] or "minute").rstrip("s")
        minutes = int(match[1]) * _UNITS[unit]
        return Duration(minutes, round_the_clock=unit == "day") if minutes else "a timer needs at least one minute"
    match = _FIELD.fullmatch(text)
    if not match:
        return f'{quoted(text)} is not a duration (try "30 minutes", "14 days", "sla_minutes" or "2 x sla_minutes")'
    if match[2] not in catalogue or catalogue[match[2]].type != "number":
        return f"{quoted(match[2])} is no field that holds a number{meant(match[2], catalogue)}"
    factor = number(match[1] or "1")
    return Duration(field=match[2], factor=factor) if factor else "a timer needs at least one minute"

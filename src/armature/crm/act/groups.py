"""Whether a group of cases fits a condition that is otherwise asked of the database: one condition, two ways to ask.

Knows what the views ask for: a field that equals something, is one of several, or is empty; and, or, not.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from django.db.models import Q


def fields_of(condition: Q) -> set[str]:
    """The fields that a condition asks for."""
    found: set[str] = set()
    for part in _parts(condition):
        found |= fields_of(part) if isinstance(part, Q) else {part[0].partition("__")[0]}
    return found


def _parts(condition: Q) -> Sequence[Q | tuple[str, object]]:
    """Its parts: conditions, or a name with what is wanted of it."""
    return cast("Sequence[Q | tuple[str, object]]", condition.children)


def fits(condition: Q, group: Mapping[str, object]) -> bool:
    """Whether every case of a group fits; a group has one value for each field."""
    parts = (fits(part, group) if isinstance(part, Q) else _one(*part, group) for part in _parts(condition))
    if condition.connector not in (Q.AND, Q.OR):
        raise ValueError(f"a condition of groups knows no {condition.connector}")
    found = all(parts) if condition.connector == Q.AND else any(parts)
    return found != condition.negated


def number_of(condition: Q, fields: Sequence[str], numbers: Mapping[tuple[object, ...], int]) -> int:
    """How many cases fit, of groups that are named by the values of ``fields``."""
    return sum(number for group, number in numbers.items() if fits(condition, dict(zip(fields, group, strict=True))))


def _one(name: str, wanted: object, group: Mapping[str, object]) -> bool:
    field, _, how = name.partition("__")
    here = group[field]
    match how:
        case "" if wanted is None:
            return here is None
        case "":
            return here == getattr(wanted, "pk", wanted)
        case "in" if isinstance(wanted, Sequence):
            return here in wanted
        case "isnull":
            return (here is None) == wanted
    raise ValueError(f"a condition of groups knows no {name}")

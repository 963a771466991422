"""Some cases as Django's own SQL, to be asked about together: how many of each, or which of a few are among them.

To have Django put a view in words takes longer than to run it; so a statement can be kept for as long as it holds.
"""

from collections.abc import Collection, Hashable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from armature.crm import rows
from armature.crm.act.models import Case

MOST = 1000
"""Counts that have to look at the cases themselves stop here: "1000+" says enough."""
Key = TypeVar("Key", bound=Hashable)


class Statement(NamedTuple):
    """What finds some numbers, mostly those of cases; no SQL when there is nothing to look for."""

    sql: str
    values: tuple[Any, ...]


def statement(cases: QuerySet[Case], column: str = "pk") -> Statement:
    """The statement for these cases, or for what they point at."""
    try:
        return Statement(*cases.order_by().values(column).query.sql_with_params())
    except EmptyResultSet:
        return Statement("", ())


def up_to(chosen: Mapping[str, Statement]) -> dict[str, int | str]:
    """How many cases each has, in one query that stops at ``MOST`` of each: beyond that, "1000+"."""
    found = _together(chosen, f"SELECT %s, count(*) FROM ({{}} LIMIT {MOST + 1}) AS found", ())  # noqa: S608
    return dict.fromkeys(chosen, 0) | {key: number if number <= MOST else f"{MOST}+" for key, number in found}


def among(chosen: Mapping[Key, Statement], cases: Collection[int]) -> dict[Key, frozenset[int]]:
    """Which of these few cases each has, in one query."""
    found = _together(chosen, "SELECT %s, array_agg(id) FROM ({}) AS found(id) WHERE id = ANY(%s)", (list(cases),))
    return dict.fromkeys(chosen, frozenset[int]()) | {key: frozenset(numbers or ()) for key, numbers in found}


def _together(chosen: Mapping[Key, Statement], around: str, more: tuple[Any, ...]) -> list[tuple[Key, Any]]:
    """One row for each statement that looks for something, put into the SQL around it."""
    asked = [(key, one) for key, one in chosen.items() if one.sql]
    given = [value for at, (_, one) in enumerate(asked) for value in (at, *one.values, *more)]
    found = rows.fetch(" UNION ALL ".join(around.format(one.sql) for _, one in asked), given) if asked else []
    return [(asked[at][0], what) for at, what in found]

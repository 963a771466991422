"""Figures of a period, out of sums; and the rows behind each, by the same conditions. Both count what a user may see.

Counted is what the user's teams own. What is restricted counts for administrators of its team out of the sums; for
named readers their few rows are looked at one by one.
"""

import functools
import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import sight
from armature.crm.act.listing import Place
from armature.crm.act.models import Reader, Restriction
from armature.crm.learn import ways
from armature.crm.learn.cells import HEARD, HOUR, NO_BUCKET, OVERRIDE, RULE, Thing, cells, minutes_of
from armature.crm.learn.measuring import COLUMNS
from armature.crm.learn.models import Measured, MeasureSum

NOTHING = Q(pk__in=[])
OF_HEARD = (HOUR, RULE, OVERRIDE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, of which days (both included), of which part of the company; with the brought-in past or not."""

    user: User
    since: date
    until: date
    brand: int | None = None
    team: str = ""
    channel: int | None = None
    past: bool = True

    @property
    def days(self) -> list[date]:
        """Each of its days."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]

    @property
    def before(self) -> "Scope":
        """As many days, right before."""
        length = self.until - self.since + timedelta(days=1)
        return replace(self, since=self.since - length, until=self.until - length)

    def part(self) -> dict[str, Any]:
        """Days and part of the company as the columns of sums and rows have them."""
        chosen = {"brand": self.brand, "team": self.team or None, "channel": self.channel}
        found = {name: value for name, value in chosen.items() if value is not None}
        return {"day__range": (self.since, self.until), **found, **({} if self.past else {"past": False})}


def _one_of(ways: Sequence[Q]) -> Q:
    return functools.reduce(operator.or_, ways, NOTHING)


OPEN_TO_TEAMS = Q(restricted=False)


def _by_team(user: User, open_to_teams: Q = OPEN_TO_TEAMS) -> Q:
    """What counts by the teams of a user: all they own that is not restricted; as administrator that too."""
    rights = rights_of(user)
    administered = _one_of(rights.only(Role.ADMIN).ways("team", "brand_id"))
    return (_one_of(rights.ways("team", "brand_id")) & open_to_teams) | administered


def _named(user: User) -> Q:
    """What is restricted and theirs to see by name alone."""
    if not sight.of(user).named or not user.is_active:
        return NOTHING
    named = Reader.objects.filter(user=user).values("restriction__conversation")
    administered = _one_of(rights_of(user).only(Role.ADMIN).ways("team", "brand_id"))
    return Q(restricted=True, conversation__in=named) & ~administered


def tally(scope: Scope, kind: str, *by: str) -> Counter[tuple[Any, ...]]:
    """How many of one kind, by some columns of the sums."""
    asked = MeasureSum.objects.filter(_by_team(scope.user), kind=kind, **scope.part()).order_by()
    found: Counter[tuple[Any, ...]] = Counter()
    for *group, number in asked.values_list(*by).annotate(n=Sum("number")) if by else _all(asked):
        found[tuple(group)] += number
    if (named := _named(scope.user)) is not NOTHING:
        for row in Measured.objects.filter(named, kind=_kind_of(kind), **scope.part()).values_list(*COLUMNS):
            found.update(tuple(getattr(cell, one) for one in by) for cell in cells(Thing(*row)) if cell.kind == kind)
    return found


def _all(asked: QuerySet[MeasureSum]) -> list[tuple[int]]:
    total = asked.aggregate(n=Sum("number"))["n"]
    return [(total,)] if total else []


def _kind_of(kind: str) -> str:
    """The kind of the rows behind a kind of sums."""
    return HEARD if kind in OF_HEARD else kind.removesuffix("_open").removeprefix("rule_")


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long something took, from so many of each bucket; nothing where nothing was."""

    buckets: Mapping[int, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many were measured."""
        return sum(self.buckets.values())

    def quantile(self, share: float) -> float | None:
        """Minutes within which that share was done: at most half a minute off up to 20 minutes, 2.5 % beyond."""
        left = share * self.number
        for bucket, number in sorted(self.buckets.items()):
            left -= number
            if left <= 0 and number:
                return minutes_of(bucket)
        return None

    @property
    def median(self) -> float | None:
        """Half of them took no longer."""
        return self.quantile(0.5)

    @property
    def p90(self) -> float | None:
        """Nine in ten took no longer."""
        return self.quantile(0.9)


def lengths(scope: Scope, kind: str, by: str = "") -> dict[Any, Lengths]:
    """Lengths of time of one kind by a column; all together under None without one."""
    found: dict[Any, Counter[int]] = {}
    for group, number in tally(scope, kind, *([by] if by else []), "bucket").items():
        if group[-1] != NO_BUCKET:
            found.setdefault(group[0] if by else None, Counter())[group[-1]] += number
    return {key: Lengths(buckets) for key, buckets in found.items()}


@dataclass(frozen=True, slots=True)
class Narrow:
    """One number of a figure, as what its rows have in common."""

    values: Mapping[str, str] = field(default_factory=dict)

    def condition(self) -> Q:
        """The rows that it counts."""
        found = Q()
        for name, value in self.values.items():
            found &= _narrowed(name, value)
        return found & ways.behind(self.values) if "map" in self.values else found


NUMBERS = ("channel", "brand", "hour", "weekday")
WORDS = ("team", "intent", "label", "more")
ON_MAP = ("map", "version", "step", "then", "hand")
"""Of a number on the map: which map, which step, the arrow to which step; `ways` knows what they mean."""
KEYS = (*NUMBERS, *WORDS, *ON_MAP, "on", "rule", "overridden", "how", "late")


def narrow(given: Mapping[str, str]) -> Narrow:
    """What an address asks for; what makes no sense is left out. A prefix tells it from the part of the company."""
    asked = {name: given[f"n_{name}"] for name in KEYS if f"n_{name}" in given}
    return Narrow({name: value for name, value in asked.items() if _makes_sense(name, value)})


def _makes_sense(name: str, value: str) -> bool:
    if name in NUMBERS:
        return value.isdecimal() and value.isascii() and len(value) < 10
    if name == "on":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return len(value) <= 80 and "\x00" not in value


def _narrowed(name: str, value: str) -> Q:
    match name:
        case "on":
            return Q(day=date.fromisoformat(value))
        case "rule":
            return Q(rules__contains=[value])
        case "overridden":
            return Q(overridden=True)
        case "weekday":
            return Q(day__iso_week_day=int(value))
        case "channel" | "brand" | "hour":
            return Q(**{name: int(value)})
        case "how":
            return Q(more__in=[value, f"{value}{ways.LATE}"])
        case "late":
            return Q(more__endswith=ways.LATE)
        case "team" | "intent" | "label" | "more":
            return Q(**{name: value})
    return Q()


PAGE = 50
MOST_ROWS = 10_000
"""So many rows are taken away at most, the latest ones."""


def behind(scope: Scope, kind: str, narrowed: Narrow) -> QuerySet[Measured]:
    """The rows that a number counts, latest first. What was restricted a moment ago is not among them already."""
    open_now = OPEN_TO_TEAMS & ~Q(conversation__in=Restriction.objects.values("conversation"))
    seen = _by_team(scope.user, open_now if sight.of(scope.user).any else OPEN_TO_TEAMS) | _named(scope.user)
    found = Measured.objects.filter(seen, narrowed.condition(), kind=_kind_of(kind), **scope.part())
    return found.order_by("-day", "-at", "-id")


def page(rows: QuerySet[Measured], after: Place | None, most: int = PAGE) -> list[Measured]:
    """Some of them and one more, behind a place."""
    if after:
        rows = rows.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.number))
    return list(rows.select_related("identity", "channel")[: most + 1])

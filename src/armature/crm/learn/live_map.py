"""What went along a map in some days: how often each step and arrow was passed, how long work stayed, what waits now.

Counted are ways and stays out of their sums (`ways` says what they are). An arrow that leaves a waiting step counts the
stays that ended along it, because the way behind a wait begins behind that arrow.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from armature.arm.process_map import Plan
from armature.crm.accounts.models import User
from armature.crm.act import queries as cases
from armature.crm.act.filters import Filters
from armature.crm.act.models import Case
from armature.crm.decide.models import Wait
from armature.crm.learn import ways
from armature.crm.learn.cells import NO_BUCKET, OPEN, STAY, WAY
from armature.crm.learn.figures import Lengths, Scope, tally


@dataclass(frozen=True, slots=True)
class Stay:
    """How long work stayed at one step: round the clock, in business hours; how it ended, how many too late."""

    whole: Lengths = field(default_factory=Lengths)
    opened: Lengths = field(default_factory=Lengths)
    how: Mapping[str, int] = field(default_factory=dict)
    late: int = 0


@dataclass(frozen=True, slots=True)
class Now:
    """What waits at one step now: how many, since when the oldest, how many whose time is over."""

    number: int
    oldest: datetime
    late: int


@dataclass(slots=True)
class Traffic:
    """Everything that a map shows of a period; ``by_hand`` are ends beside the arrows."""

    passed: Counter[str] = field(default_factory=Counter)
    along: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_hand: Counter[str] = field(default_factory=Counter)
    stays: dict[str, Stay] = field(default_factory=dict)
    now: dict[str, Now] = field(default_factory=dict)

    @property
    def slowest(self) -> str:
        """The step at which people's work stayed longest, by the median; empty where none stayed."""
        found = {key: stay.whole.median or 0 for key, stay in self.stays.items() if stay.how.get("person")}
        return max(sorted(found), key=lambda key: found[key], default="")


def traffic(scope: Scope, maps: Mapping[int, int], plan: Plan, intent: str = "") -> Traffic:
    """What went along these versions of a map; ``plan`` says which of its steps wait."""
    found, known = Traffic(), ways.paths(maps)
    for (label, more, read), number in tally(scope, WAY, "label", "more", "intent").items():
        elements = known.get(label, ())
        if not elements or (intent and read != intent):
            continue
        if ways.is_by_hand(elements, more, plan):
            found.by_hand[elements[0]] += number
        else:
            found.passed.update(dict.fromkeys(elements, number))
            found.along.update(dict.fromkeys(pairwise(elements), number))
    _add_stays(found, scope, maps, plan, intent)
    found.now = waiting(scope, maps, intent)
    return found


Steps = Mapping[str, Mapping[tuple[str, int], int]]
"""How many stays of each way to end and each length, by step."""


def _add_stays(found: Traffic, scope: Scope, maps: Mapping[int, int], plan: Plan, intent: str) -> None:
    whole, opened = (_by_step(scope, kind, maps, intent) for kind in (STAY, OPEN[STAY]))
    for step, stays in whole.items():
        how: Counter[str] = Counter()
        for (more, _bucket), number in stays.items():
            how[more] += number
        late = sum(number for more, number in how.items() if more.endswith(ways.LATE))
        ended: Counter[str] = Counter()
        for more, number in how.items():
            ended[more.removesuffix(ways.LATE)] += number
        found.stays[step] = Stay(_lengths(stays), _lengths(opened.get(step, {})), ended, late)
        node = plan.nodes.get(step)
        if node is not None and node.to and (along := sum(ended[one] for one in ways.ALONG)):
            found.along[step, node.to] += along


def _by_step(scope: Scope, kind: str, maps: Mapping[int, int], intent: str) -> Steps:
    wanted = set(map(str, maps))
    found: dict[str, Counter[tuple[str, int]]] = {}
    for (label, more, read, bucket), number in tally(scope, kind, "label", "more", "intent", "bucket").items():
        version, _, step = label.partition(":")
        if version in wanted and bucket != NO_BUCKET and (not intent or read == intent):
            found.setdefault(step, Counter())[more, bucket] += number
    return found


def _lengths(stays: Mapping[tuple[str, int], int]) -> Lengths:
    buckets: Counter[int] = Counter()
    for (_more, bucket), number in stays.items():
        buckets[bucket] += number
    return Lengths(buckets)


def waiting(scope: Scope, maps: Mapping[int, int], intent: str = "") -> dict[str, Now]:
    """What waits now at each step, in cases that the user may see; one query."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    waits = open_waits(scope, maps, intent).order_by().values_list("element")
    return {key: Now(*more) for key, *more in waits.annotate(n=Count("pk"), since=Min("opened_at"), late=late)}


def open_waits(scope: Scope, maps: Mapping[int, int], intent: str = "") -> QuerySet[Wait]:
    """The waits behind those numbers, the oldest first."""
    part = {"brand": scope.brand, "team": scope.team, "channel": scope.channel, "intent": intent}
    chosen = Filters({name: str(value) for name, value in part.items() if value})
    seen = cases.cases_for(scope.user).select_related(None).filter(chosen.condition(scope.user)).order_by()
    theirs = seen.filter(conversation=OuterRef("conversation"), identity=OuterRef("identity"), settled=False)
    return Wait.objects.filter(Exists(theirs), state="open", map__in=list(maps)).order_by("opened_at", "id")


def cases_of(user: User, waits: Iterable[Wait]) -> dict[tuple[int, int], Case]:
    """The live case of each of these waits, by conversation and identity; one query."""
    wanted = {wait.conversation_id for wait in waits}
    seen = cases.cases_for(user).filter(conversation__in=wanted, settled=False)
    return {(case.conversation_id, case.identity_id): case for case in seen}

"""What waits for us at this moment, as far as a user may see it: counts of the very cases that the lists show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.filters import CLOCKS, Filters
from armature.crm.act.models import Case, Response

OPEN = Q(status__in=["new", "open"])
"""What it is our turn in: the list "All open"."""
LONG = timedelta(days=1)
IN_DOUBT = Q(form="delivery") & ~queries.to_post()
"""The list "Outcome unknown"."""


class Waiting(NamedTuple):
    """Open cases of a team at one step: how many, since when the oldest, how many for more than a day."""

    team: str
    form: str
    number: int
    oldest: datetime
    long: int


def _open(user: User, chosen: Filters) -> QuerySet[Case]:
    return queries.cases_for(user).select_related(None).filter(OPEN & chosen.condition(user)).order_by()


def waiting(user: User, chosen: Filters) -> list[Waiting]:
    """What is open by team and step, the longest waiting first."""
    long = Count("pk", filter=Q(last_in_at__lt=timezone.now() - LONG))
    found = _open(user, chosen).values_list("team", "form").annotate(n=Count("pk"), since=Min("last_in_at"), long=long)
    return sorted((Waiting(*one) for one in found), key=lambda one: one.oldest)


class Due(NamedTuple):
    """Open cases of a team that are overdue, due within the hour, and due today; each holds those before it."""

    team: str
    late: int
    hour: int
    today: int


def due(user: User, chosen: Filters) -> list[Due]:
    """What is due, by team; of open cases."""
    until = {when: Filters({"due": when}).condition(user) for when in ("late", "hour")}
    soon = _open(user, Filters({**chosen.values, "due": "today"})).values_list("team")
    found = soon.annotate(
        late=Count("pk", filter=until["late"]), hour=Count("pk", filter=until["hour"]), today=Count("pk")
    )
    return sorted((Due(*one) for one in found), key=lambda one: (-one.late, -one.today, one.team))


def clocks(user: User, chosen: Filters) -> dict[tuple[str, str], dict[str, int]]:
    """How many open cases have a promise that runs out, by promise and team, then by when."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in CLOCKS:  # six: three promises, two times
        name, _, when = one.partition("-")
        cases = _open(user, Filters({**chosen.values, "clock": one})).values_list("team")
        for team, number in cases.annotate(n=Count("pk")):
            found.setdefault((name, team), {})[when] = number
    return found


class ToApprove(NamedTuple):
    """Responses of a team that wait for approval, and since when the oldest."""

    team: str
    number: int
    oldest: datetime | None


def to_approve(user: User, chosen: Filters) -> list[ToApprove]:
    """Open cases whose response waits for somebody's approval, by team."""
    written = Min("responses__written_at", filter=Q(responses__state=Response.State.APPROVAL))
    cases = _open(user, Filters({**chosen.values, "form": "approval"}))
    found = cases.values_list("team").annotate(n=Count("pk", distinct=True), since=written)
    return sorted((ToApprove(*one) for one in found), key=lambda one: (one.oldest is None, one.oldest))


def in_doubt(user: User, chosen: Filters) -> dict[int, int]:
    """Cases with a response of which nobody knows whether it went out, by channel."""
    cases = queries.cases_for(user).select_related(None).filter(chosen.condition(user), IN_DOUBT).order_by()
    return dict(cases.values_list("conversation__channel").annotate(n=Count("pk")))


def oldest(found: Iterable[Waiting]) -> datetime | None:
    """Since when the oldest of all waits."""
    return min((one.oldest for one in found), default=None)

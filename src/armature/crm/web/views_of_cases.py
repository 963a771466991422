"""The views of the desk: which cases each shows, in which order, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case

PAGE = 50
MOST = 500
"""A list that is looked at again shows at most so many of its cases at once."""
AT_WORK = ["new", "open", "pending"]


class NoSuchPlace(ValueError):
    """The place to go on from is no place in a list."""


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name on the screen, its group in the rail, its condition, what an empty one means.

    A view that grows for ever is not ``counted``: every page would pay for it.
    """

    key: str
    label: str
    group: str
    condition: Callable[[User], Q]
    empty: str
    urgent: bool = False
    counted: bool = True


VIEWS = {
    view.key: view
    for view in (
        View("mine", "My cases", "Mine", lambda user: Q(assignee=user, status__in=AT_WORK),
             "You have taken no case. Unassigned shows what waits for somebody."),
        View("unassigned", "Unassigned", "Team", lambda user: Q(assignee=None, status__in=["new", "open"]),
             "Everything that waits has somebody who takes care of it."),
        View("intent", "Intent to confirm", "Team", lambda user: Q(form="intent"),
             "No intent waits to be judged."),
        View("approve", "To approve", "Team", queries.to_approve, "No response waits for your approval."),
        View("unknown", "Outcome unknown", "Team", lambda user: Q(form="delivery"),
             "Of every response it is known whether it went out.", urgent=True),
        View("open", "All open", "Company", lambda user: Q(status__in=["new", "open"]),
             "Nothing is open. That is the best thing this page can say."),
        View("pending", "Waiting for them", "Company", lambda user: Q(status="pending"),
             "Nobody owes us an answer."),
        View("done", "Done", "Company", lambda user: Q(status__in=["resolved", "no_response"]),
             "Nothing is done yet.", counted=False),
    )
}  # fmt: skip


def listed(user: User, view: View) -> QuerySet[Case]:
    """The cases of a view that this user may see, waiting longest first (done ones: latest first)."""
    cases = queries.cases_for(user).filter(view.condition(user))
    return cases.order_by("-last_in_at", "-id") if view.key == "done" else cases.order_by("last_in_at", "id")


def counts(user: User) -> dict[str, int]:
    """How many cases stand in each view that is counted, in one query over what is at work."""
    wanted = {view.key: Count("pk", filter=view.condition(user)) for view in VIEWS.values() if view.counted}
    return queries.cases_for(user).filter(status__in=AT_WORK).order_by().aggregate(**wanted)


def page(cases: QuerySet[Case], after: str, size: int = PAGE) -> list[Case]:
    """One page and one more, behind the case whose place ``after`` names: nothing skipped, nothing shown twice."""
    if after:
        at, last = _place(after)
        latest_first = cases.query.order_by[0] == "-last_in_at"
        beyond = Q(last_in_at__lt=at) | Q(last_in_at=at, pk__lt=last)
        cases = cases.filter(beyond if latest_first else Q(last_in_at__gt=at) | Q(last_in_at=at, pk__gt=last))
    return list(cases[: size + 1])


def place_of(case: Case) -> str:
    """Where a case stands in its list, as ``page`` takes it: microseconds since 1970 and its number."""
    since = case.last_in_at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{(since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds}_{case.pk}"


def _place(after: str) -> tuple[datetime, int]:
    moment, _, number = after.partition("_")
    if not (moment.isdecimal() and number.isdecimal() and len(after) < 40):
        raise NoSuchPlace(after)
    seconds, micro = divmod(int(moment), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), min(int(number), 2**63 - 1)
    except (OverflowError, ValueError) as problem:
        raise NoSuchPlace(after) from problem


def rail(numbers: dict[str, int]) -> dict[str, list[tuple[View, int | None]]]:
    """The views by group, each with its count."""
    groups: dict[str, list[tuple[View, int | None]]] = {}
    for view in VIEWS.values():
        groups.setdefault(view.group, []).append((view, numbers.get(view.key)))
    return groups

"""The views of the desk: which cases each shows, in which order, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case

PAGE = 50


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name on the screen, its group in the rail, its condition, what an empty one means."""

    key: str
    label: str
    group: str
    condition: Callable[[User], Q]
    empty: str
    urgent: bool = False


VIEWS = {
    view.key: view
    for view in (
        View("mine", "My cases", "Mine", lambda user: Q(assignee=user, status__in=["new", "open", "pending"]),
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
             "Nothing is done yet."),
    )
}  # fmt: skip


def listed(user: User, view: View) -> QuerySet[Case]:
    """The cases of a view that this user may see, waiting longest first (done ones: latest first)."""
    cases = queries.cases_for(user).filter(view.condition(user))
    return cases.order_by("-last_in_at", "-id") if view.key == "done" else cases.order_by("last_in_at", "id")


def counts(user: User) -> dict[str, int]:
    """How many cases stand in each view, in one query."""
    wanted = {view.key: Count("pk", filter=view.condition(user), distinct=True) for view in VIEWS.values()}
    return queries.cases_for(user).order_by().aggregate(**wanted)


def page(cases: QuerySet[Case], after: str) -> list[Case]:
    """One page and one more, behind the case whose key ``after`` names: no page number, nothing skipped or shown twice."""
    if after:
        moment, _, number = after.partition("_")
        at, last = datetime.fromtimestamp(float(moment), UTC), int(number)
        latest_first = cases.query.order_by[0].startswith("-")
        beyond = Q(last_in_at__lt=at) | Q(last_in_at=at, pk__lt=last)
        cases = cases.filter(beyond if latest_first else Q(last_in_at__gt=at) | Q(last_in_at=at, pk__gt=last))
    return list(cases.distinct()[: PAGE + 1])


def rail(numbers: dict[str, int]) -> dict[str, list[tuple[View, int]]]:
    """The views by group, each with its count."""
    groups: dict[str, list[tuple[View, int]]] = {}
    for view in VIEWS.values():
        groups.setdefault(view.group, []).append((view, numbers[view.key]))
    return groups

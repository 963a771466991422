"""The views of the desk: which cases each shows, in which order, in words."""

from collections.abc import Callable
from dataclasses import dataclass

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

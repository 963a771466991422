"""The views of the desk: which cases each shows, in which order, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.filters import Filters, read
from armature.crm.act.models import AT_WORK, ENDED, Case, SavedView

PAGE = 50
MOST = 500
"""A list that is looked at again shows at most so many of its cases at once."""
NOTHING = Filters()
IN_HAND = ["new", "open", "pending"]


class NoSuchPlace(ValueError):
    """The place to go on from is no place in a list."""


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name on the screen, its group in the rail, its condition, what an empty one means.

    A view that grows for ever is not ``counted``: every page would pay for it. One that stands ``apart`` shows ended
    cases too and is counted on its own.
    """

    key: str
    label: str | Promise
    group: str | Promise
    condition: Callable[[User], Q]
    empty: str | Promise
    urgent: bool = False
    apart: bool = False
    counted: bool = True


VIEWS = {
    view.key: view
    for view in (
        View("mine", _("My cases"), _("Mine"), lambda user: Q(assignee=user, status__in=IN_HAND),
             _("You have taken no case. Unassigned shows what waits for somebody.")),
        View("mentions", _("Mentions"), _("Mine"), queries.mentioned_in,
             _("Nobody asks for you in a note."), apart=True),
        View("unassigned", _("Unassigned"), _("Team"), lambda user: Q(assignee=None, status__in=["new", "open"]),
             _("Everything that waits has somebody who takes care of it.")),
        View("intent", _("Intent to confirm"), _("Team"), lambda user: Q(form="intent") & ~Q(status="snoozed"),
             _("No intent waits to be judged.")),
        View("approve", _("To approve"), _("Team"), queries.to_approve, _("No response waits for your approval.")),
        View("unknown", _("Outcome unknown"), _("Team"), lambda user: Q(form="delivery"),
             _("Of every response it is known whether it went out."), urgent=True),
        View("sample", _("To look over"), _("Team"), lambda user: queries.sampled(),
             _("Nothing that the machine decided alone waits to be looked over."), apart=True),
        View("open", _("All open"), _("Company"), lambda user: Q(status__in=["new", "open"]),
             _("Nothing is open. That is the best thing this page can say.")),
        View("pending", _("Waiting for them"), _("Company"), lambda user: Q(status="pending"),
             _("Nobody owes us an answer.")),
        View("snoozed", _("Snoozed"), _("Company"), lambda user: Q(status="snoozed"), _("Nothing is put aside.")),
        View("done", _("Done"), _("Company"), lambda user: Q(status__in=ENDED, merged_into=None),
             _("Nothing is done yet."), counted=False),
    )
}  # fmt: skip


def listed(user: User, view: View, filters: Filters = NOTHING) -> QuerySet[Case]:
    """The cases of a view that this user may see, waiting longest first (done ones: latest first)."""
    cases = queries.cases_for(user).filter(view.condition(user) & filters.condition(user))
    return cases.order_by("-last_in_at", "-id") if view.key == "done" else cases.order_by("last_in_at", "id")


def counts(user: User, saved: Sequence[SavedView] = ()) -> dict[str, int]:
    """How many cases stand in each view that is counted: one query over what is at work, one for each apart from it.

    Views that people saved are counted in the same query, as ``saved_`` and their number.
    """
    at_work = [view for view in VIEWS.values() if view.counted and not view.apart]
    wanted = {view.key: Count("pk", filter=view.condition(user)) for view in at_work}
    for kept in saved:
        base = VIEWS.get(kept.view)
        if base in at_work:
            condition = base.condition(user) & read(kept.filters).condition(user)
            wanted[f"saved_{kept.pk}"] = Count("pk", filter=condition)
    numbers = queries.cases_for(user).filter(status__in=AT_WORK).order_by().aggregate(**wanted)
    apart = [view for view in VIEWS.values() if view.counted and view.apart]
    return numbers | {view.key: listed(user, view).order_by().count() for view in apart}


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
        groups.setdefault(str(view.group), []).append((view, numbers.get(view.key)))
    return groups

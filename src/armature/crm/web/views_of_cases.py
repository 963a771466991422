"""The views of the desk: which cases each shows, in which order, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.access import Rights, rights_of
from armature.crm.accounts.models import User
from armature.crm.act import asked, queries, sight, waiting
from armature.crm.act import counts as case_counts
from armature.crm.act.filters import Filters, read
from armature.crm.act.listing import Place, place_in
from armature.crm.act.models import ENDED, Case, SavedView
from armature.crm.act.sight import Sight

PAGE = 50
MOST = 500
"""A list that is looked at again shows at most so many of its cases at once."""
NOTHING = Filters()
IN_GROUPS = {"status", "team", "form", "assignee"}
"""What can be filtered by without looking at the cases themselves."""
Counts = dict[str, int | str]
IN_HAND = ["new", "open", "pending"]


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name on the screen, its group in the rail, its condition, what an empty one means.

    A view that grows for ever is not ``counted``. One that stands ``apart`` asks for more than the kept counts know.
    A ``quiet`` one is left out of the rail while it is empty.
    """

    key: str
    label: str | Promise
    group: str | Promise
    condition: Callable[[User], Q]
    empty: str | Promise
    urgent: bool = False
    apart: bool = False
    counted: bool = True
    quiet: bool = False

    @property
    def order(self) -> tuple[str, str]:
        """Waiting longest first; what is done, latest first."""
        return ("-last_in_at", "-id") if self.key == "done" else ("last_in_at", "id")

    @property
    def seen_through(self) -> tuple[str, ...]:
        """The fields through which teams see its cases: of what is done it is nobody's turn."""
        return ("team",) if self.key == "done" else queries.TEAMS

    def behind(self, place: Place) -> Q:
        """What stands behind a place in it."""
        last, at = place
        if self.key == "done":
            return Q(last_in_at__lte=at) & (Q(last_in_at__lt=at) | Q(pk__lt=last))
        return Q(last_in_at__gte=at) & (Q(last_in_at__gt=at) | Q(pk__gt=last))


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
        View("approve", _("To approve"), _("Team"), queries.to_approve, _("No response waits for your approval."),
             apart=True),
        View("post", _("To be posted"), _("Team"), lambda user: queries.to_post(),
             _("No letter waits to be printed and posted."), apart=True, quiet=True),
        View("unknown", _("Outcome unknown"), _("Team"), lambda user: waiting.IN_DOUBT,
             _("Of every response it is known whether it went out."), urgent=True, apart=True),
        View("sample", _("To look over"), _("Team"), lambda user: queries.sampled(),
             _("Nothing that the machine decided alone waits to be looked over."), apart=True),
        View("open", _("All open"), _("Company"), lambda user: waiting.OPEN,
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
    return queries.cases_for(user).filter(view.condition(user) & filters.condition(user)).order_by(*view.order)


def counts(user: User, saved: Sequence[SavedView] = ()) -> Counts:
    """How many cases stand in each view that is counted, exactly, and in each saved one, as ``saved_`` and its number.

    A saved view whose filters the kept counts do not know is counted on the spot, up to ``asked.MOST``.
    """
    in_groups = {view.key: view.condition(user) for view in VIEWS.values() if view.counted and not view.apart}
    apart = {key: statement(user, view, NOTHING) for key, view in VIEWS.items() if view.counted and view.apart}
    for kept in (one for one in saved if one.view in VIEWS):
        view, filters = VIEWS[kept.view], read(kept.filters)
        if not view.apart and filters.values.keys() <= IN_GROUPS:
            in_groups[f"saved_{kept.pk}"] = view.condition(user) & filters.condition(user)
        else:
            apart[f"saved_{kept.pk}"] = statement(user, view, filters)
    return {**case_counts.of_groups(user, in_groups), **asked.up_to(apart)}


@lru_cache(maxsize=1000)
def _statement(user: User, rights: Rights, closed: Sight, key: str) -> asked.Statement:
    """The cases of a view, which hang on nothing else."""
    return asked.statement(listed(user, VIEWS[key]))


def statement(user: User, view: View, filters: Filters) -> asked.Statement:
    """The cases of a list, to be asked about together with those of others."""
    if filters.values:
        return asked.statement(listed(user, view, filters))
    return _statement(user, rights_of(user), sight.of(user), view.key)


def page(user: User, view: View, filters: Filters, after: str, size: int = PAGE) -> list[Place]:
    """One page and one more, behind the place that ``after`` names: nothing skipped, nothing shown twice.

    Each way in which the user may see a case gives its own first page from its own index; these are few, and merged.
    """
    fits = view.condition(user) & filters.condition(user) & (view.behind(place_in(after)) if after else Q())
    firsts = [
        Case.objects.filter(way & fits).order_by(*view.order).values_list("id", "last_in_at")[: size + 1]
        for way in queries.ways_to_see(user, view.seen_through)
    ]
    if not firsts:
        return []
    found = firsts[0] if len(firsts) == 1 else firsts[0].union(*firsts[1:]).order_by(*view.order)[: size + 1]
    return [Place(*one) for one in found]


def rail(numbers: Counts) -> dict[str, list[tuple[View, int | str | None]]]:
    """The views by group, each with its count."""
    groups: dict[str, list[tuple[View, int | str | None]]] = {}
    for view in VIEWS.values():
        groups.setdefault(str(view.group), []).append((view, numbers.get(view.key)))
    return groups

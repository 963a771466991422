"""The row of deeds over a case: what can be done with it now, by this user, and with which choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.access import RANK
from armature.crm.accounts.models import Presence, Role, Team, User
from armature.crm.act import case_fields, incident_sight, marking, presence, queries
from armature.crm.act.glance import Glance
from armature.crm.act.models import Case, CaseField, CaseLink, Incident, Mention, Sample, Tag
from armature.crm.web import snooze_times

PRIORITIES = (
    (1, gettext_lazy("1, first of all")), (2, gettext_lazy("2, high")), (3, gettext_lazy("3, ordinary")),
    (4, gettext_lazy("4, low")), (5, gettext_lazy("5, last")),
)  # fmt: skip
ENDS = (
    ("resolved", gettext_lazy("Resolved")), ("closed", gettext_lazy("Closed without a solution")),
    ("no_response", gettext_lazy("No response needed")), ("spam", gettext_lazy("Spam")),
)  # fmt: skip
MENUS = {
    "assign": "assign", "put_back": "assign", "hand_over": "assign", "snooze": "snooze", "tag": "tag", "end": "end",
    "prioritise": "more", "split": "more",
    "incident": "more",
}  # fmt: skip
"""The menu that each deed stands in."""
MOST = 200
"""So many names at most stand in a list to choose from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that ending asks for: what was typed, and what is wrong with it."""

    field: CaseField
    value: str
    problem: str


def context(user: User, case: Case, there: Glance) -> dict[str, Any]:
    """What the row of deeds and the lines under it need, in a fixed number of queries."""
    role = queries.role_in(user, case)
    rank = RANK.get(role, -1)
    colleagues = sorted(queries.colleagues_of(case).select_related("stand_in")[:MOST], key=_here_first)
    fields = case_fields.fields_of(case) if there.asked_fields else []
    return {
        "may_work": rank >= RANK[Role.AGENT], "may_touch": bool(role), "colleagues": colleagues, "people": colleagues,
        "may_put_back": case.assignee_id == user.pk or rank >= RANK[Role.LEAD],
        "teams": list(Team.objects.order_by("name")[:MOST]),
        "snoozes": snooze_times.choices(), "priorities": PRIORITIES, "ends": ENDS,
        "tags": marking.tags_of([case.pk]).get(case.pk, []) if there.tagged else [],
        "all_tags": list(Tag.objects.order_by("name")[:MOST]),
        "follows": there.followed,
        "links": links(user, case) if there.linked or case.follows_id else [],
        "incidents": incident_sight.of_case(user, case) if there.joined else [],
        "open_incidents": _open_incidents(user, case) if there.incidents else [],
        "mention": _mention(user, case) if there.mentioned else None,
        "sample": _sample(case) if there.sampled else None,
        "asked": to_fill([f for f in fields if f.at_end and case.fields.get(f.key) in (None, "")], {}, {}),
        "held_fields": case_fields.shown(case, fields),
        "present": [one for one in presence.others(user) if one.case == case.pk] if there.presence else [],
    }  # fmt: skip


def _open_incidents(user: User, case: Case) -> list[Incident]:
    brand = case.conversation.channel.brand_id
    return list(incident_sight.open_for(user).filter(brand=brand).exclude(joined__case=case)[:MOST])


def _mention(user: User, case: Case) -> Mention | None:
    return Mention.objects.filter(case=case, user=user, done_at=None).select_related("note__author").first()


def _sample(case: Case) -> Sample | None:
    return Sample.objects.filter(case=case, checked_at=None).select_related("judgement").first()


def _here_first(user: User) -> int:
    return Presence.values.index(user.presence())


def to_fill(fields: Sequence[CaseField], given: Mapping[str, str], problems: Mapping[str, str]) -> list[Asked]:
    """These fields for the form, with what was given before."""
    return [Asked(field, given.get(f"field-{field.key}", ""), problems.get(field.key, "")) for field in fields]


def refused(request: HttpRequest, case: Case, what: str, why: Exception) -> dict[str, Any]:
    """A deed of the row was refused: its menu stays open, with what was given and what is wrong with it."""
    found: dict[str, Any] = {"open_menu": MENUS.get(what, "")}
    if what == "end":
        problems = why.problems if isinstance(why, case_fields.Missing) else {}
        fields = [f for f in case_fields.fields_of(case) if f.at_end and case.fields.get(f.key) in (None, "")]
        found |= {"asked": to_fill(fields, request.POST, problems), "end_how": request.POST.get("how", "")}
    return found


@dataclass(frozen=True, slots=True)
class Trace:
    """One line about where a case came from or went: words, the other case, and the link if it can be undone."""

    words: str
    number: int
    undo: int = 0


def links(user: User, case: Case) -> list[Trace]:
    """Merges, splits and the case before, seen from this side; only those whose other side the user may see."""
    found = CaseLink.objects.filter(Q(earlier=case) | Q(later=case), undone_at=None).order_by("id")[:20]
    traces = [_trace(case, link) for link in found]
    if case.follows_id:
        traces.insert(0, Trace(_("Follows"), case.follows_id))
    visible = set(queries.cases_for(user).filter(pk__in=[one.number for one in traces]).values_list("pk", flat=True))
    return [one for one in traces if one.number in visible]


def _trace(case: Case, link: CaseLink) -> Trace:
    if link.kind == CaseLink.Kind.MERGED:
        return (
            Trace(_("Merged in:"), link.earlier_id, link.pk)
            if link.later_id == case.pk
            else Trace(_("Merged into"), link.later_id)
        )
    split_from = link.later_id == case.pk
    return Trace(_("Split off from"), link.earlier_id) if split_from else Trace(_("Split off:"), link.later_id)

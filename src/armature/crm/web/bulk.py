"""Bulk work on the screen: what can be done to the chosen cases, then one page that says how far it is."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act import bulk, incident_sight, queries
from armature.crm.act.filters import Filters, read
from armature.crm.act.models import BulkItem, BulkJob, Case, Tag
from armature.crm.act.work import Refused
from armature.crm.web import filters, snooze_times
from armature.crm.web.bar import ENDS, MOST, PRIORITIES
from armature.crm.web.desk_parts import user_of, view_or_404
from armature.crm.web.local_time import in_company_time
from armature.crm.web.views_of_cases import View, listed

DEEDS = {
    "assign": gettext_lazy("Assign"), "tag": gettext_lazy("Tag"), "priority": gettext_lazy("Priority"),
    "snooze": gettext_lazy("Snooze"), "end": gettext_lazy("End"),
    "incident": gettext_lazy("Part of an incident"),
}  # fmt: skip
VALUES = ("to", "tag", "priority", "how", "reason", "incident", "title")
SHOWN = 200
"""So many refusals are listed one by one; the others are counted."""


@require_safe
@in_company_time
def choices(request: HttpRequest, view: str) -> HttpResponse:
    """What can be done, and to exactly how many when all that match are meant."""
    return render(request, "web/_bulk_choices.html", _choices(user_of(request), view_or_404(view), filters.of(request)))


def _choices(user: User, view: View, chosen: Filters) -> dict[str, Any]:
    return {
        "view": view, "query": filters.query(chosen), "chosen": chosen.values,
        "matching": listed(user, view, chosen).order_by().count(),
        "colleagues": User.objects.filter(is_active=True).order_by("name")[:MOST],
        "all_tags": Tag.objects.order_by("name")[:MOST], "priorities": PRIORITIES, "ends": ENDS,
        "snoozes": snooze_times.choices(), "incidents": incident_sight.open_for(user)[:MOST],
    }  # fmt: skip


@require_POST
@in_company_time
def ask(request: HttpRequest, view: str) -> HttpResponse:
    """Ask for a deed; it is done in the background, and shown on the desk or on a page of its own."""
    user, deed, here = user_of(request), request.POST.get("deed", ""), bool(request.headers.get("HX-Request"))
    try:
        chosen = _chosen(request, user, view_or_404(view))
        job = bulk.ask(user, deed=deed, values=_values(request), chosen=chosen)
    except (Refused, NotAllowed) as problem:
        if here:
            context = _choices(user, view_or_404(view), read(_narrowed(request))) | {"problem": str(problem)}
            return render(request, "web/_bulk_choices.html", context, status=409)
        messages.error(request, str(problem))
        return redirect(f"{reverse('cases', args=[view])}?{filters.query(read(_narrowed(request)))}")
    return render(request, "web/_bulk_here.html", _came(user, job)) if here else redirect("bulk-job", number=job.pk)


def _chosen(request: HttpRequest, user: User, view: View) -> QuerySet[Case]:
    """All that match, when their number is still what the user agreed to or less; else the cases named one by one."""
    if request.POST.get("all") == "1":
        found = listed(user, view, read(_narrowed(request)))
        agreed = request.POST.get("matching", "")
        if not (agreed.isdecimal() and len(agreed) < 10) or found.order_by().count() > int(agreed):
            raise Refused(_("More cases match than you were shown. Look again, then decide."))
        return found
    numbers = [int(one) for one in request.POST.get("cases", "").split(",") if one.isdecimal() and len(one) < 16]
    return queries.cases_for(user).filter(pk__in=numbers[: bulk.MOST])


def _narrowed(request: HttpRequest) -> dict[str, str]:
    """The filters of the list, as the form names them: its own fields have some of the same names."""
    return {key[3:]: value for key, value in request.POST.dict().items() if key.startswith("by-")}


def _values(request: HttpRequest) -> dict[str, Any]:
    given = {key: request.POST.get(key, "").replace("\x00", "") for key in VALUES}
    numbers = {
        key: int(given[key]) if given[key].isdecimal() and len(given[key]) < 10 else 0
        for key in ("to", "priority", "incident")
    }
    until = snooze_times.chosen(request.POST.get("until", ""), request.POST.get("at", ""))
    return {**given, **numbers, "until": until}


@require_safe
@in_company_time
def job(request: HttpRequest, number: int) -> HttpResponse:
    """How far a job is, and what came of it; it is its user's own page."""
    part = request.headers.get("HX-Request") and request.GET.get("part")
    context = _came(user_of(request), _job_or_404(request, number))
    return render(request, "web/_bulk_job.html" if part else "web/bulk_job.html", context)


def _came(user: User, found: BulkJob) -> dict[str, Any]:
    """How far it is, and what came of each case; only those that the user sees are links."""
    counts = bulk.counts(found)
    refused = found.items.filter(state=BulkItem.State.REFUSED).order_by("case")[:SHOWN]
    kept = found.items.filter(state=BulkItem.State.DONE).exclude(words="").order_by("case")[:SHOWN]
    numbers = [one.case_id for one in [*refused, *kept]]
    visible = set(queries.cases_for(user).filter(pk__in=numbers).values_list("pk", flat=True))
    return {
        "job": found, "deed": DEEDS[found.deed], "counts": counts, "gone_through": found.total - counts["todo"],
        "running": found.state in ("waiting", "undoing"), "refused": refused, "left": kept, "visible": visible,
        "more": counts["refused"] - len(refused),
    }  # fmt: skip


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a job as far as nobody changed the cases since."""
    found, words = _job_or_404(request, number), ""
    try:
        bulk.undo(user_of(request), found)
    except Refused as problem:
        words = str(problem)
    if request.headers.get("HX-Request"):
        context = _came(user_of(request), _job_or_404(request, number)) | {"problem": words}
        return render(request, "web/_bulk_job.html", context, status=409 if words else 200)
    if words:
        messages.error(request, words)
    return redirect("bulk-job", number=number)


def _job_or_404(request: HttpRequest, number: int) -> BulkJob:
    found = BulkJob.objects.filter(pk=number, user=user_of(request)).first()
    if found is None:
        raise Http404
    return found

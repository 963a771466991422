"""Trying out one's own last messages: drop a file, read what would have been done with it, throw it away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.arm.rule import FACTS
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.act import tryouts
from armature.crm.act.models import Tryout
from armature.crm.listen.imports.newest import MOST
from armature.crm.listen.imports.records import NotReadable
from armature.crm.web import tryout_report
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as numbered
from armature.crm.web.local_time import in_company_time
from armature.crm.web.shipped_words import said
from armature.crm.web.weight import MOST_BYTES

Page = Callable[..., HttpResponseBase]


def for_leads(page: Page) -> Page:
    """For leads and administrators; for everybody else there is no such page."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not tryouts.may(user_of(request)):
            raise Http404
        return page(request, **named)

    return in_company_time(handle)  # type: ignore[arg-type]


def tryout_or_404(request: HttpRequest, number: int) -> Tryout:
    """One that is theirs to see."""
    found = tryouts.tryouts_for(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def listed(request: HttpRequest) -> HttpResponse:
    """Where a file is dropped, and what was tried out today."""
    return _dropped(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest, problem: str = "") -> HttpResponse:
    user, place = user_of(request), request.POST.get("place", "email")
    return render(request, "web/tryouts/list.html", {
        "at": "tryouts", "tryouts": tryouts.tryouts_for(user).defer("said")[:20], "brands": tryouts.brands_for(user),
        "most": MOST, "megabytes": MOST_BYTES // 1_000_000, "problem": problem, "place": place,
        "places": [(value, said("channel", value)) for value in FACTS["channel"].values],
    }, status=422 if problem else 200)  # fmt: skip


def _dropped(request: HttpRequest) -> HttpResponse:
    file, user = request.FILES.get("file"), user_of(request)
    brands = tryouts.brands_for(user)
    brand = brands.filter(pk=numbered(request, "brand")).first() if "brand" in request.POST else brands.first()
    if brand is None:
        raise Http404
    if file is None:
        return _list(request, _("Choose a file first."))
    try:
        job = tryouts.try_out(user, brand, request.POST.get("place", "email"), file.name or "", file.chunks())
    except (NotReadable, Refused, NotAllowed) as refused:
        return _list(request, f"{(file.name or '')[:80]}: {refused}")
    return redirect("tryout", number=job.pk)


@require_safe
@for_leads
def one(request: HttpRequest, number: int) -> HttpResponse:
    """The report; while the file is read, how long it takes already."""
    job = tryout_or_404(request, number)
    if job.state != Tryout.State.DONE:
        part = request.headers.get("HX-Request") and "part" in request.GET
        return render(request, "web/tryouts/_wait.html" if part else "web/tryouts/wait.html", {"job": job})
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "web/tryouts/one.html", {"at": "tryouts", "job": job, **tryout_report.context(job)})


@require_POST
@for_leads
def ours(request: HttpRequest, number: int) -> HttpResponse:
    """Which addresses are ours: the report is counted anew."""
    job = tryout_or_404(request, number)
    tryouts.say_ours(user_of(request), job, request.POST.getlist("ours")[:100])
    return redirect("tryout", number=number)


@require_POST
@for_leads
def throw_away(request: HttpRequest, number: int) -> HttpResponse:
    """All of it is gone."""
    tryouts.throw_away(user_of(request), tryout_or_404(request, number))
    messages.success(request, _("It is gone: nothing of the file is here any more."))
    return redirect("tryouts")

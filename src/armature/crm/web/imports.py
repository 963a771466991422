"""Bringing in the past: upload a file, say what its columns mean, try it out, bring it in, mend what was left out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.listen.imports import commands, faults, queries
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import NotReadable
from armature.crm.web import import_pages
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as numbered
from armature.crm.web.local_time import in_company_time
from armature.crm.web.weight import MOST_BYTES

Page = Callable[..., HttpResponseBase]
PAGE = 30
DEEDS = {"try": commands.try_out, "run": commands.run, "stop": commands.cancel, "resume": commands.resume}


def for_leads(page: Page) -> Page:
    """For those who may bring in the past of some brand; for everybody else there is no such page."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not queries.brands_for(user_of(request)).exists():
            raise Http404
        return page(request, **named)

    return in_company_time(handle)  # type: ignore[arg-type]


def import_or_404(request: HttpRequest, number: int) -> Import:
    """One that is theirs to see."""
    try:
        return queries.import_for(user_of(request), number)
    except Import.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def listed(request: HttpRequest) -> HttpResponse:
    """What was brought in, and the form for the next file."""
    if request.method == "POST":
        return _uploaded(request)
    return _list(request)


def _list(request: HttpRequest, problem: str = "") -> HttpResponse:
    user, before = user_of(request), request.GET.get("before", "")
    found = queries.imports_for(user)
    found = found.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else found
    page = list(found[: PAGE + 1])
    return render(request, "web/imports/list.html", {
        "at": "imports", "imports": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else 0,
        "brands": queries.brands_for(user), "megabytes": MOST_BYTES // 1_000_000, "problem": problem,
        "may_people": queries.may_people(user), "what": request.POST.get("what", "said"),
    }, status=422 if problem else 200)  # fmt: skip


def _uploaded(request: HttpRequest) -> HttpResponse:
    file, what = request.FILES.get("file"), request.POST.get("what", "")
    user = user_of(request)
    brand = queries.brands_for(user).filter(pk=numbered(request, "brand")).first()
    if brand is None or what not in Import.What.values:
        raise Http404
    if file is None:
        return _list(request, _("Choose a file first."))
    try:
        job = commands.upload(user, brand, what, file.name or "", file.chunks())
    except (NotReadable, Refused, NotAllowed) as refused:
        return _list(request, f"{(file.name or '')[:80]}: {refused}")
    return redirect("import", number=job.pk)


@require_safe
@for_leads
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One file: its mapping with a preview, how far it is, or what became of it."""
    job, part = import_or_404(request, number), request.headers.get("HX-Request") and request.GET.get("part")
    if part == "preview":
        return render(request, "web/imports/_preview.html", import_pages.preview(request, job, request.GET))
    if part == "far":
        return render(request, "web/imports/_far.html", import_pages.far(job))
    chosen = request.GET if "zone" in request.GET else None
    return render(request, "web/imports/one.html", import_pages.whole(request, job, chosen))


@require_POST
@for_leads
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what the columns mean, and try the whole file out at once."""
    job, user = import_or_404(request, number), user_of(request)
    try:
        if import_pages.reads_otherwise(user, job, request.POST):
            return redirect("import", number=number)
        problems = import_pages.kept(user, job, request.POST)
        if problems:
            context = import_pages.whole(request, job, request.POST, problems)
            return render(request, "web/imports/one.html", context, status=422)
        commands.try_out(user, job)
    except (Refused, NotAllowed, NotReadable) as refused:
        messages.error(request, str(refused))
    return redirect("import", number=number)


@require_POST
@for_leads
def drive(request: HttpRequest, number: int) -> HttpResponse:
    """Try it out again, bring it in, stop it, go on, or change what the columns mean."""
    job, deed = import_or_404(request, number), DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    try:
        deed(user_of(request), job)
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect("import", number=number)


@require_POST
@for_leads
def to_mend(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file of what was not taken; the log keeps who took it away."""
    job = import_or_404(request, number)
    audit.log(user_of(request), "took away what is to be mended", f"import {job.pk}", {"file": job.name})
    response = StreamingHttpResponse(faults.written(job), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, faults.name_of(job)) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response

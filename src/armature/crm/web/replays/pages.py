"""Replays: all of yours, a new one, one on its way or its report; stopping it and throwing it away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.decide.drawn import Draft
from armature.crm.learn.replays import commands, queries
from armature.crm.learn.replays.models import Replay
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.replays import report
from armature.crm.web.replays.asked import BeginForm

LISTED = 50
OVER = ("last", "since", "until", "brand", "channel", "reader")
"""What the address of the form may fill in, so that the whole is tried over what one step alone was."""
Page = Callable[..., HttpResponseBase]


def for_leads(page: Page) -> Page:
    """For leads and administrators; for everybody else there is no such page."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not commands.may(user_of(request)):
            raise Http404
        return page(request, **named)

    return in_company_time(handle)  # type: ignore[arg-type]


def replay_or_404(request: HttpRequest, number: int) -> Replay:
    """One that is theirs to see."""
    found = queries.replays_for(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
@for_leads
def listed(request: HttpRequest) -> HttpResponse:
    """The latest replays."""
    found = list(queries.replays_for(user_of(request)).defer("sums")[:LISTED])
    context = {"at": "replays", "replays": [(one, report.tried(one), report.over(one)) for one in found]}
    return render(request, "web/replays/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def begin(request: HttpRequest) -> HttpResponse:
    """What is tried, over what; from a draft's page that draft is chosen."""
    if request.method != "POST":
        asked = Draft.objects.filter(kind=request.GET.get("kind", "")[:5], key=request.GET.get("key", "")[:50])
        over = {name: request.GET[name][:20] for name in OVER if request.GET.get(name)}
        return _form(request, BeginForm(initial={"last": 1000, **over, "drafts": asked}))
    form, user = BeginForm(request.POST), user_of(request)
    if not form.is_valid():
        return _form(request, form)
    given = form.cleaned_data
    try:
        job = commands.begin(
            user, list(given["drafts"]), form.over(), today=given["facts"] == "today", reader=form.reader_number()
        )
    except (Refused, NotAllowed) as refused:
        form.add_error(None, str(refused))
        return _form(request, form)
    return redirect("replay", number=job.pk)


def _form(request: HttpRequest, form: BeginForm) -> HttpResponse:
    context = {"at": "replays", "form": form, "drawn": Draft.objects.exists()}
    return render(request, "web/replays/begin.html", context, status=422 if form.errors else 200)


@require_safe
@for_leads
def one(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, then what it found; a part that is asked for once a second ends when there is a report."""
    job = replay_or_404(request, number)
    context = {"at": "replays", "job": job, "tried": report.tried(job), "over": report.over(job)}
    if job.state == Replay.State.RUNNING:
        part = request.headers.get("HX-Request") and "part" in request.GET
        template = "web/replays/_progress.html" if part else "web/replays/progress.html"
        return render(request, template, {**context, "far": report.progress(job)})
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "web/replays/one.html", {**context, **report.context(job)})


@require_POST
@for_leads
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """It stops; what it found so far stays."""
    if commands.cancel(user_of(request), replay_or_404(request, number)):
        messages.success(request, _("It is stopped. What it found so far is here."))
    return redirect("replay", number=number)


@require_POST
@for_leads
def throw_away(request: HttpRequest, number: int) -> HttpResponse:
    """All of it is gone."""
    commands.throw_away(user_of(request), replay_or_404(request, number))
    messages.success(request, _("The replay is gone."))
    return redirect("replays")

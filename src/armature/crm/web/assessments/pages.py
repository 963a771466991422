"""Assessments: all of yours and a new one, one on its way or its report; stopping it and throwing it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.learn.assessments import commands, queries
from armature.crm.learn.assessments.models import Assessment
from armature.crm.web.assessments import names, report
from armature.crm.web.assessments.access import assessment_or_404, for_leads
from armature.crm.web.assessments.asked import BeginForm
from armature.crm.web.desk_parts import user_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def listed(request: HttpRequest) -> HttpResponse:
    """The latest assessments, and a form that begins one."""
    user = user_of(request)
    if request.method != "POST":
        return _list(request, BeginForm(user))
    form = BeginForm(user, request.POST)
    if not form.is_valid():
        return _list(request, form)
    try:
        job = commands.begin(user, **form.over())
    except (Refused, NotAllowed) as refused:
        form.add_error(None, str(refused))
        return _list(request, form)
    return redirect("assessment", number=job.pk)


def _list(request: HttpRequest, form: BeginForm) -> HttpResponse:
    found = queries.assessments_for(user_of(request))
    context = {"at": "assessment", "form": form, "assessments": [(one, names.over(one)) for one in found]}
    return render(request, "web/assessments/list.html", context, status=422 if form.errors else 200)


@require_safe
@for_leads
def one(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, then its report; a part that is asked for once a second ends when there is one."""
    job = assessment_or_404(request, number)
    context = {"at": "assessment", "job": job, "over": names.over(job)}
    if job.state == Assessment.State.RUNNING:
        part = request.headers.get("HX-Request") and "part" in request.GET
        template = "web/assessments/_progress.html" if part else "web/assessments/progress.html"
        return render(request, template, {**context, "far": report.progress(job)})
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "web/assessments/one.html", {**context, **report.context(user_of(request), job)})


@require_POST
@for_leads
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """It stops; what was counted so far stays."""
    if commands.cancel(user_of(request), assessment_or_404(request, number)):
        messages.success(request, _("It is stopped. What was counted so far is here."))
    return redirect("assessment", number=number)


@require_POST
@for_leads
def throw_away(request: HttpRequest, number: int) -> HttpResponse:
    """All of it is gone."""
    commands.throw_away(user_of(request), assessment_or_404(request, number))
    messages.success(request, _("The assessment is gone. What was accepted stays in its drafts."))
    return redirect("assessments")

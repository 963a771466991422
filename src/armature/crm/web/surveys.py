"""Surveys for our own people: the list, making and changing one, its preview, its links, opening and closing it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act import surveys
from armature.crm.act.models import SurveyLink
from armature.crm.act.work import Refused
from armature.crm.channels.survey.wording import MOST_QUESTIONS, Wording, from_json
from armature.crm.listen.surveys import tokens
from armature.crm.listen.surveys.models import Survey
from armature.crm.web import survey_editor
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.survey_editor import NAMES, Row, SurveyForm
from armature.crm.web.visitor import survey as visitor
from armature.crm.web.visitor.survey_form import SurveyForm as Page


def survey_or_404(user: User, number: int) -> Survey:
    """A survey of one of their brands; whether there are others is not told."""
    try:
        return surveys.survey_for(user, number)
    except Survey.DoesNotExist:
        raise Http404 from None


def address(request: HttpRequest, token: str) -> str:
    """Where a link leads, as it is given to people outside."""
    return f"{settings.ADDRESS or request.build_absolute_uri('/').rstrip('/')}{reverse('survey', args=[token])}"


@require_safe
@in_company_time
def listed(request: HttpRequest) -> HttpResponse:
    """All surveys of one's brands."""
    user = user_of(request)
    shown = {"at": "surveys", "lines": surveys.lines_for(user), "may": bool(surveys.brands_for(user))}
    return render(request, "web/surveys/list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def edit(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Make or change one; what was typed stays when something is wrong with it."""
    user = user_of(request)
    one = survey_or_404(user, number) if number else Survey()
    asked = from_json(surveys.latest(one).body) if number else None
    form = SurveyForm(surveys.brands_for(user), request.POST or None, instance=one, asked=asked)
    if request.method != "POST":
        return _edited(request, user, one, form, survey_editor.rows_of(asked) if asked else [])
    rows = survey_editor.given_rows(request.POST)
    if "add" in request.POST:
        return _edited(request, user, one, form, rows, more=True)
    questions, rows = survey_editor.read(rows, asked)
    if form.is_valid() and not any(row.problem for row in rows):
        kept = _keep(request, user, number, form, form.wording(questions))
        if kept is not None:
            return redirect("survey-results", number=kept.pk)
    return _edited(request, user, one, form, rows, status=422)


def _keep(request: HttpRequest, user: User, number: int, form: SurveyForm, wording: Wording) -> Survey | None:
    fresh = survey_or_404(user, number) if number else Survey()
    try:
        kept = surveys.keep(user, fresh, wording, **form.own())
    except (Refused, NotAllowed) as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("Kept.") if number else _("Kept. Look at the preview, then open it."))
    return kept


def _edited(
    request: HttpRequest, user: User, one: Survey, form: SurveyForm, rows: list[Row], *, more: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    blank = [Row()] if len(rows) < MOST_QUESTIONS and (more or not rows) else []
    context = {
        "at": "surveys", "one": one, "form": form, "rows": [*rows, *blank], "forms": NAMES.items(),
        "room": len(rows) + len(blank) < MOST_QUESTIONS,
        "may": surveys.may(user, one) if one.pk else bool(surveys.brands_for(user)),
    }  # fmt: skip
    return render(request, "web/surveys/edit.html", context, status=status)


@require_safe
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """The page as those who answer see it; nothing can be sent from here."""
    one = survey_or_404(user_of(request), number)
    asked = surveys.latest(one)
    with translation.override(one.language):
        form = Page(from_json(asked.body), name=one.asks_name, email=one.asks_email)
        shown: dict[str, Any] = {**visitor.context(one, form), "preview": True}
        return render(request, "web/surveys/preview.html", shown)


@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Open it, or close it."""
    user = user_of(request)
    one = survey_or_404(user, number)
    wanted = Survey.State.OPEN if request.POST.get("state") == "open" else Survey.State.CLOSED
    try:
        surveys.set_state(user, one, wanted)
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    else:
        opened = wanted == Survey.State.OPEN
        messages.success(request, _("It can be answered now.") if opened else _("Closed. What was answered stays."))
    return redirect("survey-results", number=number)


def personal_address(request: HttpRequest, link: SurveyLink | None) -> str:
    """Where a personal link leads; empty without one."""
    return address(request, tokens.personal_token(link.pk)) if link else ""


def open_link(request: HttpRequest, one: Survey) -> str:
    """The link that anybody may use."""
    return address(request, tokens.open_token(one.key))

"""A survey from the side of whoever answers: no log-in, no cookie, no script; the signed link is all there is."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from armature.crm import jobs
from armature.crm.act import survey_links, surveys
from armature.crm.act.models import SurveyLink
from armature.crm.channels.survey import Who
from armature.crm.channels.survey.wording import Filled, from_json
from armature.crm.learn import coming_back
from armature.crm.listen import guard
from armature.crm.listen.models import Channel
from armature.crm.listen.surveys import answers, tokens
from armature.crm.listen.surveys.models import Survey, SurveyAnswer, SurveyWording
from armature.crm.web.visitor.address import came_from
from armature.crm.web.visitor.survey_form import SurveyForm, before

Page = Callable[[HttpRequest, "Guest", str], HttpResponse]
GONE, OVER = 404, 410


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever has the link: of a survey, and of the person it was made for, with what they answered before."""

    survey: Survey
    link: SurveyLink | None = None
    answer: SurveyAnswer | None = None

    @property
    def may_change(self) -> bool:
        """Whether their answer can still be changed."""
        days = timedelta(days=self.survey.edit_days)
        return self.answer is not None and timezone.now() <= self.answer.at + days

    @property
    def closed(self) -> bool:
        """Whether nothing can be answered (any more)."""
        if not surveys.is_open(self.survey) or not (self.link is None or survey_links.may_be_read(self.link)):
            return True
        return self.link is not None and self.answer is None and timezone.now() >= self.link.expires_at


def _for_guests(page: Page) -> Callable[..., HttpResponse]:
    """Read the link, and speak the language of the survey. Whatever is not genuine gets one plain page."""

    @csrf_exempt
    @login_not_required
    @wraps(page)
    def handle(request: HttpRequest, token: str) -> HttpResponse:
        guest = _guest(token)
        if guest is None:
            return render(request, "web/visitor/survey_over.html", {"known": False}, status=GONE)
        with translation.override(guest.survey.language):
            if guest.closed:
                shown = {"known": True, "survey": guest.survey}
                return render(request, "web/visitor/survey_over.html", shown, status=OVER)
            return page(request, guest, token)

    return handle


def _guest(token: str) -> Guest | None:
    try:
        where = tokens.read(token)
    except tokens.NotOurs:
        return None
    if where.key:
        survey = Survey.objects.select_related("channel", "brand").filter(key=where.key).first()
        return Guest(survey) if survey else None
    link = survey_links.link(where.number)
    return Guest(link.survey, link, survey_links.answer_of(link)) if link else None


@require_http_methods(["GET", "HEAD", "POST"])
@_for_guests
def answer(request: HttpRequest, guest: Guest, token: str) -> HttpResponse:
    """The form; what is sent leads to the thanks. A link that was used shows them, and how to change the answer."""
    if request.method != "POST":
        if guest.answer and not (guest.may_change and "change" in request.GET):
            return redirect("survey-thanks", token=token)
        return _shown(request, guest, _form(guest, _asked(guest, 0)))
    asked = _asked(guest, _number(request.POST.get("wording", "")))
    form = _form(guest, asked, request.POST)
    status = _take(request, guest, asked, form)
    return _shown(request, guest, form, status) if status else redirect("survey-thanks", token=token)


@require_safe
@_for_guests
def thanks(request: HttpRequest, guest: Guest, token: str) -> HttpResponse:
    """What we say to whoever answered; where they can write to us, as nothing can be answered here."""
    wording = from_json(_asked(guest, 0).body)
    page = Channel.objects.filter(kind="web", brand=guest.survey.brand_id, active=True).order_by("pk").first()
    shown = {"survey": guest.survey, "wording": wording, "page": page, "token": token, "change": guest.may_change}
    return render(request, "web/visitor/survey_thanks.html", shown)


def _asked(guest: Guest, number: int) -> SurveyWording:
    """What the page asked: what was sent with it, what it asks now; an answer is changed under its own words."""
    if guest.answer:
        return guest.answer.wording
    return surveys.wording_numbered(guest.survey, number) if number else surveys.latest(guest.survey)


def _form(guest: Guest, asked: SurveyWording, data: Any = None) -> SurveyForm:
    survey, wording = guest.survey, from_json(asked.body)
    known = before(wording, Filled(guest.answer.score, guest.answer.given)) if guest.answer else None
    ask = guest.link is None
    form = SurveyForm(wording, data, name=ask and survey.asks_name, email=ask and survey.asks_email, before=known)
    form.number = asked.number
    return form


def _shown(request: HttpRequest, guest: Guest, form: SurveyForm, status: int = 200) -> HttpResponse:
    return render(request, "web/visitor/survey.html", context(guest.survey, form), status=status)


def context(survey: Survey, form: SurveyForm) -> Mapping[str, Any]:
    """What the page of a survey needs; its preview shows the same."""
    return {"survey": survey, "wording": form.wording, "form": form, "asked": form.asked()}


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 9 else 0


def _take(request: HttpRequest, guest: Guest, asked: SurveyWording, form: SurveyForm) -> int:
    """Take the answer in; 0, or the status of the refusal, which the form says in words."""
    if not form.is_valid():
        return 422
    try:
        guard.knock(came_from(request))
        _keep(guest, asked, form)
    except guard.TooMuch:
        form.add_error(
            None, _("Very many answers came from here. What you filled in is still here: send it in an hour.")
        )
        return 429
    except answers.TooLate:
        form.add_error(None, _("You answered so long ago that your answer stays as it is."))
        return 409
    jobs.open_envelopes(limit=20)
    return 0


def _keep(guest: Guest, asked: SurveyWording, form: SurveyForm) -> None:
    now, filled = timezone.now(), form.filled()
    if guest.link is None:
        once = form.cleaned_data.get("once") or secrets.token_urlsafe(12)
        who = answers.somebody(guest.survey, once, filled)
        answers.take_in(guest.survey, asked, answers.open_key(once, who), who, filled, now)
        return
    one = guest.link.identity
    about = _("about case %s") % guest.link.case_id
    known = Who(one.network, one.address, one.name, about)
    with transaction.atomic():
        answer = answers.take_in(guest.survey, asked, survey_links.key_of(guest.link), known, filled, now)
        coming_back.survey_answered(answer, guest.link)
    jobs.go_on(guest.link.case.conversation_id)

"""What people do on the desk: each a small page of its own that does one thing and shows the case again."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from armature.arm.intent import INTENTS
from armature.crm import jobs, live, passing
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import assigning, commands, notes, queries
from armature.crm.act.models import Case, Response
from armature.crm.act.work import Refused
from armature.crm.decide.models import Wait
from armature.crm.decide.waits import AlreadyAnswered
from armature.crm.web import bar, composing, filters, opened
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.health import reconnecting
from armature.crm.web.local_time import in_company_time
from armature.crm.web.shipped_words import intents
from armature.crm.web.views_of_cases import VIEWS

logger = logging.getLogger(__name__)

T = TypeVar("T", Case, Response)
Doing = Callable[[HttpRequest, Case], str]
Releasing = Callable[[HttpRequest, Response], str]
QUIETLY = {"attach": "web/_files.html", "detach": "web/_files.html"}
"""What is shown of a deed after which the case stays as it is on the screen."""
CANNOT = (NotAllowed, Refused, AlreadyAnswered, Wait.DoesNotExist)


def doing(act: Doing) -> Callable[..., HttpResponse]:
    """Do it, tell the other screens, show the case again. What cannot be done is said in words and nothing is lost."""

    @require_POST
    @in_company_time
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        user = user_of(request)
        case = case_or_404(user, number)
        each_time = _read_anew(case, lambda: case_or_404(user, number))
        return _do(request, case, act.__name__, lambda: act(request, each_time()))

    return handle


def releasing(act: Releasing) -> Callable[..., HttpResponse]:
    """The same for what is done to a response."""

    @require_POST
    @in_company_time
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        try:
            response = queries.response_for(user_of(request), number)
        except ObjectDoesNotExist:
            raise Http404 from None
        each_time = _read_anew(response, lambda: queries.response_for(user_of(request), number))
        return _do(request, response.case, act.__name__, lambda: act(request, each_time()))

    return handle


def _read_anew(first: T, again: Callable[[], T]) -> Callable[[], T]:
    """What was read already; and read anew for each further time, as others changed it meanwhile."""
    read = [first]
    return lambda: read.pop() if read else again()


def _do(request: HttpRequest, case: Case, what: str, act: Callable[[], str]) -> HttpResponse:
    why: Exception | None = None
    try:
        done = act() if what in QUIETLY else passing.over(act)  # a file can be read only once
    except CANNOT as refused:
        done, why = "", refused
    if done and not is_quiet(request):
        _go_on(case)
    try:
        return _again(request, case.pk, what, done, why)
    except (OperationalError, InterfaceError) as problem:
        if not done:
            raise
        logger.warning("what was done could not be shown: %s", problem)
        return reconnecting(asked=False, done=done)


def _go_on(case: Case) -> None:
    """The process goes on at once. What was done is kept: when the database is in trouble now, a worker goes on."""
    try:
        jobs.go_on(case.conversation_id)
        live.tell([case.pk])
    except (OperationalError, InterfaceError) as problem:
        logger.warning("a worker goes on with conversation %s: %s", case.conversation_id, problem)
        connection.close()


def _again(request: HttpRequest, number: int, what: str, done: str, why: Exception | None) -> HttpResponse:
    problem = str(why) if why else ""
    user, view = user_of(request), VIEWS.get(request.POST.get("view", ""), VIEWS["open"])
    still_mine = queries.cases_for(user).filter(pk=number).first()
    if not request.headers.get("HX-Request"):
        messages.add_message(request, messages.ERROR if problem else messages.SUCCESS, problem or done)
        if request.POST.get("back") == "queue":
            return redirect("approvals")
        return redirect("case", view=view.key, number=number) if still_mine else redirect("cases", view=view.key)
    context: dict[str, Any] = {
        "view": view, "done": done, "problem": problem, "part": "case", "query": filters.query(filters.of(request)),
    }  # fmt: skip
    if still_mine is None:
        return trigger_client_event(render(request, "web/_gone.html", context), "changed")
    if is_quiet(request):
        context |= {"quiet": True, **composing.kept(request, user, still_mine, why)}
        part = QUIETLY.get(what, "web/_kept.html")
        return render(request, part, context, status=409 if problem else 200)
    context = {**opened.context(request, user, still_mine), **context}
    if why:
        given = request.POST.get("reason" if what in ("send_back", "looked", "end") else "text", "")
        context["kept"] |= {what: given}
        context |= composing.meanwhile(request, user, still_mine, why)
        context |= bar.refused(request, still_mine, what, why)
    context |= {"mode": "note"} if what == "note" else {}
    return trigger_client_event(render(request, "web/_case.html", context, status=409 if problem else 200), "changed")


def is_quiet(request: HttpRequest) -> bool:
    """A draft that keeps itself while it is written: nothing is shown again, nobody else needs to look."""
    return "quietly" in request.POST and bool(request.headers.get("HX-Request"))


def words(request: HttpRequest, field: str = "text") -> str:
    """What somebody typed, as the database takes it."""
    return request.POST.get(field, "").replace("\r\n", "\n").replace("\x00", "")


@doing
def claim(request: HttpRequest, case: Case) -> str:
    """Take the case."""
    assigning.claim(user_of(request), case)
    return _("The case is yours.")


@doing
def judge_intent(request: HttpRequest, case: Case) -> str:
    """Confirm or correct the intent."""
    intent = request.POST.get("intent", "")
    if intent not in INTENTS:
        raise Refused(_("Choose one of the intents of the list."))
    commands.judge_intent(user_of(request), case, intent=intent)
    return _("Judged: %s.") % intents()[intent].lower()


@doing
def note(request: HttpRequest, case: Case) -> str:
    """Leave a private note."""
    notes.add_note(user_of(request), case, text=words(request))
    return _("Note kept. Only colleagues see it.")

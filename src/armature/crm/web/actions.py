"""What people do on the desk: each a small page of its own that does one thing and shows the case again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from armature.arm.intent import INTENTS
from armature.crm import jobs, live
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import assigning, commands, notes, queries
from armature.crm.act.models import Case, Response
from armature.crm.act.work import Refused
from armature.crm.decide.models import Wait
from armature.crm.decide.waits import AlreadyAnswered
from armature.crm.web import bar, filters, opened
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.views_of_cases import VIEWS

Doing = Callable[[HttpRequest, Case], str]
Releasing = Callable[[HttpRequest, Response], str]
CANNOT = (NotAllowed, Refused, AlreadyAnswered, Wait.DoesNotExist)


def doing(act: Doing) -> Callable[..., HttpResponse]:
    """Do it, tell the other screens, show the case again. What cannot be done is said in words and nothing is lost."""

    @require_POST
    @in_company_time
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        case = case_or_404(user_of(request), number)
        return _do(request, case, act.__name__, lambda: act(request, case))

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
        return _do(request, response.case, act.__name__, lambda: act(request, response))

    return handle


def _do(request: HttpRequest, case: Case, what: str, act: Callable[[], str]) -> HttpResponse:
    why: Exception | None = None
    try:
        done = act()
    except CANNOT as refused:
        done, why = "", refused
    if done and not _quiet(request):
        jobs.go_on(case.conversation_id)
        live.tell()
    return _again(request, case.pk, what, done, why)


def _again(request: HttpRequest, number: int, what: str, done: str, why: Exception | None) -> HttpResponse:
    problem = str(why) if why else ""
    user, view = user_of(request), VIEWS.get(request.POST.get("view", ""), VIEWS["open"])
    still_mine = queries.cases_for(user).filter(pk=number).first()
    if not request.headers.get("HX-Request"):
        messages.add_message(request, messages.ERROR if problem else messages.SUCCESS, problem or done)
        return redirect("case", view=view.key, number=number) if still_mine else redirect("cases", view=view.key)
    context: dict[str, Any] = {
        "view": view, "done": done, "problem": problem, "part": "case", "query": filters.query(filters.of(request)),
    }  # fmt: skip
    if _quiet(request):
        return render(request, "web/_kept.html", context, status=409 if problem else 200)
    if still_mine is None:
        return trigger_client_event(render(request, "web/_gone.html", context), "changed")
    context = {**opened.context(request, user, still_mine), **context}
    if why:
        given = request.POST.get("reason" if what in ("send_back", "end") else "text", "")
        context["kept"] |= {what: given}
        context |= bar.refused(request, still_mine, what, why)
    context |= {"mode": "note"} if what == "note" else {}
    return trigger_client_event(render(request, "web/_case.html", context, status=409 if problem else 200), "changed")


def _quiet(request: HttpRequest) -> bool:
    """A draft that keeps itself while it is written: nothing is shown again, nobody else needs to look."""
    return "quietly" in request.POST and bool(request.headers.get("HX-Request"))


def words(request: HttpRequest, field: str = "text") -> str:
    """What somebody typed, as the database takes it."""
    return request.POST.get(field, "").replace("\r\n", "\n").replace("\x00", "")


@doing
def claim(request: HttpRequest, case: Case) -> str:
    """Take the case."""
    assigning.claim(user_of(request), case)
    return "The case is yours."


@doing
def judge_intent(request: HttpRequest, case: Case) -> str:
    """Confirm or correct the intent."""
    intent = request.POST.get("intent", "")
    if intent not in INTENTS:
        raise Refused("Choose one of the intents of the list.")
    commands.judge_intent(user_of(request), case, intent=intent)
    return f"Judged: {INTENTS[intent].lower()}."


@doing
def draft(request: HttpRequest, case: Case) -> str:
    """Keep what is being written."""
    commands.save_draft(user_of(request), case, text=words(request))
    return "Draft kept."


@doing
def write(request: HttpRequest, case: Case) -> str:
    """Finish a response."""
    text, seen = words(request), request.POST.get("seen", "")
    reach = opened.reach(user_of(request), case)
    if not reach.open:
        raise Refused(reach.can.blocked or "This channel takes no answer.")
    if problem := opened.too_long(reach.can, text):
        raise Refused(problem)
    response = commands.write(
        user_of(request), case, text=text, seen=int(seen) if seen.isdecimal() and len(seen) < 19 else 0
    )
    return f"Written to {', '.join(response.recipients)}. It goes where the map sends it."


@doing
def note(request: HttpRequest, case: Case) -> str:
    """Leave a private note."""
    notes.add_note(user_of(request), case, text=words(request))
    return "Note kept. Only colleagues see it."


@doing
def looked(request: HttpRequest, case: Case) -> str:
    """Say what a look at the other side showed."""
    commands.settle_unknown(user_of(request), case, delivery=request.POST.get("delivery", ""))
    return "Noted what you found."


@releasing
def approve(request: HttpRequest, response: Response) -> str:
    """Release a response."""
    commands.approve(user_of(request), response, digest=request.POST.get("digest", ""))
    return "Approved. It leaves now."


@releasing
def send_back(request: HttpRequest, response: Response) -> str:
    """Give a response back to its writer."""
    commands.send_back(user_of(request), response, reason=request.POST.get("reason", "")[:500])
    return "Sent back with your reason."

"""What people do on the desk: each a small page of its own that does one thing and shows the case again."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from armature.arm.intent import INTENTS
from armature.crm import jobs, live
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import commands, queries
from armature.crm.act.models import Case
from armature.crm.decide.waits import AlreadyAnswered
from armature.crm.web.desk import shown, user_of
from armature.crm.web.views_of_cases import VIEWS

Doing = Callable[[HttpRequest, int], str]


def doing(act: Doing) -> Callable[..., HttpResponse]:
    """Do it, tell the other screens, show the case again. What cannot be done is said in words and nothing is lost."""

    @require_POST
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        problem = ""
        try:
            done = act(request, number)
            jobs.judge_conversations()
            live.tell()
        except (NotAllowed, commands.Refused, AlreadyAnswered) as refused:
            done, problem = "", str(refused)
        except ObjectDoesNotExist:
            raise Http404 from None
        return _again(request, number, act.__name__, done, problem)

    return handle


def _again(request: HttpRequest, number: int, what: str, done: str, problem: str) -> HttpResponse:
    case = _case_of(request, number, what)
    view = VIEWS.get(request.POST.get("view", ""), VIEWS["open"])
    if not request.headers.get("HX-Request"):
        if done or problem:
            messages.add_message(request, messages.ERROR if problem else messages.SUCCESS, problem or done)
        return redirect("case", view=view.key, number=case.pk)
    kept = request.POST.get("text", "") if problem else ""
    context = {**shown(user_of(request), case), "view": view, "done": done, "problem": problem, "kept": kept}
    return render(request, "web/_case.html", context, status=409 if problem else 200, headers={"HX-Trigger": "changed"})


def _case_of(request: HttpRequest, number: int, what: str) -> Case:
    try:
        if what in ("approve", "send_back"):
            number = queries.response_for(user_of(request), number).case_id
        return queries.case_for(user_of(request), number)
    except ObjectDoesNotExist:
        raise Http404 from None


@doing
def claim(request: HttpRequest, number: int) -> str:
    """Take the case."""
    commands.claim(user_of(request), queries.case_for(user_of(request), number))
    return "The case is yours."


@doing
def judge_intent(request: HttpRequest, number: int) -> str:
    """Confirm or correct the intent."""
    intent = request.POST.get("intent", "")
    if intent not in INTENTS:
        raise commands.Refused("Choose one of the intents of the list.")
    commands.judge_intent(user_of(request), queries.case_for(user_of(request), number), intent=intent)
    return f"Judged: {INTENTS[intent].lower()}."


@doing
def draft(request: HttpRequest, number: int) -> str:
    """Keep what is being written."""
    text = request.POST.get("text", "")
    commands.save_draft(user_of(request), queries.case_for(user_of(request), number), text=text)
    return "Draft kept."


@doing
def write(request: HttpRequest, number: int) -> str:
    """Finish a response."""
    seen = request.POST.get("seen", "")
    commands.write(
        user_of(request),
        queries.case_for(user_of(request), number),
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        seen=int(seen) if seen.isdigit() else 0,
    )
    return "Written. It goes where the map sends it."


@doing
def note(request: HttpRequest, number: int) -> str:
    """Leave a private note."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    commands.add_note(user_of(request), queries.case_for(user_of(request), number), text=text)
    return "Note kept. Only colleagues see it."


@doing
def looked(request: HttpRequest, number: int) -> str:
    """Say what a look at the other side showed."""
    delivery = request.POST.get("delivery", "")
    commands.settle_unknown(user_of(request), queries.case_for(user_of(request), number), delivery=delivery)
    return "Noted what you found."


@doing
def approve(request: HttpRequest, number: int) -> str:
    """Release a response."""
    response = queries.response_for(user_of(request), number)
    commands.approve(user_of(request), response, digest=request.POST.get("digest", ""))
    return "Approved. It leaves now."


@doing
def send_back(request: HttpRequest, number: int) -> str:
    """Give a response back to its writer."""
    response = queries.response_for(user_of(request), number)
    commands.send_back(user_of(request), response, reason=request.POST.get("reason", ""))
    return "Sent back with your reason."

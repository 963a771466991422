"""Labelling, by keyboard: one message after the other, the next ones on the page already."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act.models import Case
from armature.crm.act.work import Refused
from armature.crm.learn import drawing, labelling
from armature.crm.learn.labelling import Question
from armature.crm.web import given
from armature.crm.web.conversation import marked
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.shipped_words import intents

AHEAD = 6
"""So many messages are on the page at once."""
KEYS = "1234567890qwertasfghjklzxcvbnm"
"""The keys of the intents, in their order; d is for "I do not know", u for undo."""
MOST_ON_PAGE = 40


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """The next messages to label."""
    user, first = user_of(request), request.GET.get("first", "")
    number = int(first) if first.isdecimal() and first.isascii() and len(first) < 19 else 0
    again = labelling.again(user, number) if number else []
    found = again + labelling.questions(user, AHEAD, [one.interaction for one in again])
    context = {"at": "reader", "today": drawing.counted(user)[0], **_asked(found)}
    return render(request, "web/reader/label.html", context)


def _asked(found: list[Question]) -> dict[str, object]:
    """Messages with their marked words, and the intents with their keys."""
    choices = [(key, label, KEYS[n]) for n, (key, label) in enumerate(intents().items())]
    return {"questions": [(one, marked(one.text, one.reading.evidence)) for one in found], "choices": choices}


@require_POST
@in_company_time
def label(request: HttpRequest, number: int) -> HttpResponse:
    """A person's word on one message; the page gets one more behind those it has."""
    user = user_of(request)
    suggestion, intent = given.number(request, "suggestion"), given.words(request, "intent", 60)
    return _done(request, user, number, lambda: labelling.label(user, number, suggestion, intent))


@require_POST
@in_company_time
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """The last word is taken back; its message comes again."""
    user = user_of(request)
    try:
        labelling.take_back(user, number)
    except Case.DoesNotExist:
        raise Http404 from None
    except (NotAllowed, Refused) as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('label')}?first={number}")


def _done(request: HttpRequest, user: User, number: int, act: Callable[[], None]) -> HttpResponse:
    """Do it; what cannot be done is said in words, and the message leaves the page either way."""
    problem = ""
    try:
        act()
    except Case.DoesNotExist:
        raise Http404 from None
    except (NotAllowed, Refused) as refused:
        problem = str(refused)
    if not request.htmx:  # type: ignore[attr-defined]
        (messages.error if problem else messages.success)(request, problem or _("Kept."))
        return redirect("label")
    here = [int(one) for one in request.POST.get("here", "").split(",") if one.isdecimal() and len(one) < 19]
    others = [one for one in here[:MOST_ON_PAGE] if one != number]
    left = min(given.number(request, "left"), AHEAD)
    more = labelling.questions(user, AHEAD - left, [*others, number], ahead=left) if left < AHEAD else []
    context = {
        "problem": problem, "number": number, "today": drawing.counted(user)[0], **_asked(more),
    }  # fmt: skip
    return render(request, "web/reader/_next.html", context)

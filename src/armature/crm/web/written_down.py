"""Log what was said: a call, a letter, words at the counter, typed with one thumb and kept when the network is gone."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from armature.crm.act import written_down
from armature.crm.act.papers import BadFields
from armature.crm.act.written_down import KINDS, MOST_PHOTOS, PHOTO_BYTES, Typed
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.local_time import in_company_time


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def new(request: HttpRequest) -> HttpResponse:
    """The form; what is wrong is told at its field, and nothing that was typed is lost."""
    user = user_of(request)
    brands = written_down.brands_for(user)
    if not brands:
        raise Http404
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        empty = Typed(secrets.token_urlsafe(12), kind if kind in KINDS else "phone", brands[0].pk, "")
        return render(request, "web/written_down.html", _context(request, empty, {}))
    typed, script = _typed(request), request.headers.get("X-Typed") == "1"
    photos = request.FILES.getlist("photo")[: MOST_PHOTOS + 1]
    try:
        written_down.keep(user, typed, [(one.name or "", one.read(PHOTO_BYTES + 1)) for one in photos])
    except BadFields as wrong:
        if script:
            return JsonResponse({"problems": wrong.problems}, status=422)
        return render(request, "web/written_down.html", _context(request, typed, wrong.problems), status=422)
    said = _("Logged: it waits where such things wait, like any other message.")
    if script:
        return JsonResponse({"said": said, "key": typed.key})
    messages.success(request, said)
    return redirect("log")


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """A few people who fit what is typed; only those whom the user may know."""
    user = user_of(request)
    if not written_down.brands_for(user):
        raise Http404
    asked = request.GET.get("q", "")[:100]
    found = written_down.people_for(user, asked)
    return render(request, "web/_written_down_people.html", {"people": found, "asked": asked.strip()})


def _typed(request: HttpRequest) -> Typed:
    pressed = words(request, "pressed_at", 20) if request.POST.get("now") == "1" else ""
    return Typed(
        words(request, "key", 40), words(request, "kind", 20), number(request, "brand"),
        words(request, "text", written_down.LONGEST + 1), pressed or words(request, "said_at", 40),
        number(request, "sender"), words(request, "name"), words(request, "handle"), words(request, "reporter"),
        words(request, "subject", 300),
    )  # fmt: skip


def _context(request: HttpRequest, typed: Typed, problems: dict[str, str]) -> dict[str, Any]:
    user = user_of(request)
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return {
        "at": "log", "typed": typed, "problems": problems, "kinds": list(KINDS.values()),
        "sender": written_down.sender_for(user, typed.sender),
        "brands": written_down.brands_for(user), "now": now, "said_at": typed.said_at or now, "photos": MOST_PHOTOS,
        "megabytes": PHOTO_BYTES // 1_000_000, "longest": written_down.LONGEST,
    }  # fmt: skip

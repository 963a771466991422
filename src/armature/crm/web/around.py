"""Who is at which case: an open screen asks every few seconds, and says by asking that it is there itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from armature.crm.act import presence
from armature.crm.web.desk_parts import user_of


@require_POST
def present(request: HttpRequest) -> HttpResponse:
    """Everybody else, by case; whoever left a case for another one is gone from it at once."""
    user = user_of(request)
    at, left = (_number(request, name) for name in ("case", "left"))
    if left and left != at:
        presence.leave(user, left)
    found = presence.around(user, at, request.POST.get("writing") == "1")
    return render(request, "web/_present.html", {"by_case": presence.by_case(found), "at": at})


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None

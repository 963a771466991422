"""For machines that look after this one: is the process there, can it work. And the page for when it cannot."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django.views.defaults import server_error


@login_not_required
@require_safe
def up(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"up": True})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers too; 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ready": True})


def failed(request: HttpRequest) -> HttpResponse:
    """What stands in place of a page that could not be made: 503 and words when the database is away, else 500."""
    if not _is_away(sys.exception()):
        return server_error(request)
    return reconnecting(asked=request.method in ("GET", "HEAD"))


def _is_away(problem: BaseException | None) -> bool:
    """Whether the database was away, at the bottom of it: what comes after may complain of a broken transaction."""
    while problem is not None:
        if isinstance(problem, OperationalError | InterfaceError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def reconnecting(asked: bool, done: str = "") -> HttpResponse:
    """The database is away for a moment; a page that was only ``asked`` for is asked for again by itself.

    ``done`` are the words about a deed that is kept for certain, and only could not be shown.
    """
    context = {"asked": asked, "done": done}
    words = render_to_string("web/reconnecting.html", context)  # no request: nothing may ask the database
    told = {"Armature-Done": "yes"} if done else {}
    return HttpResponse(words, status=503, headers={"Retry-After": "2", **told})

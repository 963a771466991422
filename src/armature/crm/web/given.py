"""What a form gave, safe to keep: no sign that the database refuses, lines as we keep them, not too long."""

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from django.http import Http404, HttpRequest

from armature.crm.act.listing import NoSuchPlace, Place, place_in


def words(request: HttpRequest, name: str, most: int = 200) -> str:
    """A text; empty when nothing was given."""
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:most]


def number(request: HttpRequest, name: str) -> int:
    """A number of a row; 0 when it is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 19 else 0


def page_of(request: HttpRequest) -> SplitResult:
    """The address of the page that a part was asked for from, as the browser says it; an empty one when it is none."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return urlsplit("")


def span(request: HttpRequest, spans: Sequence[int], usual: int = 30) -> int:
    """How many days are looked at: one of these."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, spans) else usual


def place(request: HttpRequest) -> Place | None:
    """Where in a list to go on; None at its beginning. A place that is none is no page."""
    asked = request.GET.get("after", "")
    try:
        return place_in(asked) if asked else None
    except NoSuchPlace:
        raise Http404 from None

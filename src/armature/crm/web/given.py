"""What a form gave, safe to keep: no sign that the database refuses, lines as we keep them, not too long."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


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

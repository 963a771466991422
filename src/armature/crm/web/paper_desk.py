"""The desk of one paper: its picture beside what the machine read, to be corrected, given a sender, and filed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.act import papers, persons
from armature.crm.channels import post
from armature.crm.identify.models import Identity
from armature.crm.listen import files
from armature.crm.listen.scans import kinds
from armature.crm.listen.scans import queries as scans
from armature.crm.listen.scans.models import Page, Scan
from armature.crm.listen.scans.reading import SURE
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as number_in
from armature.crm.web.given import words
from armature.crm.web.local_time import in_company_time

MOST = 8
"""So many senders that fit are shown to choose from."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that the machine is not sure of: what it read, how sure it is in percent, and where it stands."""

    text: str
    sure: int
    left: int
    top: int
    width: int
    height: int
    page: int


def _scan(request: HttpRequest, number: int) -> Scan:
    try:
        return papers.scan_for(user_of(request), number)
    except ObjectDoesNotExist:
        raise Http404 from None


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """The picture, the words, and who wrote them."""
    scan = _scan(request, number)
    return render(request, "web/papers/one.html", _context(user_of(request), scan, {"text": scan.text}))


def _context(user: User, scan: Scan, given: dict[str, Any], found: list[Identity] | None = None) -> dict[str, Any]:
    pages = list(scan.pages.order_by("number"))
    return {
        "at": "letters", "scan": scan, "pages": [(page, _doubts(page)) for page in pages], "given": given,
        "doubts": [one for page in pages for one in _doubts(page)], "found": found, "problems": {},
        "unread": [page for page in pages if page.problem], "may": papers.may_work(user, scan.channel),
        "to_check": scan.state == Scan.State.TO_CHECK, "letter": post.KINDS.get(scan.channel.place) == "letter",
        "through": sum(1 for page in pages if page.read_at), "next": scans.next_to_check(papers.scans_for(user), scan),
    }  # fmt: skip


def _doubts(page: Page) -> list[Doubt]:
    return [
        Doubt(text, sure, left, top, width, height, page.number)
        for text, sure, left, top, width, height, _begins in page.words
        if sure < SURE
    ]


@require_safe
def picture(request: HttpRequest, number: int, page: int) -> HttpResponse:
    """A page as it was scanned, to be looked at where it stands: nothing in it can run."""
    found = _scan(request, number).pages.filter(number=page).exclude(digest="").first()
    if found is None:
        raise Http404
    try:
        body = files.read(found.digest)
        content_type = kinds.content_type_of(body)
    except (OSError, kinds.NotTaken):
        raise Http404 from None
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@in_company_time
def file(request: HttpRequest, number: int) -> HttpResponse:
    """File it, or look for its sender first; what was typed stays in the form either way."""
    user, scan = user_of(request), _scan(request, number)
    given = _given(request)
    if "find" in request.POST:
        found = persons.search(user, given["q"])[:MOST] if given["q"].strip() else []
        return render(request, "web/papers/one.html", _context(user, scan, given, found))
    problems: dict[str, str] = {}
    try:
        papers.file(user, scan, _checked(given))
        messages.success(request, _("Filed. It is judged like anything else that is said to us."))
        return redirect("letters")
    except papers.BadFields as wrong:
        problems = wrong.problems
    except (Refused, NotAllowed) as refused:
        problems = {"form": str(refused)}
    context = _context(user, _scan(request, number), given) | {"problems": problems}
    return render(request, "web/papers/one.html", context, status=422)


def _given(request: HttpRequest) -> dict[str, Any]:
    most = {"text": papers.LONGEST + 1, "address": 1000, "subject": 300}
    names = ("text", "subject", "name", "address", "written_on", "q")
    return {one: words(request, one, most.get(one, 200)) for one in names} | {"sender": number_in(request, "sender")}


def _checked(given: dict[str, Any]) -> papers.Checked:
    return papers.Checked(**{name: given[name] for name in papers.Checked.__dataclass_fields__})


def _deed(act: Callable[[HttpRequest, User, Scan], str]) -> Callable[..., HttpResponse]:
    """Something else done with a paper; what cannot be done is said on its page."""

    @require_POST
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        scan = _scan(request, number)
        try:
            messages.success(request, act(request, user_of(request), scan))
        except (Refused, NotAllowed, papers.BadFields) as refused:
            messages.error(request, str(refused))
            return redirect("scan", number=number)
        return redirect("letters")

    return handle


@_deed
def drop(request: HttpRequest, user: User, scan: Scan) -> str:
    """It is nothing to answer."""
    papers.drop(user, scan, words(request, "reason", 300))
    return _("Dropped. The file is kept.")


@_deed
def read_again(request: HttpRequest, user: User, scan: Scan) -> str:
    """Pages that could not be read."""
    papers.read_again(user, scan)
    return _("What could not be read is tried once more.")

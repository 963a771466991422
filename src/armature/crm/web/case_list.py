"""A list of cases with all that stands around it: the rail, its filters, its rows."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from armature.crm.accounts.models import User
from armature.crm.act import saved
from armature.crm.act.listing import NoSuchPlace, Place, lines
from armature.crm.web import filters, saved_views, views_of_cases
from armature.crm.web.case_row import drawn, row
from armature.crm.web.views_of_cases import MOST, PAGE, View


def around(user: User, view: View, request: HttpRequest) -> dict[str, Any]:
    """What the rail and the head of a list need."""
    chosen, kept = filters.of(request), list(saved.views_for(user)[: saved.MOST])
    numbers = views_of_cases.counts(user, kept)
    return {
        "view": view, "groups": views_of_cases.rail(numbers), "total": numbers.get(view.key), "chosen": chosen,
        "saved": saved_views.rail(kept, numbers, view, chosen), "chips": filters.chips(chosen),
        "query": filters.query(chosen),
    }  # fmt: skip


def context(user: User, view: View, request: HttpRequest, current: int = 0) -> dict[str, Any]:
    """All that the rail and the list need, in a fixed number of queries; the case ``current`` is open beside it."""
    there = around(user, view, request)
    size = min(max(_number(request, "shown"), PAGE), MOST)
    try:
        found = views_of_cases.page(user, view, there["chosen"], request.GET.get("after", ""), size)
    except NoSuchPlace:
        raise Http404 from None
    return there | {
        "rows": _rows(user, view, there["query"], found[:size], current),
        "after": str(found[size - 1]) if len(found) > size else "", "first_page": "after" not in request.GET,
    }  # fmt: skip


def _rows(user: User, view: View, query: str, found: Sequence[Place], current: int) -> list[SafeString]:
    place, behind = reverse("case", args=[view.key, 0]).removesuffix("0"), f"?{query}" if query else ""
    return [
        drawn(row(user, line, f"{place}{line.number}{behind}", line.number == current))
        for line in lines(one.number for one in found)
    ]


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0

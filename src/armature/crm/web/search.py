"""Search: by words, person, handle or number of a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from armature.crm.act import search
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time

LONGEST = 200


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """What was found, with the found words marked."""
    asked = request.GET.get("q", "")[:LONGEST]
    there = search.find(user_of(request), asked) if asked.strip() else search.Found([], whole=True)
    found = [(hit, as_markup(hit.words)) for hit in search.marked(there.hits, asked)]
    shown = {"at": "search", "asked": asked, "found": found, "most": search.PAGE, "whole": there.whole}
    return render(request, "web/search.html", shown)


def as_markup(words: str) -> SafeString:
    """A snippet as markup: all of it escaped, the found words marked."""
    marked = escape(words).replace(search.BEGIN, "<mark>").replace(search.END, "</mark>")
    return mark_safe(marked)  # noqa: S308  escaped above

"""The tables: all of them, one as it is in force, its versions and what differs between two, files to take away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.arm.rule.comparing import compare
from armature.arm.rule.trial import looked_at
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.decide import company_facts, drafts, publishing, tables, versions
from armature.crm.decide.models import DecisionTable
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.rules import grid
from armature.crm.web.rules.drafting import DRAFT, draft_or_404, list_names
from armature.crm.web.rules.files import FILES, as_file
from armature.crm.web.rules.pasting import brought_in

LISTED = 200
"""Versions on one page."""


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """All tables; a new one."""
    user, refused = user_of(request), ""
    if request.method == "POST":
        try:
            return redirect(DRAFT, tables.new_table(user, given.words(request, "name", 200)).key)
        except (Refused, NotAllowed) as problem:
            refused = str(problem)
    context = {"at": "tables", "tables": tables.listed_for(user), "may": drafts.may_draw(user), "refused": refused,
               "name": given.words(request, "name", 200)}  # fmt: skip
    return render(request, "web/rules/tables.html", context, status=422 if refused else 200)


def version_or_404(key: str, number: str = "") -> DecisionTable:
    """A version of a table: the newest, or the one with that number."""
    found = DecisionTable.objects.filter(key=key).select_related("published_by").order_by("-version")
    if number:
        is_one = number.isascii() and number.isdecimal() and len(number) < 9
        found = found.filter(version=int(number) if is_one else 0)
    one = found.first()
    if one is None:
        raise Http404
    return one


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """A table as it is in force, or one of its versions: as sentences and as a grid."""
    user, number = user_of(request), request.GET.get("version", "")
    one = version_or_404(key, number)
    facts, table, lists = company_facts.for_drawing(), tables.published(one), list_names()
    looked, columns = looked_at(table, facts), grid.columns(table, facts)
    took, of = tables.fell(key)
    context = {
        "at": "tables", "one": one, "table": table, "columns": columns, "of": of, "files": FILES, "old": bool(number),
        "lines": grid.lines(looked, columns, took, of, lists), "draft": drafts.draft_for(user, versions.TABLE, key),
        "may": drafts.may_draw(user), "maps": _maps(one),
    }  # fmt: skip
    return render(request, "web/rules/table.html", context)


def _maps(table: DecisionTable) -> list[str]:
    """The names of the maps that use this version."""
    names, used = publishing.map_names(), {each.key for each in table.processmap_set.all()}
    return sorted(names.get(key, key) for key in used)


@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """All versions of a table, and what differs between two of them."""
    user = user_of(request)
    newest = version_or_404(key)
    numbers = (request.GET.get("from", ""), request.GET.get("to", ""))
    pair = [version_or_404(key, number) for number in numbers if number]
    context: dict[str, Any] = {
        "at": "tables", "one": newest, "table": tables.published(newest), "may": drafts.may_draw(user),
        "versions": versions.of(versions.TABLE, key)[:LISTED],
        "draft": drafts.draft_for(user, versions.TABLE, key),
    }  # fmt: skip
    if len(pair) == 2:
        context |= {"pair": pair, **_compared(*pair)}
    return render(request, "web/rules/versions.html", context)


def _compared(before: DecisionTable, after: DecisionTable) -> dict[str, Any]:
    facts = company_facts.for_drawing()
    was, now = tables.published(before), tables.published(after)
    old, new = looked_at(was, facts), looked_at(now, facts)
    found = []
    for change in compare(was, now):
        cells = [grid.changed(cell, old, new, change.row) for cell in change.cells]
        found.append((change, cells, new.sentence(change.row) if change.row in new.cells else ""))
    return {"changes": found}


@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """A draft of what is in force, or of an earlier version, to go back to it."""
    user, number = user_of(request), given.number(request, "version")
    one = version_or_404(key)
    try:
        if number and number != one.version:
            publishing.begin_from(user, versions.TABLE, key, number)
        else:
            drafts.begin(user, versions.TABLE, key, name=tables.published(one).label, body=one.body)
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
        return redirect("table", key)
    return redirect(DRAFT, key)


@require_safe
def take(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The table in force as a file: CSV, XLSX, DMN 1.3 or our own JSON."""
    user_of(request)
    if form not in FILES:
        raise Http404
    return as_file(tables.published(version_or_404(key, request.GET.get("version", ""))), form)


@require_POST
def bring_in(request: HttpRequest, key: str) -> HttpResponse:
    """A CSV or XLSX file takes the place of all rows of the draft; it can be undone."""
    user = user_of(request)
    draft, file = draft_or_404(user, key), request.FILES.get("file")
    try:
        if file is None:
            raise Refused(_("Choose a file first."))
        table = brought_in(file, tables.drawn(draft))
        tables.keep(user, draft, table, revision=given.number(request, "revision"))
        messages.success(request, _("Brought in: {count} rows. Undo takes it back.").format(count=len(table.rows)))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(DRAFT, key)

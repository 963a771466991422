"""Who judges: the settings in words, what was measured, and what the weekly checks found."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from armature.arm.let_through import JUDGING, judges
from armature.arm.rule.finding import errors
from armature.arm.rule.table import DecisionTable as Table
from armature.arm.rule.trial import looked_at
from armature.crm.act import canned
from armature.crm.act.listing import Place
from armature.crm.decide import company_facts, drafts, publishing, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import DecisionTable
from armature.crm.learn.who_judges import bound, report
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.judges import lines
from armature.crm.web.local_time import in_company_time

WHERE = ("channel", "public", "language", "tier", "customer")
"""What a new row can be about, beside followers and confidence."""
USUAL = {"judging": "suggest", "drafting": "suggest"}


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """One table that says who judges; the one of the map in force where none is named."""
    key = request.GET.get("table", "")
    listed = [one for one in tables.listed_for(user_of(request)) if _judges(one)]
    if not listed and not key:
        return render(request, "web/judges/none.html", {"at": "who-judges"})
    chosen = next((one for one in listed if one.key == key), None) if key else _first(listed)
    if chosen is None:
        raise Http404
    return page(request, chosen.key, listed)


def _judges(one: tables.Listed) -> bool:
    drawn = judges(tables.drawn(one.draft)) if one.draft else False
    return drawn or bool(one.version and judges(tables.published(one.version)))


def _first(listed: Sequence[tables.Listed]) -> tables.Listed:
    """The one of the map in force for the rest, else one that some map uses."""
    rest = versions.for_the_rest()
    return max(listed, key=lambda one: (bool(rest) and rest.key in one.maps, bool(one.maps)))  # type: ignore[union-attr]


def refused(request: HttpRequest, draft: Draft, status: int = 422, **more: Any) -> HttpResponse:
    """The page once more, with what was refused."""
    listed = [one for one in tables.listed_for(user_of(request)) if _judges(one)]
    return page(request, draft.key, listed, status, **more)


def page(
    request: HttpRequest, key: str, listed: Sequence[tables.Listed], status: int = 200, **more: Any
) -> HttpResponse:
    """The page of one table."""
    user = user_of(request)
    one = next(each for each in listed if each.key == key)
    table = tables.drawn(one.draft) if one.draft else tables.published(_version(one))
    looked, rule = looked_at(table, company_facts.for_drawing()), bound.rule()
    against = publishing.held_back(user, table) if one.draft and not errors(looked.findings) else []
    found = report.report(user, table)
    context = {
        "at": "who-judges", "one": one, "listed": listed, "table": table, "draft": one.draft, "note": "",
        "lines": lines.lines(looked, found, against, rule.bound), "report": found, "rule": rule,
        "asked": f"{100 * rule.bound:g}", "may": drafts.may_draw(user), "may_bound": bound.may_say(user),
        "may_publish": publishing.may_publish(user), "four_eyes": publishing.rule().four_eyes,
        "mine": bool(one.draft and one.draft.asked_by_id == user.pk), "earlier": JUDGING not in table.outputs,
        "where": [lines.setting(each, "", looked.catalogue) for each in WHERE],
        "settings": [lines.setting(each, USUAL.get(each), looked.catalogue) for each in lines.SETTINGS
                     if each in table.outputs],
        "missing": _missing(table), "wrong": [each for each in against if each.error], **more,
    }  # fmt: skip
    return render(request, "web/judges/shown.html", context, status=status)


def _version(one: tables.Listed) -> DecisionTable:
    if one.version is None:
        raise Http404
    return one.version


def _missing(table: Table) -> list[str]:
    """Canned responses that rules name and nobody keeps, where answers are to begin with them."""
    if all(row.then.get("drafting") in (None, "off") for row in table.rows):
        return []
    named = set()
    for one in versions.newest_tables().values():
        other = tables.published(one)
        if "template" in other.outputs:
            named |= {str(row.then["template"]) for row in other.rows if row.then.get("template")}
    return sorted(named - canned.shortcuts())


@require_safe
@in_company_time
def checks(request: HttpRequest) -> HttpResponse:
    """What each weekly check found."""
    user = user_of(request)
    if not report.sees_all(user):
        raise Http404
    found = list(report.checks(given.place(request)))
    listed = found[: report.PAGE]
    more = str(Place(listed[-1].pk, listed[-1].at)) if len(found) > len(listed) else ""
    names = {key: publishing.name_of(versions.TABLE, one.body) for key, one in versions.newest_tables().items()}
    named = [(one, names.get(one.table) or one.table) for one in listed]
    context = {"at": "who-judges", "listed": named, "more": more, "rule": bound.rule()}
    return render(request, "web/judges/checks.html", context)

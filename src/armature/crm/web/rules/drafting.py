"""The grid on which a table is drawn: each change is checked at once, can be undone, and runs nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.arm.rule.catalogue import SUPERSEDED
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, Unfit, errors
from armature.arm.rule.trial import looked_at
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.decide import company_facts, drafts, publishing, tables, versions
from armature.crm.decide.drawn import Draft, RuleList
from armature.crm.decide.models import MapAssignment
from armature.crm.web import given, together
from armature.crm.web.desk_parts import user_of
from armature.crm.web.rules import grid

DRAFT = "table-draft"


def draft_or_404(user: User, key: str) -> Draft:
    """The draft of a table, for whoever may draw."""
    found = drafts.draft_for(user, versions.TABLE, key)
    if found is None:
        raise Http404
    return found


def shown_facts(request: HttpRequest) -> list[str]:
    """Facts without a cell whose columns are shown all the same."""
    return [key[:60] for key in request.GET.getlist("show")][:50]


def list_names() -> dict[str, str]:
    """The company's lists, by key."""
    return dict(RuleList.objects.order_by("name").values_list("key", "name"))


def context_of(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """All that the grid shows."""
    facts, table, lists = company_facts.for_drawing(), tables.drawn(draft), list_names()
    looked, (took, of) = looked_at(table, facts), tables.fell(draft.key)
    if not errors(looked.findings):
        looked = replace(looked, findings=(*looked.findings, *publishing.held_back(user_of(request), table)))
    shown = grid.columns(table, facts, shown_facts(request))
    there = {column.key for column in shown if not column.fills}
    return {
        "at": "tables", "draft": draft, "table": table, "columns": shown, "of": of, "whole": looked.of(""),
        "lines": grid.lines(looked, shown, took, of, lists), "wrong": len(errors(looked.findings)),
        "notes": len(looked.findings) - len(errors(looked.findings)), "undoes": draft.before.exists(),
        "query": f"?{request.GET.urlencode()}" if request.GET else "", "more": _more(facts, there, False),
        "fillable": _more(facts, set(table.outputs), True), "shown": shown_facts(request),
    }  # fmt: skip


def _more(facts: Catalogue, there: set[str], fills: bool) -> list[grid.Column]:
    """Facts, or outputs, that have no column yet."""
    known = {key: field for key, field in facts.items() if key not in SUPERSEDED}
    keys = [key for key, field in known.items() if key not in there and (not fills or field.step == "table")]
    return sorted(grid.labelled(keys, facts, fills), key=lambda one: one.label.casefold())


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """The draft as a grid and as sentences, with all that is to be mended, and how it gets in force."""
    user = user_of(request)
    return page(request, draft_or_404(user, key))


def page(request: HttpRequest, draft: Draft, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page of a draft."""
    user, names = user_of(request), publishing.map_names()
    found = publishing.findings([draft], user)
    on_maps = [(names.get(key, key), errors(faults)) for (kind, key), faults in found.items() if kind == versions.MAP]
    context = {
        "on_maps": [(key, faults) for key, faults in on_maps if faults], "maps": [key for key, _faults in on_maps],
        "may_publish": publishing.may_publish(user), "four_eyes": publishing.rule().four_eyes, "note": "",
        "others": together.others(user, draft), "picked": (),
        "mine": draft.asked_by_id == user.pk, **context_of(request, draft), **more,
    }  # fmt: skip
    return render(request, "web/rules/draft.html", context, status=status)


def back_to(request: HttpRequest, key: str) -> str:
    """The grid, with the same columns."""
    kept = urlencode([("show", one) for one in shown_facts(request)])
    return f"{reverse(DRAFT, args=[key])}{'?' + kept if kept else ''}"


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Put the draft in force, ask for it, or give it up."""
    return put(request, key, page, reverse(DRAFT, args=[key]))


def put(request: HttpRequest, key: str, show: Callable[..., HttpResponse], there: str) -> HttpResponse:
    """The same from any page that shows a draft: ``show`` makes it once more with what was refused."""
    user, note, asked = user_of(request), given.words(request, "note", 400), request.POST.get("do", "")
    draft, typed = draft_or_404(user, key), {"note": note, "picked": together.picked(request)}
    try:
        if given.number(request, "revision") != draft.revision:
            raise drafts.DrawnMeanwhile(_("The draft changed meanwhile. Look at it again before it is published."))
        if asked == "give-up":
            drafts.give_up(user, draft)
            messages.success(request, _("The draft is given up. What is in force stays as it is."))
            return redirect("tables")
        if asked == "ask":
            for one in together.chosen(request, user, draft):
                drafts.ask(user, one, note)
            messages.success(request, _("Asked for. Somebody who may publish sees it here."))
            return redirect(there)
        published = publishing.publish(user, together.chosen(request, user, draft), note)
    except Unfit as unfit:
        return show(request, draft, 422, refused=_("This cannot be put in force yet: mend what is marked."),
                    unfit=_whole(unfit.findings), **typed)  # fmt: skip
    except (Refused, NotAllowed) as refused:
        return show(request, draft, 422, refused=str(refused), **typed)
    told = _("Published. No map uses this table yet.")
    if published:
        in_force = MapAssignment.objects.filter(map__in=published).exists()
        told = _("In force from the next message on.") if in_force else _("Published. No map in force uses it yet.")
    messages.success(request, told)
    return redirect("table", key)


def _whole(found: tuple[Finding, ...]) -> list[Finding]:
    return list(found)[:50]

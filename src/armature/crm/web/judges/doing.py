"""What is changed on the page of who judges: always the draft of its table, begun where there is none."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from armature.arm.let_through import judges
from armature.arm.rule import rewriting
from armature.arm.rule.table import DecisionTable as Table
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.decide import company_facts, drafts, publishing, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.who_judges import bound
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.judges import pages
from armature.crm.web.judges.lines import SETTINGS
from armature.crm.web.rules import drafting
from armature.crm.web.shipped_words import in_their_language


def _there(key: str) -> str:
    return f"{reverse('who-judges')}?table={key}"


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the settings of a row, add one, remove one, or undo the last change."""
    user, deed = user_of(request), given.words(request, "do", 300)
    try:
        with transaction.atomic():
            draft, table = _draft(user, key, given.number(request, "revision")), None
            if not judges(tables.drawn(draft)):
                raise Http404
            if deed != "undo":
                table = _changed(request, tables.drawn(draft), deed)
            if table is None:
                drafts.undo(user, draft, revision=draft.revision)
            else:
                tables.keep(user, draft, table, revision=draft.revision)
        messages.success(request, _("Kept in the draft. It runs once it is put in force."))
    except (Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
    except rewriting.NoSuchRow:
        messages.error(request, _("This row is not there any more."))
    except rewriting.TooMany:
        messages.error(request, _("A table has at most {most} rows.").format(most="1,000"))
    row = deed.partition(" ")[2] if deed.startswith("keep ") else ""
    return redirect(f"{_there(key)}#row-{quote(row)}" if row else _there(key))


def _draft(user: User, key: str, revision: int) -> Draft:
    """The draft as the page showed it; a new one of what is in force where there was none."""
    draft = drafts.draft_for(user, versions.TABLE, key)
    if draft is not None:
        if draft.revision != revision:
            raise drafts.DrawnMeanwhile(_("{name} changed this draft meanwhile. Look how it stands now.").format(
                name=draft.edited_by.name))  # fmt: skip
        return draft
    newest = versions.newest(versions.TABLE, key)
    if newest is None:
        raise Http404
    if revision:
        raise drafts.DrawnMeanwhile(_("This draft was published or given up meanwhile. Look how it stands now."))
    return drafts.begin(user, versions.TABLE, key, name=publishing.name_of(versions.TABLE, newest.body),
                        body=newest.body)  # fmt: skip


def _changed(request: HttpRequest, table: Table, deed: str) -> Table:
    what, _space, row = deed.partition(" ")
    if what == "keep":
        rewriting.row_of(table, row)
        return _with_settings(request, table, row)
    if what == "remove":
        if table.rows and table.rows[-1].id == row:
            raise Refused(_("The last row takes what is left: it stays."))
        return rewriting.removed(table, row)
    if what == "add":
        made, new = rewriting.added(table, given.words(request, "above", 100))
        return _with_settings(request, _with_conditions(request, made, new), new)
    raise Refused(_("This is no change that can be made."))


def _with_settings(request: HttpRequest, table: Table, row: str) -> Table:
    facts = company_facts.for_drawing()
    for key in SETTINGS:
        if key in request.POST and key in table.outputs:
            value = rewriting.output_of(given.words(request, key, 100), facts[key])
            if not facts[key].accepts(value):
                raise Refused(_("{field}: choose one of the list, or give a number from 1 on.").format(
                    field=in_their_language(facts[key].label)))  # fmt: skip
            table = rewriting.with_output(table, row, key, value)
    return table


def _with_conditions(request: HttpRequest, table: Table, row: str) -> Table:
    facts = company_facts.for_drawing()
    tests: dict[str, Any] = {}
    for key in pages.WHERE:
        said = given.words(request, f"when-{key}", 100).strip()
        if said and facts[key].type == "yes_no":
            tests[key] = {"yes": True, "no": False}.get(said)
        elif said:
            tests[key] = {"one_of": [said]}
    tests["followers"] = _range({">=": _number(request, "followers", _("Followers from"), 1e12)})
    low, high = (_share(request, name) for name in ("from", "below"))
    tests["confidence"] = _range({">=": low, "<": high})
    if low is not None and high is not None and low >= high:
        raise Refused(_("Confidence: “from” must be less than “below”."))
    for key, raw in tests.items():
        if raw is not None:
            table = rewriting.with_cell(table, row, key, raw)
    return table


def _range(ends: dict[str, Any]) -> dict[str, Any] | None:
    return {sign: end for sign, end in ends.items() if end is not None} or None


def _share(request: HttpRequest, name: str) -> float | None:
    words = {"from": _("Confidence from"), "below": _("Confidence below")}
    percent = _number(request, name, words[name], 100)
    return None if percent is None else round(percent / 100, 4)


def _number(request: HttpRequest, name: str, label: str, most: float) -> Any:
    """A number that was typed; None for nothing. Raises ``Refused`` with the name of its field."""
    said = given.words(request, name, 40).strip().removesuffix("%").strip()
    if not said:
        return None
    found = rewriting.typed_number(said.replace(",", "."))
    if isinstance(found, str) or not 0 <= found <= most:
        raise Refused(_("{field}: give a number from 0 to {most}.").format(field=label, most=f"{most:,.0f}"))
    return found


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Put the draft in force, ask for it, or give it up, as on the page of rules."""
    return drafting.put(request, key, pages.refused, _there(key))


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """What the lower bound must be where nobody looks."""
    user = user_of(request)
    try:
        share = _share_asked(request)
        bound.say(user, share)
        messages.success(request, _("Kept. What runs is held against it with the next weekly check."))
    except (Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
    return redirect("who-judges")


def _share_asked(request: HttpRequest) -> float:
    said = rewriting.typed_number(given.words(request, "bound", 40).strip().removesuffix("%").strip().replace(",", "."))
    return round(said / 100, 6) if isinstance(said, (int, float)) else float("nan")

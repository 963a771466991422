"""What is done to a draft: the change, kept when nobody was faster, and the grid as it reads then."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from armature.arm.rule import rewriting
from armature.arm.rule.table import DecisionTable
from armature.crm.accounts.access import Refused
from armature.crm.decide import company_facts, drafts, tables
from armature.crm.decide.drawn import Draft
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.rules import drafting, pasting


def done(
    request: HttpRequest, draft: Draft, change: Callable[[], DecisionTable | None], *, said: str = ""
) -> HttpResponse:
    """Make the change (None: undo the last one) and show the grid: the part alone where a script asked."""
    user, revision, words, status = user_of(request), given.number(request, "revision"), said, 200
    try:
        table = change()
        if table is None:
            draft = drafts.undo(user, draft, revision=revision)
        else:
            draft = tables.keep(user, draft, table, revision=revision)
    except drafts.DrawnMeanwhile as meanwhile:
        words, status = str(meanwhile), 409
        draft = drafts.draft_for(user, draft.kind, draft.key) or draft
    except (Refused, rewriting.NoSuchRow, rewriting.TooMany) as refused:
        words, status = _refusal(refused), 422
    if request.headers.get("HX-Request"):
        context = {**drafting.context_of(request, draft), "said": words, "refused": status > 200}
        return render(request, "web/rules/_grid.html", context, status=status)
    if words:
        messages.add_message(request, messages.ERROR if status > 200 else messages.SUCCESS, words)
    return redirect(drafting.back_to(request, draft.key))


def _refusal(problem: Exception) -> str:
    if isinstance(problem, rewriting.NoSuchRow):
        return _("This row is not there any more.")
    if isinstance(problem, rewriting.TooMany):
        return _("A table has at most {most} rows.").format(most="1,000")
    return str(problem)


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """One change of the grid: what is done to a row, to a column, to the name, or the last change undone."""
    draft = drafting.draft_or_404(user_of(request), key)
    deed, _space, about = given.words(request, "do", 300).partition(" ")
    return done(request, draft, lambda: _changed(request, draft, deed, about))


def _changed(request: HttpRequest, draft: Draft, deed: str, about: str) -> DecisionTable | None:
    table = tables.drawn(draft)
    match deed:
        case "undo":
            return None
        case "add":
            return rewriting.added(table, about)[0]
        case "double":
            return rewriting.duplicated(table, about)[0]
        case "up" | "down":
            return rewriting.moved(table, about, -1 if deed == "up" else 1)
        case "remove":
            return rewriting.removed(table, about)
        case "fill":
            return _filling(table, given.words(request, "output", 60))
        case "unfill":
            return rewriting.without_column(table, about, fills=True)
        case "name":
            return _named(table, given.words(request, "name", 200))
        case "paste":
            return pasting.pasted(request, table)
    raise Refused(_("This is no change that can be made."))


def _filling(table: DecisionTable, key: str) -> DecisionTable:
    field = company_facts.for_drawing().get(key)
    if field is None or field.step != "table":
        raise Refused(_("Choose what the table is to say."))
    return rewriting.with_column(table, key, fills=True)


def _named(table: DecisionTable, name: str) -> DecisionTable:
    said = " ".join(name.split())
    if not said or len(said) > 100:
        raise Refused(_("The name: say in 1 to 100 characters what this table decides."))
    return rewriting.renamed(table, said)

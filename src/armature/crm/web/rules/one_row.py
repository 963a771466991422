"""One row of a draft, or one cell of it, as a form: the same whether a script opens it in the grid or not."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from armature.arm.rule import rewriting
from armature.arm.rule.table import DecisionTable, Row
from armature.arm.rule.trial import looked_at
from armature.crm.decide import company_facts, tables
from armature.crm.decide.drawn import Draft
from armature.crm.web.desk_parts import user_of
from armature.crm.web.rules import drafting, picker
from armature.crm.web.rules.doing import done


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, key: str) -> HttpResponse:
    """One row, or (``field``) one cell of it, as a form."""
    user = user_of(request)
    draft = drafting.draft_or_404(user, key)
    table, name = tables.drawn(draft), request.GET.get("row", "")
    try:
        held = rewriting.row_of(table, name)
    except rewriting.NoSuchRow:
        raise Http404 from None
    if request.method == "POST":
        return done(request, draft, lambda: _rewritten(request.POST, table, held), said=_("Kept."))
    return _form(request, draft, table, held)


def _form(request: HttpRequest, draft: Draft, table: DecisionTable, held: Row) -> HttpResponse:
    facts, lists, field = company_facts.for_drawing(), drafting.list_names(), request.GET.get("field", "")
    problems = {one.field: one.words for one in looked_at(table, facts).of(held.id)}
    extra = [field] if field in facts and field not in (*table.inputs, *table.outputs) else []
    fills = request.GET.get("fills") == "1"
    pickers = [
        picker.condition(facts[key], held.when.get(key), lists, table.lists, problems.get(key, ""))
        for key in [*table.inputs, *extra] if key in facts and (not field or (key == field and not fills))
    ]  # fmt: skip
    pickers += [picker.value(facts[key], held.then.get(key), problems.get(key, "")) for key in table.outputs
                if key in facts and (not field or (key == field and fills))]  # fmt: skip
    if field and not pickers:
        raise Http404
    context = {"at": "tables", "draft": draft, "table": table, "row": held, "pickers": pickers, "field": field,
               "query": f"?{request.GET.urlencode()}", "back": drafting.back_to(request, draft.key)}  # fmt: skip
    part = "web/rules/_cell.html" if request.headers.get("HX-Request") else "web/rules/row.html"
    return render(request, part, context)


def _rewritten(post: QueryDict, table: DecisionTable, held: Row) -> DecisionTable:
    facts = company_facts.for_drawing()
    for name in post.getlist("fields")[:200]:
        part, _dash, key = name.partition("-")
        if part == "when" and key in facts:
            table = rewriting.with_cell(table, held.id, key, picker.given_condition(post, facts[key]))
        elif part == "then" and key in table.outputs and key in facts:
            table = rewriting.with_output(table, held.id, key, picker.given_value(post, facts[key]))
    return rewriting.with_note(table, held.id, str(post["note"]).replace("\x00", "")) if "note" in post else table

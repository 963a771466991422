"""Trying a draft on facts that are typed or were there: the row that fires, and why none above it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from armature.arm import listen
from armature.arm.interaction import Value
from armature.arm.rule.field import Catalogue
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.trial import Looked, Tried, looked_at
from armature.arm.rule.words import word_line
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.decide import company_facts, publishing, snapshot, tables
from armature.crm.decide import queries as decided
from armature.crm.web.desk_parts import user_of
from armature.crm.web.rules import picker
from armature.crm.web.rules.drafting import draft_or_404
from armature.crm.web.shipped_words import in_their_language

LATEST = 20
"""Cases that are offered to try with."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Why a row above the one that fires does not: its first test that failed, and what there was instead."""

    row: str
    label: str
    wanted: str
    found: str


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and what the draft says to what stands in it."""
    user = user_of(request)
    draft = draft_or_404(user, key)
    table, facts = tables.drawn(draft), company_facts.for_drawing()
    asked, of_case = request.GET.get("do") == "try", request.GET.get("case", "")
    said, words = _of_case(user, of_case) if of_case else _typed(request.GET, table, facts)
    looked = looked_at(table, facts)
    tried = looked.tried(said) if asked or of_case else None
    fields = [facts[name] for name in table.inputs if name in facts]
    pickers = [
        picker.value(one, words if one.key == "said" else said.get(one.key), name=f"fact-{one.key}") for one in fields
    ]
    context = {
        "at": "tables", "draft": draft, "table": table, "pickers": pickers, "tried": tried, "latest": _latest(user),
        "sentence": looked.sentence(tried.fired) if tried and tried.fired else "",
        "missed": _missed(looked, tried) if tried else [], "case": of_case,
        "held_back": [one for one in publishing.held_back(user, table) if tried and one.place == tried.fired],
    }  # fmt: skip
    return render(request, "web/rules/try.html", context)


def _typed(given: QueryDict, table: DecisionTable, facts: Catalogue) -> tuple[dict[str, Value], str]:
    """Facts as they were typed; what fits no fact is not known."""
    read = {key: picker.given_value(given, facts[key], f"fact-{key}") for key in table.inputs if key in facts}
    words = str(read.get("said") or "")
    said = {key: _line(value) if facts[key].type == "words" else value for key, value in read.items()}
    return {key: value for key, value in said.items() if value is None or facts[key].accepts(value)}, words


def _line(value: Any) -> Value:
    return word_line(str(value)) if value else None


def _of_case(user: User, number: str) -> tuple[Mapping[str, Value], str]:
    """All that was known of what was said last in a case, as it was judged."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    try:
        case = queries.case_for(user, int(number))
    except Case.DoesNotExist:
        raise Http404 from None
    last = queries.last_words([case.pk]).get(case.pk)
    judged = decided.latest([last.interaction_id]).get(last.interaction_id) if last else None
    if last is None or judged is None:
        raise Http404
    interaction = decided.interaction(last.interaction_id)
    facts = snapshot.unpack(judged.snapshot, judged.catalogue)
    return {**facts, **listen.said(interaction)}, interaction.text[: picker.LONGEST]


def _latest(user: User) -> list[tuple[int, str]]:
    """The newest cases that this user may see, with what was said last in each; two queries."""
    numbers = list(queries.cases_for(user).order_by("-id").values_list("id", flat=True)[:LATEST])
    words = queries.last_words(numbers)
    return [(number, words[number].text) for number in numbers if number in words]


def _missed(looked: Looked, tried: Tried) -> list[Missed]:
    fields = looked.catalogue
    return [
        Missed(row, in_their_language(fields[key].label), wanted, _found(key, value, fields))
        for row, key, wanted, value in tried.missed
    ]


def _found(key: str, value: Value, fields: Catalogue) -> str:
    return str(value).strip()[:200] if fields[key].type == "words" and value else fields[key].say(value)

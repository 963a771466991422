"""What would have gone otherwise: the list behind a figure, and one of them with the why of both sides."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from armature.arm import listen
from armature.arm.course import Course, Moment
from armature.arm.interaction import Interaction, Value
from armature.arm.map_picture import draw
from armature.arm.rule import FACTS
from armature.crm.accounts.models import Team
from armature.crm.act.queries import words_for
from armature.crm.learn.replays import queries
from armature.crm.web.desk_parts import user_of
from armature.crm.web.replays import report, words
from armature.crm.web.replays.pages import for_leads, replay_or_404
from armature.crm.web.shipped_words import label_of, said
from armature.crm.web.spine import why_not

SHOWN = 240
MOST_KIND = 120


@require_safe
@for_leads
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The interactions behind a figure, as far as they may see a case of each."""
    job, user = replay_or_404(request, number), user_of(request)
    kind, after = request.GET.get("kind", "")[:MOST_KIND], request.GET.get("after", "")
    if after and not (after.isdecimal() and after.isascii() and len(after) < 19):
        raise Http404
    found = queries.changes_for(user, job, kind)
    page, seen = queries.page(found, int(after or 0)), found.count()
    shown = page[: queries.PAGE]
    hidden, beyond = queries.left_out(job, kind, seen)
    teams = _teams()
    context = {
        "at": "replays", "job": job, "tried": report.tried(job), "kind": kind, "seen": seen, "hidden": hidden,
        "beyond": beyond, "title": words.of_kind(kind, teams) if kind else _("All that would have gone otherwise"),
        "lines": [(one, _text(one.interaction), _brief(one.changes, teams)) for one in shown],
        "more": shown[-1].pk if len(page) > queries.PAGE else "",
    }  # fmt: skip
    return render(request, "web/replays/changes.html", context)


def _text(one: Any) -> str:
    text = "" if one.deleted_at else " ".join(one.text.split())
    return text[:SHOWN] + ("…" if len(text) > SHOWN else "")


def _teams() -> dict[str, str]:
    return dict(Team.objects.values_list("key", "name"))


def _brief(changes: dict[str, Any], teams: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    """The differences in a line; the way is drawn on the page of the one."""
    return [
        (*words.of_change(name, tuple(pair), teams), name == "rule") for name, pair in changes.items() if name != "way"
    ]


@require_safe
@for_leads
def one(request: HttpRequest, number: int, change: int) -> HttpResponse:
    """One interaction: both ways through the map, the rows that decided, what was known."""
    job, user = replay_or_404(request, number), user_of(request)
    found = queries.changes_for(user, job).filter(pk=change).select_related("interaction").first()
    both = queries.both(job, found) if found else None
    if found is None or both is None:
        raise Http404
    context = {
        "at": "replays", "job": job, "change": found, "text": _text(found.interaction),
        "case": queries.case_of(user, found), "differences": _brief(found.changes, _teams()),
        "sides": [(key, label, side(both.interaction, way)) for (key, label), way in
                  zip(report.SIDES.items(), (both.before, both.after), strict=True)],
    }  # fmt: skip
    return render(request, "web/replays/change.html", context)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row that fired: its table, its sentence, why the rows above it did not."""

    table: str
    row: str
    sentence: str
    above: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference."""

    stands: str
    asked: list[str]
    rules: list[Rule]
    facts: list[tuple[str, str]]
    picture: str


def side(interaction: Interaction, way: Course) -> Side:
    """All that the page shows of one way."""
    last = way.moments[-1]
    return Side(
        words.stop(way.stop.kind, way.stop.outcome), [words_for(form) for form in way.asked],
        rules(interaction, way), known(last), picture(last, way.path),
    )  # fmt: skip


def picture(moment: Moment, path: tuple[str, ...]) -> str:
    """The map with the way that was taken."""
    return mark_safe(draw(moment.plan.process, passed=set(path)))  # noqa: S308  each of its words is escaped


def known(moment: Moment) -> list[tuple[str, str]]:
    """The facts and outputs at that moment, in words."""
    return [
        (label_of(key), said(key, moment.facts[key]))
        for key in FACTS
        if key not in ("said", "heard") and moment.facts.get(key) is not None
    ]


def rules(interaction: Interaction, way: Course) -> list[Rule]:
    """The latest row of each table, with the facts that it was asked with."""
    found = []
    for table, row in way.rows.items():
        asked = [m for m in way.moments if any((n := m.plan.nodes.get(e)) and n.table == table for e in m.path)]
        moment = asked[-1] if asked else way.moments[-1]
        compiled = moment.plan.tables.get(table)
        if compiled is None or row not in {rule.id for rule in compiled.rules}:
            continue
        facts: dict[str, Value] = {**moment.facts, **listen.said(interaction)}
        missed = compiled.why(facts) if compiled.fire(facts).id == row else ()
        above = [(name, why_not(key, cell, value)) for name, key, cell, value in missed]
        found.append(Rule(compiled.table.label, row, compiled.sentence(row), above))
    return found

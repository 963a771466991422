"""The live map: counts, times and what waits, drawn on the steps and arrows; each number leads to its list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from armature.arm.map_picture import Note, draw
from armature.arm.process_map import Plan
from armature.crm.act.listing import Place
from armature.crm.decide import publishing
from armature.crm.learn import live_map, ways
from armature.crm.learn.figures import PAGE
from armature.crm.learn.live_map import Traffic
from armature.crm.web import given
from armature.crm.web.local_time import in_company_time
from armature.crm.web.measures.asking import asked
from armature.crm.web.measures.figure import Asked, Cell, length, number
from armature.crm.web.measures.pages import lead_or_404
from armature.crm.web.process_map import KINDS
from armature.crm.web.shipped_words import intents

WIDTHS = 5
"""In so many widths arrows are drawn, by their share of the busiest."""


@dataclass(frozen=True, slots=True)
class Live:
    """What somebody looks at: the map and its versions, the days and the part of the company, one intent or all."""

    asked: Asked
    key: str
    maps: Mapping[int, int]
    plan: Plan
    version: int = 0
    intent: str = ""
    form: Any = None

    @property
    def query(self) -> str:
        """The same in an address."""
        more = {"map": self.key, "version": self.version or "", "intent": self.intent}
        return f"{self.asked.query}&{urlencode({name: value for name, value in more.items() if value})}"

    def rows(self, kind: str, **more: object) -> str:
        """Where the rows of a number are."""
        own = {"map": self.key, "version": self.version, "intent": self.intent}
        return self.asked.rows(kind, **{name: value for name, value in {**own, **more}.items() if value})

    def waits(self, step: str) -> str:
        """Where the list of what waits there is."""
        return f"{reverse('map-waiting', args=[step])}?{self.query}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table under the picture."""

    name: str
    kind: str
    cells: list[Cell]
    arrows: list[tuple[str, Cell]] = field(default_factory=list)
    slowest: bool = False


def live_of(request: HttpRequest) -> Live:
    user = lead_or_404(request)
    wanted, form = asked(request, user)
    key = request.GET.get("map", "")[:80] or ways.in_force()
    version = request.GET.get("version", "")
    chosen = int(version) if version.isdecimal() and version.isascii() and len(version) < 6 else 0
    maps = ways.versions(key, chosen)
    if not maps:
        raise Http404
    intent = request.GET.get("intent", "")
    return Live(wanted, key, maps, ways.plan_of(maps), chosen, intent if intent in intents() else "", form)


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """The map with what went along it, and the same as a table."""
    live = live_of(request)
    found = live_map.traffic(live.asked.scope, live.maps, live.plan, live.intent)
    context = {
        "at": "map", "live": live, "form": live.form, "scope": live.asked.scope, "printed": timezone.now(),
        "picture": mark_safe(_picture(live, found)),  # noqa: S308  made from the map, each of its words escaped
        "steps": list(_steps(live, found)), "process": live.plan.process, "intents": intents(),
        "maps": publishing.map_names().items(),
        "versions": sorted(ways.versions(live.key).values(), reverse=True), "slowest": _slowest(live, found),
    }  # fmt: skip
    return render(request, "web/maps/live.html", context, status=400 if live.form.errors else 200)


def _slowest(live: Live, found: Traffic) -> str:
    node = live.plan.nodes.get(found.slowest)
    return node.name if node else found.slowest


def _picture(live: Live, found: Traffic) -> str:
    notes: dict[str, list[Note]] = {}
    for key in live.plan.process.elements:
        if some := [note for note in _notes(live, found, key) if note]:
            notes[key] = some
    most, more = max(found.along.values(), default=1), {}
    for arrow in live.plan.process.arrows:
        if count := found.along[arrow.source, arrow.target]:
            link = _along(live, arrow.source, arrow.target)
            notes[arrow.id] = [Note(_short(count), link, _("passed {n} times").format(n=count), "along")]
            more[arrow.id] = f"wide-{1 + (WIDTHS - 1) * count // most}"
    if found.slowest:
        more[found.slowest] = "slowest"
    return draw(live.plan.process, more=more, notes=notes or {"": []})


def _notes(live: Live, found: Traffic, key: str) -> Iterator[Note]:
    """How often, how long, how many wait: the words of each are read to whoever does not see the picture."""
    if count := found.passed[key]:
        told = ngettext("passed {n} time", "passed {n} times", count).format(n=count)
        yield Note(_short(count), live.rows("way", step=key), told)
    if (stay := found.stays.get(key)) and stay.whole.number:
        half, most = length(stay.whole.median).text, length(stay.whole.p90).text
        told = _("half stayed at most {half}, nine in ten at most {most}").format(half=half, most=most)
        yield Note(f"½ {half} · 90 % {most}", live.rows("stay", step=key), told)
    if now := found.now.get(key):
        told = ngettext("{n} waits now", "{n} wait now", now.number).format(n=now.number)
        late = _(", {n} too long").format(n=now.late) if now.late else ""
        yield Note(f"{told}{late}", live.waits(key), f"{told}{late}", "late" if now.late else "waits")


def _short(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _along(live: Live, source: str, target: str) -> str:
    node = live.plan.nodes.get(source)
    return live.rows("stay" if node and node.kind == "ask" else "way", step=source, then=target)


def _steps(live: Live, found: Traffic) -> Iterator[Step]:
    process = live.plan.process
    for key in [*process.elements, *sorted(found.passed.keys() - process.elements.keys())]:
        element, stay, now = process.elements.get(key), found.stays.get(key), found.now.get(key)
        cells = [
            number(found.passed[key], live.rows("way", step=key)),
            length(stay.whole.median if stay else None), length(stay.whole.p90 if stay else None),
            length(stay.opened.median if stay else None),
            number(stay.late if stay else 0, live.rows("stay", step=key, late="1")),
            number(found.by_hand[key], live.rows("way", step=key, hand="1")),
            number(now.number if now else 0, live.waits(key)), number(now.late if now else 0, live.waits(key)),
        ]  # fmt: skip
        if not any(cell.text not in ("0", "–") for cell in cells):
            continue
        arrows = [
            (_called(live, one.target, one.name), number(found.along[key, one.target], _along(live, key, one.target)))
            for one in process.leaving(key)
        ]
        name = (element.name if element else "") or key
        kind = str(KINDS.get(element.kind, "")) if element else _("of earlier versions")
        yield Step(name, kind, cells, arrows, key == found.slowest)


def _called(live: Live, target: str, words: str) -> str:
    name = live.plan.process.elements[target].name or target
    return f"{words}: {name}" if words else name


@require_safe
@in_company_time
def waiting(request: HttpRequest, step: str) -> HttpResponse:
    """What waits at one step now, the longest first."""
    live = live_of(request)
    found = live_map.open_waits(live.asked.scope, live.maps, live.intent).filter(element=step)
    after = given.place(request)
    page = found.filter(opened_at__gte=after.at).exclude(opened_at=after.at, pk__lte=after.number) if after else found
    lines = list(page.select_related("identity", "conversation__channel")[: PAGE + 1])
    more = str(Place(lines[PAGE - 1].pk, lines[PAGE - 1].opened_at)) if len(lines) > PAGE else ""
    node, cases = live.plan.nodes.get(step), live_map.cases_of(live.asked.scope.user, lines[:PAGE])
    context = {
        "at": "map", "live": live, "name": node.name if node else step, "total": found.count(), "more": more,
        "lines": [(one, cases[one.conversation_id, one.identity_id]) for one in lines[:PAGE]], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "web/maps/waiting.html", context)

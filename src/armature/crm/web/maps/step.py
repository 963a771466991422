"""The form of one step of a draft: in plain words, with pickers over what is known there."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from armature.arm.process_map import (
    FORMS,
    OUTCOMES,
    STARTS,
    STEPS,
    Element,
    ProcessMap,
    Tables,
    edit,
    known_before,
    parse,
)
from armature.arm.process_map.edit import Drawing
from armature.arm.process_map.edit.arrows import SIGNS as COMPARED
from armature.arm.process_map.reading import provides, waits
from armature.arm.process_map.way import in_order
from armature.arm.rule.field import Catalogue, Field
from armature.crm.accounts.access import Refused
from armature.crm.decide import company_facts, drawing
from armature.crm.decide.drawn import Draft
from armature.crm.decide.tables import known
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.maps import asked, said
from armature.crm.web.maps.draft import TEAM_FACTS, draft_or_404, told
from armature.crm.web.process_map import KINDS
from armature.crm.web.shipped_words import in_their_language

NEW = {
    "userTask": gettext_lazy("A task for people"), "serviceTask": gettext_lazy("Something that Armature does"),
    "businessRuleTask": gettext_lazy("A decision by a table"),
    "exclusiveGateway": gettext_lazy("A choice: the way parts"),
    "endEvent": gettext_lazy("An end"), "boundaryEvent": gettext_lazy("A timer on this step"),
}  # fmt: skip
"""What can be added behind a step."""
UNIT_NAMES = {"minutes": gettext_lazy("minutes"), "hours": gettext_lazy("hours"), "days": gettext_lazy("days")}
UNBOUND = {
    "serviceTask": ("step", gettext_lazy("What Armature does")), "businessRuleTask": ("table", gettext_lazy("Table")),
    "userTask": ("form", gettext_lazy("What people do here")), "endEvent": ("outcome", gettext_lazy("How it ends")),
    "startEvent": ("start", gettext_lazy("What begins here")),
}  # fmt: skip
NAMED = {"outcome": OUTCOMES, "start": STARTS}


@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """One step: looked at, changed, followed by another, taken out."""
    draft = draft_or_404(user_of(request), key)
    process = parse(draft.body.encode())[0]
    element = process.elements.get(step)
    if element is None:
        raise Http404
    if request.method != "POST":
        return _page(request, draft, process, element, asked.of(process, element))
    typed, do = asked.given(request.POST, process, element), request.POST.get("do", "keep")
    if do.startswith("look:"):
        return _page(request, draft, process, element, typed, look=do.removeprefix("look:"))
    try:
        return _changed(request, draft, element, typed, do)
    except Refused as refused:
        fresh = draft_or_404(user_of(request), key)
        return _page(request, fresh, process, element, typed, str(refused), status=422)


def _changed(request: HttpRequest, draft: Draft, element: Element, typed: asked.Asked, do: str) -> HttpResponse:
    facts, user, step = company_facts.for_drawing(), user_of(request), element.id
    revision, what = number(request, "revision"), do.partition(":")[0]
    here, name = reverse("map-step", args=[draft.key, step]), typed.name or step

    def deed(one: Drawing) -> str:
        if what == "out":
            edit.take_out(one, step)
            return ""
        asked.draw(one, step, typed, facts)
        return _more(request, one, step, do)

    now, made = drawing.change(user, draft, revision, deed)
    told(request, now, _told(what, name, words(request, "new_name")))
    if what == "add":
        return redirect("map-step", draft.key, made)
    if what in ("arrow", "arrow-out"):
        return redirect(f"{here}#ways")
    place = f"step-{step}" if what != "out" else "content"
    return redirect(f"{reverse('map-draft', args=[draft.key])}#{place}")


def _more(request: HttpRequest, one: Drawing, step: str, do: str) -> str:
    """A step or an arrow that is added or taken out besides what was typed; the id of what is new."""
    what, _colon, arrow = do.partition(":")
    if what == "add":
        on = words(request, "new_on")
        where = {"arrow": on} if on and words(request, "new_kind") != "boundaryEvent" else {"behind": step}
        return edit.add(one, words(request, "new_kind"), words(request, "new_name"), lane=words(request, "new_lane"),
                        **where)  # fmt: skip
    if what == "arrow":
        return edit.add_arrow(one, step, words(request, "new_to"))
    if what == "arrow-out":
        edit.take_out_arrow(one, arrow)
    return ""


def _told(what: str, name: str, new: str) -> str:
    if what == "add":
        return _("“{name}” was added behind “{step}”. Say here what it does.").format(name=new, step=name)
    if what == "out":
        return _("“{name}” was taken out.").format(name=name)
    return _("“{name}” was changed.").format(name=name)


def _page(
    request: HttpRequest, draft: Draft, process: ProcessMap, element: Element, typed: asked.Asked, problem: str = "",
    *, look: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = form(draft, process, element, typed)
    return render(request, "web/maps/step.html", {**context, "problem": problem, "look": look}, status=status)


def form(draft: Draft, process: ProcessMap, element: Element, typed: asked.Asked) -> dict[str, Any]:
    """What the form of a step shows."""
    facts, read = company_facts.for_drawing(), known()
    at = said.placed(process, drawing.findings(draft))
    bound = UNBOUND.get(element.kind)
    return {
        "at": "map", "draft": draft, "step": element, "asked": typed,
        "called": said.called(process, element.id), "kind": KINDS[element.kind], "wrong": at.get(element.id, ()),
        "lanes": process.lanes, "units": _units(facts), "teams": facts["team"].values.items(),
        "team_facts": [facts[one] for one in TEAM_FACTS], "parts": element.kind == "exclusiveGateway",
        "ways": list(_ways(process, element, typed, facts, read)), "targets": _targets(process, element.id),
        "new": [(key, name) for key, name in NEW.items() if key != "boundaryEvent" or waits(element)],
        "arrows": process.leaving(element.id), "host": said.called(process, element.host),
        "can_lead": element.kind == "exclusiveGateway" or not process.leaving(element.id),
        "bound": bound and (bound[0], bound[1], typed.own.get(bound[0], ""), _choices(bound[0], read)),
    }  # fmt: skip


def _choices(binding: str, tables: Tables) -> list[tuple[str, str]]:
    if binding == "table":
        return [(key, table.label) for key, table in tables.items()]
    known = {"step": STEPS, "form": FORMS}.get(binding)
    labels = {key: one.label for key, one in known.items()} if known else NAMED[binding]
    return [(key, in_their_language(label)) for key, label in labels.items()]


def _units(facts: Catalogue) -> list[tuple[str, str]]:
    times = [facts[key] for key in ("sla_minutes", "judge_minutes") if key in facts]
    named = [(f"fact:{one.key}", _("times “{fact}”").format(fact=in_their_language(one.label))) for one in times]
    return [*((key, str(name)) for key, name in UNIT_NAMES.items()), *named]


def _targets(process: ProcessMap, step: str) -> list[tuple[str, str]]:
    return [
        (key, said.called(process, key))
        for key in in_order(process)
        if key != step and process.elements[key].kind not in ("startEvent", "boundaryEvent")
    ]


def _ways(
    process: ProcessMap, element: Element, typed: asked.Asked, facts: Catalogue, tables: Tables
) -> Iterator[Mapping[str, Any]]:
    """The arrows of a step, each with what can be picked for it."""
    known = known_before(process, facts, tables)[element.id] | provides(element, facts, tables)
    usable = [one for key, one in facts.items() if key in known and one.type != "words"]
    for way in typed.ways:
        fact = facts.get(way.fact)
        picks = usable if fact is None or fact in usable else [*usable, fact]
        yield {
            "way": way, "facts": [(one.key, in_their_language(one.label)) for one in picks], "fact": fact,
            "signs": [(sign, said.SIGNS[sign]) for sign in _signs(fact)] if fact else [],
            "values": _values(process, fact, way) if fact else [],
            "unknown": fact is not None and fact.key not in known,
            "typed": ", ".join(way.values), "called": said.called(process, way.to),
        }  # fmt: skip


def _signs(fact: Field) -> tuple[str, ...]:
    if fact.type == "choice":
        return ("in", "not in")
    return COMPARED if fact.type == "number" else ("=",)


def _values(process: ProcessMap, fact: Field, way: asked.Way) -> list[tuple[str, str, bool]]:
    """What a fact can be, in words, and whether it is picked; empty: it is typed."""
    if fact.type == "yes_no":
        return [(one, _(one), one in way.values) for one in ("yes", "no")]
    named = dict(fact.values)
    if fact.key == "written_at":
        named = {
            key: one.name for key, one in process.elements.items() if one.own.get("form") in ("response", "executive")
        }
    more = {one: one for one in way.values if one not in named}
    return (
        [(key, in_their_language(label), key in way.values) for key, label in {**named, **more}.items()]
        if named
        else []
    )

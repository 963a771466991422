"""The draft of a map on a canvas: drawn by hand in the browser, bound by forms from here, checked here as one draws."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.arm.process_map import ProcessMap, edit, parse
from armature.arm.process_map.bpmn import LARGEST
from armature.arm.process_map.edit import Drawing
from armature.arm.rule.finding import Finding, errors
from armature.crm.accounts.access import Refused
from armature.crm.decide import company_facts, drafts, drawing
from armature.crm.decide.drawn import Draft
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.maps import asked, said, step
from armature.crm.web.maps.draft import TEAM_FACTS, draft_or_404, left, picture, publishable, team
from armature.crm.web.middleware import POLICY

CANVAS_POLICY = POLICY.replace("style-src 'self';", "style-src 'self'; style-src-attr 'unsafe-inline';")
"""Icons of bpmn-js carry their looks as attributes, here alone; a style that is text of a page stays forbidden."""


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """The canvas, what is to mend, and publishing; the picture alone where there is no room to draw, or no script."""
    user = user_of(request)
    draft = draft_or_404(user, key)
    process, found = parse(draft.body.encode())[0], drawing.findings(draft)
    at = said.placed(process, found)
    at.pop("", None)
    context = {
        "at": "map", "draft": draft, "process": process, "picture": picture(process, at),
        "state": json.dumps(_state(draft)), **publishable(user, draft),
    }  # fmt: skip
    response = render(request, "web/maps/canvas.html", context)
    response.headers["Content-Security-Policy"] = CANVAS_POLICY
    return response


def _state(draft: Draft) -> dict[str, Any]:
    """Where the draft stands: which revision, and what is to mend in it."""
    found = drawing.findings(draft)
    process = parse(draft.body.encode())[0]
    wrong = len(errors(found))
    return {"revision": draft.revision, "wrong": wrong, "words": left(wrong), "findings": list(_placed(process, found))}


def _placed(process: ProcessMap, found: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """The findings, each where it can be marked: at a step, at something that cannot be run, or nowhere."""
    for key, ones in said.placed(process, found).items():
        for one in ones:
            yield {"place": key or one.place, "words": one.words, "error": one.error}


@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """The draft reads as the canvas has it now; answers with what is to mend, or with why it is not kept."""
    user, file = user_of(request), request.FILES.get("xml")
    draft = draft_or_404(user, key)
    xml = file.read(LARGEST + 1) if file is not None else b""
    try:
        now = drawing.redraw(user, draft, number(request, "revision"), xml)
    except drafts.DrawnMeanwhile as meanwhile:
        return JsonResponse({"problem": str(meanwhile)}, status=409)
    except Refused as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    return JsonResponse(_state(now))


@require_http_methods(["GET", "HEAD", "POST"])
def bound(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """The form of what is chosen on the canvas; sent back, it answers with what has to be written there.

    Nothing is kept by it: the canvas writes it, so that it can be taken back there, and keeps the whole.
    """
    draft = draft_or_404(user_of(request), key)
    process = parse(draft.body.encode())[0]
    if any(lane.id == step for lane in process.lanes):
        return _lane(request, draft, process, step)
    if step not in process.elements:
        raise Http404
    return _step(request, draft, process, step)


def _step(request: HttpRequest, draft: Draft, process: ProcessMap, key: str) -> HttpResponse:
    element = process.elements[key]
    if request.method != "POST":
        return _panel(request, draft, step.form(draft, process, element, asked.of(process, element)))
    typed, do = asked.given(request.POST, process, element), request.POST.get("do", "keep")
    look = do.removeprefix("look:") if do.startswith("look:") else ""
    if look:
        return _panel(request, draft, {**step.form(draft, process, element, typed), "look": look})
    facts = company_facts.for_drawing()
    try:
        drawn, _none = drawing.tried(draft, lambda one: asked.draw(one, key, typed, facts))
    except Refused as refused:
        context = {**step.form(draft, process, element, typed), "problem": str(refused)}
        return _panel(request, draft, context, status=422)
    return JsonResponse(_to_write(drawn.map, key))


def _to_write(process: ProcessMap, key: str) -> dict[str, Any]:
    """A step as the canvas has to write it."""
    element, lane = process.elements[key], process.lane(key)
    ways = [
        {"id": way.id, "name": way.name, "condition": way.condition, "to": way.target} for way in process.leaving(key)
    ]
    own = {name: element.own.get(name, "") for name in edit.BINDINGS}
    return {"name": element.name, "own": own, "rest": element.default, "interrupts": element.interrupts,
            "lane": lane.id if lane and element.kind != "boundaryEvent" else "", "ways": ways}  # fmt: skip


def _lane(request: HttpRequest, draft: Draft, process: ProcessMap, key: str) -> HttpResponse:
    lane = next(one for one in process.lanes if one.id == key)
    facts = company_facts.for_drawing()
    who = lane.team or (f"from:{lane.team_from}" if lane.team_from else "")
    context = {"lane": lane, "who": who, "teams": facts["team"].values.items(),
               "team_facts": [facts[one] for one in TEAM_FACTS]}  # fmt: skip
    if request.method != "POST":
        return _panel(request, draft, context)

    def deed(one: Drawing) -> None:
        edit.change_lane(one, key, words(request, "name").strip() or lane.name, **team(words(request, "team")))

    drawn, _none = drawing.tried(draft, deed)
    now = next(one for one in drawn.map.lanes if one.id == key)
    return JsonResponse({"name": now.name, "own": {"team": now.team, "team_from": now.team_from}, "ways": []})


def _panel(request: HttpRequest, draft: Draft, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "web/maps/_panel.html", {**context, "draft": draft}, status=status)

"""The draft of a map as a list of steps: looked at, changed as a whole, given up, published."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from armature.arm.map_picture import draw
from armature.arm.process_map import ProcessMap, edit, parse
from armature.arm.process_map.edit import Drawing
from armature.arm.rule.finding import Unfit, errors
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.decide import company_facts, drafts, drawing, publishing, versions
from armature.crm.decide import tables as known_tables
from armature.crm.decide.drawn import Draft
from armature.crm.web import together
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.maps import said

MOST_BESIDE = 50
"""Findings that are listed of drafts that are published together."""
TEAM_FACTS = ("team", "judge_team", "copy_team")
"""Facts that name a team."""


def draft_or_404(user: User, key: str) -> Draft:
    """The draft of a map, for whoever may draw; else there is none."""
    found = drafts.draft_for(user, versions.MAP, key)
    if found is None:
        raise Http404
    return found


def tables() -> dict[str, str]:
    """What each table is called, by its key."""
    return {key: table.label for key, table in known_tables.known().items()}


def told(request: HttpRequest, draft: Draft, words: str) -> None:
    """Say what changed, and how many findings are left."""
    messages.success(request, words + " " + left(len(errors(drawing.findings(draft)))))


def left(count: int) -> str:
    """How many findings are left, in words."""
    how_many = ngettext("{n} finding is left.", "{n} findings are left.", count).format(n=count)
    return how_many if count else _("No findings are left.")


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """The draft: its findings, its picture, its steps by lane."""
    return page(request, draft_or_404(user_of(request), key))


def page(request: HttpRequest, draft: Draft, problem: str = "", *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a draft, with what went wrong when something did."""
    process, facts = parse(draft.body.encode())[0], company_facts.for_drawing()
    found = drawing.findings(draft)
    at = said.placed(process, found)
    context: dict[str, Any] = {
        "at": "map", "draft": draft, "process": process, "findings": found, "wrong": len(errors(found)),
        "whole": at.pop("", []), "lanes": said.lanes(process, facts, tables(), at), "picture": picture(process, at),
        "places": {place: said.called(process, place) for place in at}.items(), "problem": problem,
        "teams": facts["team"].values.items(), "team_facts": [facts[one] for one in TEAM_FACTS],
        "undo": draft.before.exists(), **publishable(user_of(request), draft), **more,
    }  # fmt: skip
    return render(request, "web/maps/draft.html", context, status=status)


def publishable(user: User, draft: Draft) -> dict[str, Any]:
    """What the form to publish a draft shows; tables that it needs and that are only drawn yet go with it."""
    needed = publishing.uses(draft.body) & {one.key for one in versions.only_drawn()}
    beside = together.others(user, draft)
    return {
        "others": beside,
        "picked": {one.reads_as for one in beside if one.kind == versions.TABLE and one.key in needed},
        "may_publish": publishing.may_publish(user), "four_eyes": publishing.rule().four_eyes,
        "note": draft.asked_note if draft.is_asked_for else "", "asked_by_me": draft.asked_by_id == user.pk,
    }  # fmt: skip


def picture(process: ProcessMap, at: Any) -> str:
    """The draft as it is drawn, with a mark where something is to mend."""
    marks = {key: f"! {len(found)}" for key, found in at.items()}
    return mark_safe(draw(process, marks, more=dict.fromkeys(at, "wrong")))  # noqa: S308  each of its words escaped


@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft of the newest version, or go on with the one there is."""
    user, newest = user_of(request), versions.newest(versions.MAP, key)
    if newest is None or not drafts.may_draw(user):
        raise Http404
    name = publishing.name_of(versions.MAP, newest.body)
    try:
        drafts.begin(user, versions.MAP, key, name=name, body=newest.body)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("map-draft", key)


@require_POST
def give_up(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the draft away."""
    user = user_of(request)
    draft = draft_or_404(user, key)
    if draft.revision != number(request, "revision"):
        return page(
            request, draft, _("The draft changed meanwhile. Look at it again before you give it up."), status=422
        )
    drafts.give_up(user, draft)
    messages.success(request, _("The draft was given up. What is in force stays as it is."))
    return redirect("map-detail", key) if versions.newest(versions.MAP, key) else redirect("maps")


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """The name of the map, a lane, or the last change taken back."""
    user = user_of(request)
    draft, revision, what = draft_or_404(user, key), number(request, "revision"), request.POST.get("do", "")
    try:
        if what == "undo":
            now, done = drafts.undo(user, draft, revision=revision), _("The last change was taken back.")
        else:
            deed, done = _deed(request, what)
            now, _none = drawing.change(user, draft, revision, deed)
    except Refused as refused:
        return page(request, draft_or_404(user, key), str(refused), status=422)
    told(request, now, done)
    return redirect(f"{reverse('map-draft', args=[key])}#{'lanes' if 'lane' in what else 'content'}")


def _deed(request: HttpRequest, what: str) -> tuple[Callable[[Drawing], object], str]:
    """What is meant by a button on the page of the draft, and how it is told."""
    do, _colon, lane = what.partition(":")
    name = words(request, "name").strip()
    who = team(words(request, "team"))
    if do in ("name", "lane", "add-lane") and not name:
        raise Refused(_("The name: write what people call it."))
    if do == "name":
        return lambda one: edit.rename_map(one, name), _("The map was renamed.")
    if do == "lane":
        return lambda one: edit.change_lane(one, lane, name, **who), (
            _("The lane “{name}” was changed.").format(name=name))  # fmt: skip
    if do == "lane-out":
        return lambda one: edit.take_out_lane(one, lane), _("The lane was taken out.")
    if do == "add-lane":
        return lambda one: edit.add_lane(one, name, **who), _("The lane “{name}” was added.").format(name=name)
    raise Refused(_("Choose what to change."))


def team(given: str) -> dict[str, str]:
    """Who acts, as the picker gives it: a team, or ``from:`` and the fact that names one."""
    fact = given.removeprefix("from:") if given.startswith("from:") else ""
    return {"team": "" if fact else given, "team_from": fact}


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the draft to be published, or publish it; with a note."""
    user, note = user_of(request), words(request, "note", 400)
    draft = draft_or_404(user, key)
    typed: dict[str, Any] = {"note": note, "picked": together.picked(request)}
    try:
        if draft.revision != number(request, "revision"):
            raise Refused(_("The draft changed meanwhile. Look at it again before it is published."))
        if request.POST.get("do") == "ask":
            for one in together.chosen(request, user, draft):
                drafts.ask(user, one, note)
            messages.success(request, _("Asked: somebody who may publish sees it here."))
            return redirect("map-draft", key)
        published = publishing.publish(user, together.chosen(request, user, draft), note)
        [made] = [one for one in published if one.key == key]
    except Unfit as unfit:
        problem = ngettext("Not published: {n} finding has to be mended first. It is listed below.",
                           "Not published: {n} findings have to be mended first. They are listed below.",
                           len(unfit.findings)).format(n=len(unfit.findings))  # fmt: skip
        beside = unfit.findings[:MOST_BESIDE] if typed["picked"] else ()
        return page(request, draft, problem, status=422, beside=beside, **typed)
    except (Refused, NotAllowed) as refused:
        return page(request, draft, str(refused), status=422, **typed)
    if made.mapassignment_set.exists():
        words_ = _("Published: version {n} is in force for what begins from now on.")
    else:
        words_ = _("Published: version {n}. It is in force nowhere yet: choose where on the page of all maps.")
    messages.success(request, words_.format(n=made.version))
    return redirect("map-detail", key)

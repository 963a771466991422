"""One map: as it is in force, and its versions, compared in words and in the picture."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.arm.map_picture import draw
from armature.arm.process_map import STARTS, ProcessMap, parse
from armature.arm.process_map.compare import ADDED, CHANGED, REMOVED, Difference, compare
from armature.arm.rule.catalogue import FACTS
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.decide import drafts, publishing, versions
from armature.crm.decide.models import MapAssignment
from armature.crm.decide.models import ProcessMap as Published
from armature.crm.listen.models import Direction
from armature.crm.web.desk_parts import user_of
from armature.crm.web.maps import said
from armature.crm.web.process_map import KINDS, by_lane
from armature.crm.web.shipped_words import in_their_language

MOST = 200
"""Versions that are listed."""
SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "≠"}
HOW = {ADDED: gettext_lazy("Added"), REMOVED: gettext_lazy("Taken out"), CHANGED: gettext_lazy("Changed")}
WHAT = {
    "map": gettext_lazy("the map"), "lane": gettext_lazy("lane"), "step": gettext_lazy("step"),
    "arrow": gettext_lazy("arrow"),
}  # fmt: skip
FIELDS = {
    "name": gettext_lazy("name"), "kind": gettext_lazy("kind"), "lane": gettext_lazy("lane"),
    "host": gettext_lazy("sits on"), "interrupts": gettext_lazy("ends the wait"),
    "default": gettext_lazy("else leads to"),
    "leads from": gettext_lazy("leads from"), "leads to": gettext_lazy("leads to"),
    "condition": gettext_lazy("when"), "step": gettext_lazy("what Armature does"), "table": gettext_lazy("table"),
    "form": gettext_lazy("what people do"), "team": gettext_lazy("team"), "team_from": gettext_lazy("team named by"),
    "after": gettext_lazy("after"), "clock": gettext_lazy("clock"), "outcome": gettext_lazy("outcome"),
    "reason": gettext_lazy("reason"), "value": gettext_lazy("more"), "start": gettext_lazy("what begins here"),
}  # fmt: skip


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """One map as it is in force, else its newest version."""
    user, at = user_of(request), MapAssignment.objects.filter(map__key=key)
    in_force = at.select_related("map", "brand", "channel").order_by("-brand_id", "-channel_id")
    row = in_force[0].map if in_force else versions.newest(versions.MAP, key)
    if row is None:
        raise Http404
    process = parse(row.body.encode())[0]
    context = {
        "at": "map", "map": row, "process": process, "picture": _drawn(process), "lanes": by_lane(process),
        "places": [_place(one) for one in in_force], "draws": drafts.may_draw(user),
        "draft": drafts.draft_for(user, versions.MAP, key),
    }  # fmt: skip
    return render(request, "web/maps/one.html", context)


def _drawn(process: ProcessMap, **more: Any) -> str:
    return mark_safe(draw(process, **more))  # noqa: S308  made from the map alone, each of its words escaped


def _place(one: MapAssignment) -> str:
    """Where a map is in force, in words."""
    if one.channel is not None:
        return one.channel.name
    if one.brand is not None:
        return one.brand.name
    return _("everything that comes in") if one.direction == Direction.IN else _("everything that we start")


@require_safe
def listed(request: HttpRequest, key: str) -> HttpResponse:
    """All versions of a map; two of them, or the draft and one, side by side when that is asked for."""
    user = user_of(request)
    found = list(_versions(key))
    if not found:
        raise Http404
    where: dict[int, list[str]] = {}
    for one in MapAssignment.objects.filter(map__key=key).select_related("brand", "channel"):
        where.setdefault(one.map_id, []).append(_place(one))
    draft = drafts.draft_for(user, versions.MAP, key)
    numbers = [str(one.version) for one in found]
    to = request.GET.get("to") or ("draft" if draft else numbers[0])
    since = request.GET.get("from") or (numbers[0] if to == "draft" else numbers[min(1, len(numbers) - 1)])
    context = {
        "at": "map", "key": key, "versions": [(one, where.get(one.pk, [])) for one in found], "draft": draft,
        "draws": drafts.may_draw(user), "numbers": numbers, "since": since, "to": to,
        **(_compared(user, key, since, to) if "to" in request.GET else {}),
    }  # fmt: skip
    return render(request, "web/maps/versions.html", context)


def _versions(key: str) -> QuerySet[Published]:
    rows = Published.objects.filter(key=key).select_related("published_by").defer("body")
    return rows.order_by("-version")[:MOST]


def _body(user: User, key: str, which: str) -> str:
    draft = drafts.draft_for(user, versions.MAP, key) if which == "draft" else None
    if draft is not None:
        return draft.body
    number = int(which) if which.isdecimal() and which.isascii() and len(which) < 9 else 0
    found = versions.of(versions.MAP, key).filter(version=number).first()
    if found is None:
        raise Http404
    return found.body


def _compared(user: User, key: str, since: str, to: str) -> dict[str, Any]:
    before, after = (parse(_body(user, key, which).encode())[0] for which in (since, to))
    differences = compare(before, after)
    return {
        "compared": True, "process": after, "differences": [_words(one) for one in differences],
        "before": _marked(before, differences, ADDED), "after": _marked(after, differences, REMOVED),
    }  # fmt: skip


def _marked(process: ProcessMap, differences: list[Difference], but: str) -> str:
    marks = {one.id: SIGNS[one.how] for one in differences if one.how != but}
    return _drawn(process, marks=marks, more={one.id: one.how for one in differences if one.how != but})


def _words(one: Difference) -> dict[str, Any]:
    """A difference for the list."""
    changes = []
    for change in one.changes:
        before, after = change.before, change.after
        if change.field == "condition":
            before, after = said.condition(before, FACTS), said.condition(after, FACTS)
        if change.field == "interrupts":
            before, after = (_(word) if word else "" for word in (before, after))
        if change.field == "kind":
            before, after = (str(KINDS.get(word, word)) for word in (before, after))
        if change.field == "start":
            before, after = (in_their_language(STARTS.get(word, word)) for word in (before, after))
        changes.append((FIELDS.get(change.field, change.field), before, after))
    return {"sign": SIGNS[one.how], "how": HOW[one.how], "class": one.how, "what": WHAT[one.what], "called": one.called,
            "changes": changes}  # fmt: skip


@require_POST
def back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A draft that reads like an earlier version."""
    user = user_of(request)
    if not drafts.may_draw(user) or not versions.of(versions.MAP, key).filter(version=number).exists():
        raise Http404
    try:
        publishing.begin_from(user, versions.MAP, key, number)
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
        return redirect("map-versions", key)
    messages.success(request, _("The draft reads like version {n}. Publishing it goes back to it.").format(n=number))
    return redirect("map-draft", key)

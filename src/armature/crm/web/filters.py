"""Filters on the screen: chips over the list, each with its words and a way to take it off; the same in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from armature.crm.accounts.models import Brand, Team, User
from armature.crm.act import saved
from armature.crm.act.filters import Filters, read
from armature.crm.act.models import Status, Tag
from armature.crm.listen.models import Channel
from armature.crm.web.bar import MOST, PRIORITIES
from armature.crm.web.desk_parts import user_of, view_or_404
from armature.crm.web.given import page_of
from armature.crm.web.shipped_words import short_intents

LABELS = {
    "status": gettext_lazy("Status"), "team": gettext_lazy("Team"), "form": gettext_lazy("Step"),
    "assignee": gettext_lazy("Has it"), "tag": gettext_lazy("Tag"), "brand": gettext_lazy("Brand"),
    "channel": gettext_lazy("Channel"), "intent": gettext_lazy("Intent"), "priority": gettext_lazy("Priority"),
    "due": gettext_lazy("Due"), "clock": gettext_lazy("Promise"),
}  # fmt: skip
FORM_WORDS = {
    "intent": gettext_lazy("intent to judge"), "response": gettext_lazy("response to write"),
    "executive": gettext_lazy("executive desk"), "approval": gettext_lazy("to approve"),
    "delivery": gettext_lazy("did it go out?"), "send": gettext_lazy("on its way out"),
    "feedback": gettext_lazy("waiting for them"),
}  # fmt: skip
DUE_WORDS = {
    "late": gettext_lazy("overdue"), "hour": gettext_lazy("within the hour"), "today": gettext_lazy("today"),
    "none": gettext_lazy("no time set"),
}  # fmt: skip
CLOCK_WORDS = {
    "first-late": gettext_lazy("first answer overdue"), "first-today": gettext_lazy("first answer due today"),
    "next-late": gettext_lazy("next answer overdue"), "next-today": gettext_lazy("next answer due today"),
    "resolution-late": gettext_lazy("resolution overdue"), "resolution-today": gettext_lazy("resolution due today"),
}  # fmt: skip


def of(request: HttpRequest) -> Filters:
    """The filters of the page that somebody is on; a deed is done from a page, whose address it names."""
    if request.method in ("GET", "HEAD"):
        return read(request.GET.dict())
    return read(dict(parse_qsl(page_of(request).query)))


def query(chosen: Filters) -> str:
    """The filters as they stand in an address."""
    return urlencode(chosen.values)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words; ``rest`` is the address without it."""

    label: str
    value: str
    rest: str


def chips(chosen: Filters) -> list[Chip]:
    """All of them; names are looked up, at most one query for each kind."""
    return [
        Chip(str(LABELS[key]), str(_words(key, value)), query(chosen.without(key)))
        for key, value in chosen.values.items()
    ]


def _words(key: str, value: str) -> object:
    if value in ("me", "none") and key == "assignee":
        return _("me") if value == "me" else _("nobody")
    look_up: dict[str, Callable[[], object]] = {
        "assignee": lambda: User.objects.filter(pk=int(value)).first(),
        "tag": lambda: Tag.objects.filter(pk=int(value)).first(),
        "brand": lambda: Brand.objects.filter(pk=int(value)).first(),
        "channel": lambda: Channel.objects.filter(pk=int(value)).first(), "form": lambda: FORM_WORDS[value],
        "team": lambda: Team.objects.filter(key=value).first(),
        "status": lambda: Status(value).label, "intent": lambda: short_intents()[value],
        "priority": lambda: value, "due": lambda: DUE_WORDS[value],
        "clock": lambda: CLOCK_WORDS[value],
    }  # fmt: skip
    return look_up[key]() or value


@require_safe
def choices(request: HttpRequest, view: str) -> HttpResponse:
    """What a list can be narrowed to, and a place to keep the choice: asked for when somebody opens it."""
    user, chosen = user_of(request), of(request)
    context: dict[str, Any] = {
        "view": view_or_404(view), "query": query(chosen), "chosen": chosen.values,
        "lists": _lists(), "teams": [team for team in Team.objects.order_by("name") if saved.may_share(user, team)],
    }  # fmt: skip
    return render(request, "web/_filter_choices.html", context)


def _lists() -> list[tuple[str, object, list[tuple[str, object]]]]:
    people = User.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:MOST]
    tags = Tag.objects.order_by("name").values_list("pk", "name")[:MOST]
    places = Channel.objects.order_by("name").values_list("pk", "name")[:MOST]
    found: dict[str, list[tuple[object, object]]] = {
        "status": list(Status.choices),
        "team": list(Team.objects.order_by("name").values_list("key", "name")[:MOST]),
        "assignee": [("me", _("me")), ("none", _("nobody")), *people],
        "tag": list(tags),
        "form": list(FORM_WORDS.items()),
        "brand": list(Brand.objects.order_by("name").values_list("pk", "name")[:MOST]),
        "channel": list(places),
        "intent": list(short_intents().items()),
        "priority": list(PRIORITIES),
        "due": list(DUE_WORDS.items()),
        "clock": list(CLOCK_WORDS.items()),
    }
    return [(key, LABELS[key], [(str(value), label) for value, label in some]) for key, some in found.items()]

"""All maps of the company: which there are, where which is in force, how to start one, and who publishes."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.arm.process_map.bpmn import LARGEST
from armature.arm.process_map.edit.foreign import Change, take_over
from armature.arm.process_map.edit.tree import CannotDraw
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, User
from armature.crm.decide import assigning, drafts, drawing, library, publishing, versions
from armature.crm.decide.drawn import Draft, Publisher
from armature.crm.decide.models import MapAssignment
from armature.crm.listen.models import Channel, Direction
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import words
from armature.crm.web.local_time import in_company_time

Page = Callable[..., HttpResponse]
PLACES = {"brand": Brand, "channel": Channel}
"""Where a map can be in force besides everywhere."""


def doing(act: Callable[[HttpRequest, User], str | HttpResponse]) -> Page:
    """A deed of this page: what came of it is said there, or why it cannot be done."""

    @require_POST
    @wraps(act)
    def handle(request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        if not drafts.may_draw(user) and not publishing.may_publish(user):
            raise Http404
        try:
            done = act(request, user)
        except (NotAllowed, Refused) as refused:
            return _page(request, problem=str(refused), status=403 if isinstance(refused, NotAllowed) else 422)
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        return redirect("maps")

    return handle


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """The page. Everybody who works here may look; drafts are there for those who draw."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    user, newest = user_of(request), versions.newest_maps()
    names = {key: publishing.name_of(versions.MAP, one.body) or key for key, one in newest.items()}
    drawn = {draft.key: draft for draft in drafts.drafts_for(user) if draft.kind == versions.MAP}
    assigned = [*versions.assigned(), *versions.assigned(Direction.OUT)]
    ours = {key for key, one in newest.items() if versions.direction_of(one.body) == Direction.OUT}
    context: dict[str, Any] = {
        "at": "map", "problem": problem, "maps": _lines(newest, drawn, assigned),
        "ways": [(way, _where(way, names)) for way in Direction],
        "words": [(one, names[one.map.key]) for one in assigned],
        "choices": [(key, name, key in ours) for key, name in sorted(names.items(), key=lambda one: one[1])],
        "channels": Channel.objects.order_by("name", "id"),
        "library": library.LIBRARY,
        "may_draw": drafts.may_draw(user), "may_publish": publishing.may_publish(user),
        "brands": Brand.objects.order_by("name", "id"), "rule": publishing.rule(), "typed": request.POST,
    }  # fmt: skip
    if rights_of(user).of_all:
        context |= {
            "administers": True,
            "publishers": Publisher.objects.select_related("user").order_by("user__name", "user_id"),
            "people": User.objects.filter(is_active=True, publishes=None).order_by("name", "id")[:500],
        }
    return render(request, "web/maps/overview.html", context, status=status)


def _where(direction: Direction, names: Mapping[str, str]) -> list[tuple[assigning.Where, str]]:
    """For each channel what decides there in this direction, and what the map is called."""
    return [(one, names[one.decides.map.key] if one.decides else "") for one in assigning.wheres(direction)]


def _lines(
    newest: Mapping[str, Any], drawn: Mapping[str, Draft], assigned: Sequence[MapAssignment]
) -> list[dict[str, Any]]:
    """Each map with its newest version, its draft, and where it is in force."""
    keys = sorted(newest.keys() | drawn.keys())
    return [
        {
            "key": key, "version": newest.get(key), "draft": drawn.get(key),
            "name": publishing.name_of(versions.MAP, newest[key].body) if key in newest else drawn[key].name,
            "words": [one for one in assigned if one.map.key == key],
        }
        for key in keys
    ]  # fmt: skip


@doing
def start(request: HttpRequest, user: User) -> str | HttpResponse:
    """A draft of a map that ships."""
    shipped = library.shipped(words(request, "from"))
    if shipped is None:
        raise Http404
    draft = library.start(user, shipped, words(request, "name") or str(shipped.name))
    return redirect("map-draft", key=draft.key)


@require_http_methods(["POST"])
@in_company_time
def bring_in(request: HttpRequest) -> HttpResponse:
    """A draft of a file that another tool wrote, or that was taken out here; and what reads otherwise in it."""
    user, file = user_of(request), request.FILES.get("file")
    if not drafts.may_draw(user):
        raise Http404
    try:
        if file is None:
            raise CannotDraw(_("Choose a BPMN file first."))
        taken = take_over(file.read(LARGEST + 1), words(request, "process"))
        name = words(request, "name") or publishing.name_of(versions.MAP, taken.xml.decode()) or (file.name or "")
        with transaction.atomic():
            if before := drafts.draft_for(user, versions.MAP, words(request, "instead")):
                drafts.give_up(user, before)
            draft = library.new_map(user, name[:100], taken.xml.decode())
    except (CannotDraw, Refused) as refused:
        return _page(request, problem=str(refused), status=422)
    return _brought(request, draft, taken.changes, taken.processes)


def _brought(
    request: HttpRequest, draft: Draft, changes: Sequence[Change], processes: Sequence[tuple[str, str]]
) -> HttpResponse:
    found = drawing.findings(draft)
    context = {"at": "map", "draft": draft, "changes": changes, "processes": processes, "findings": found}
    return render(request, "web/maps/brought_in.html", context, status=201)


@doing
def assign(request: HttpRequest, user: User) -> str:
    """A map is in force somewhere from now on."""
    what, _sign, number = words(request, "where").partition("-")
    place = {what: _one(PLACES[what], number)} if what in PLACES else {}
    held = assigning.assign(user, words(request, "map"), **place)
    return _("Version {version} is in force there from the next interaction on.").format(version=held.map.version)


def _one(model: Any, number: str) -> Any:
    plain = number.isdecimal() and number.isascii() and len(number) < 19
    found = model.objects.filter(pk=int(number)).first() if plain else None
    if found is None:
        raise Http404
    return found


@doing
def end(request: HttpRequest, user: User) -> str:
    """The less exact word decides again."""
    held = _one(MapAssignment, words(request, "word"))
    assigning.end(user, held)
    if any(one.decides is None for one in assigning.wheres(held.direction)):
        return _("Taken out of force. Where no other map is in force, what we start is kept and asks for nothing.")
    return _("The map for the rest is in force there again.")


@doing
def rule(request: HttpRequest, user: User) -> str:
    """Whether two must publish."""
    publishing.say(user, four_eyes="four_eyes" in request.POST)
    return _("Kept.")


@doing
def publisher(request: HttpRequest, user: User) -> str:
    """Somebody may publish, or no longer."""
    publishing.name(user, _one(User, words(request, "user")), publishes="on" in request.POST)
    return _("Kept.")


@require_safe
def file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A published version as the file it is, for any tool that reads BPMN 2.0."""
    found = versions.of(versions.MAP, key).filter(version=number).first()
    if found is None:
        raise Http404
    return _as_file(found.body, f"{key}-{number}.bpmn")


@require_safe
def draft_file(request: HttpRequest, key: str) -> HttpResponse:
    """A draft as a file, for whoever may draw."""
    draft = drafts.draft_for(user_of(request), versions.MAP, key)
    if draft is None:
        raise Http404
    return _as_file(draft.body, f"{key}-draft.bpmn")


def _as_file(body: str, name: str) -> HttpResponse:
    sent = HttpResponse(body.encode(), content_type="application/xml; charset=utf-8")
    sent["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return sent

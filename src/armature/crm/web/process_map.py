"""The map that runs, as a picture to look at."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from armature.arm.map_picture import draw
from armature.arm.process_map import ProcessMap
from armature.crm.decide import versions
from armature.crm.decide.plans import load

KINDS = {
    "startEvent": _("begins"), "serviceTask": _("done by Armature"), "businessRuleTask": _("decided by rules"),
    "userTask": _("done by people"), "exclusiveGateway": _("the way parts"), "boundaryEvent": _("when time runs out"),
    "endEvent": _("ends"),
}  # fmt: skip


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The map in force for everything, drawn from its own coordinates, and the same as a list."""
    row = versions.for_the_rest()
    if row is None:
        raise Http404
    process = load([row.pk])[row.pk].process
    picture = mark_safe(draw(process))  # noqa: S308  made from the map alone, each of its words escaped
    context = {"at": "map", "map": row, "process": process, "picture": picture, "lanes": by_lane(process)}
    return render(request, "web/map.html", context)


def by_lane(process: ProcessMap) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The steps by lane: name, what kind of step it is, and where it leads."""
    return [(lane.name, [_step(process, key) for key in lane.elements]) for lane in process.lanes]


def _step(process: ProcessMap, key: str) -> tuple[str, str, str]:
    element = process.elements[key]
    targets = []
    for arrow in process.leaving(key):
        name = process.elements[arrow.target].name or str(KINDS.get(process.elements[arrow.target].kind, ""))
        targets.append(f"{arrow.name}: {name}" if arrow.name else name)
    kind = str(KINDS.get(element.kind, ""))
    return element.name or kind, kind, "; ".join(targets)

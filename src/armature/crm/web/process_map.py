"""The map that runs, as a picture to look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from armature.crm.decide.models import MapAssignment
from armature.crm.decide.plans import load


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The map in force for everything, drawn from its own coordinates."""
    assigned = MapAssignment.objects.select_related("map").order_by("brand_id", "channel_id").first()
    plan = load([assigned.map_id])[assigned.map_id] if assigned else None
    return render(request, "web/map.html", {"map": assigned and assigned.map, "plan": plan})

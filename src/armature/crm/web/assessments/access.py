"""Who gets to the pages of assessments."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from armature.crm.learn.assessments import commands, queries
from armature.crm.learn.assessments.models import Assessment
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time

Page = Callable[..., HttpResponseBase]


def for_leads(page: Page) -> Page:
    """For leads and administrators; for everybody else there is no such page."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not commands.may(user_of(request)):
            raise Http404
        return page(request, **named)

    return in_company_time(handle)  # type: ignore[arg-type]


def assessment_or_404(request: HttpRequest, number: int) -> Assessment:
    """One that is theirs to read."""
    found = queries.assessment_for(user_of(request), number)
    if found is None:
        raise Http404
    return found

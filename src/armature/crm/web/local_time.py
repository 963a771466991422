"""Times on the screens are those of the company's own zone."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from armature.crm.accounts.queries import company_zone

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def in_company_time(page: Page[Rest]) -> Page[Rest]:
    """Make a page in the zone of the company's opening hours."""

    def handle(request: HttpRequest, /, *given: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        with timezone.override(company_zone()):
            return page(request, *given, **named)

    update_wrapper(handle, page)
    return handle

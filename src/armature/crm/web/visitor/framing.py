"""Pages for customers: no log-in and no cookie, and shown in the frame of those sites that the channel names.

No cookie gives anybody a right on these pages, so no forged form can borrow one: the secret in the address is all there
is. That is why they ask for no CSRF mark, which in a frame of another site would need a cookie.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from armature.crm.channels.web import sites_of
from armature.crm.listen.models import Channel
from armature.crm.web.middleware import NO_FRAME, POLICY
from armature.crm.web.visitor.address import page_of

Page = Callable[..., HttpResponse]


def for_customers(page: Page) -> Page:
    """Give the channel of the address to a page; 404 when there is none (any more)."""

    @csrf_exempt
    @login_not_required
    @wraps(page)
    def handle(request: HttpRequest, slug: str, **named: Any) -> HttpResponse:
        channel = page_of(slug)
        response = page(request, channel, **named)
        if sites := _sites(channel):
            response.xframe_options_exempt = True  # the policy says it, site by site
            policy = POLICY.replace(NO_FRAME, f"frame-ancestors {' '.join(sites)}")
            response.headers["Content-Security-Policy"] = policy
        return response

    return handle


def _sites(channel: Channel) -> list[str]:
    try:
        return sites_of(str(channel.settings.get("sites", "")))
    except ValueError:
        return []

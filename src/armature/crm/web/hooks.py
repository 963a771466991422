"""Where other systems call us: one address for each channel, with a random name in it that proves nothing.

What proves a call is its signature, over the raw bytes. They are kept as they came, and committed, before we say yes.
"""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from armature.crm.channels import registry
from armature.crm.channels.port import Hooked, NotGenuine, Request
from armature.crm.channels.settings import BadSettings
from armature.crm.listen import commands, looking, queries
from armature.crm.listen.models import Channel

logger = logging.getLogger(__name__)
MOST = 1024 * 1024
"""Bytes of one call, unless the kind says otherwise (``most_bytes``)."""


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, hook: str) -> HttpResponse:
    """Take in a call, if it is genuine; nothing of one that is not is kept."""
    channel = Channel.objects.prefetch_related("secrets").filter(hook=hook, active=True).first()
    kind = registry.installed().kinds.get(channel.kind) if channel else None
    if channel is None or kind is None or not isinstance(kind, Hooked):
        raise Http404
    body = _body(request, getattr(kind, "most_bytes", MOST))
    if body is None:
        return HttpResponse("too much at once\n", status=413, content_type="text/plain")
    try:
        answer = kind.receive(queries.account(channel), _as_it_came(request, body))
    except (NotGenuine, BadSettings) as problem:
        logger.warning("a call of the hook of channel %s was refused: %s", channel.pk, problem)
        return HttpResponse("not genuine\n", status=401, content_type="text/plain")
    if answer.asked and not looking.ask(channel, answer.asked):
        return HttpResponse("too much at once: try again later\n", status=429, content_type="text/plain")
    if answer.envelopes:
        commands.accept(channel, answer.envelopes)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def _body(request: HttpRequest, most: int) -> bytes | None:
    """All of it, unless there is more than ``most``."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        return None
    body: bytes = request.read(most + 1)
    return body if len(body) <= most else None


def _as_it_came(request: HttpRequest, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = f"{settings.ADDRESS}{request.get_full_path()}" if settings.ADDRESS else request.build_absolute_uri()
    return Request(request.method or "", url, request.GET.dict(), headers, body, timezone.now())

"""The address of a visitor's page: a secret of 144 bits and its signature; who has it, is that visitor."""

import base64
import hashlib

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest

from armature.crm.act import visitors
from armature.crm.act.visitors import Talk
from armature.crm.channels.talks import handle
from armature.crm.listen.models import Channel


def page_of(slug: str) -> Channel:
    """The page of ours with this name; 404 when there is none (any more)."""
    found = Channel.objects.select_related("brand").filter(kind="web", address=slug, active=True).first()
    if found is None:
        raise Http404
    return found


def new_token(channel: Channel, once: str) -> str:
    """An address for somebody who begins; a second click of the same form leads to the same one."""
    talk = hashlib.blake2b(f"{channel.pk} {once}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=18)
    return _signer(channel).sign(base64.urlsafe_b64encode(talk.digest()).decode())


def visitor_of(channel: Channel, token: str) -> str:
    """The handle of whoever has this address; 404 when we have never given it out."""
    try:
        return handle(_signer(channel).unsign(token))
    except signing.BadSignature:
        raise Http404 from None


def talk_of(channel: Channel, token: str) -> Talk:
    """The talk at this address of a page."""
    return visitors.talk(channel, visitor_of(channel, token))


def came_from(request: HttpRequest) -> str:
    """The network address of a visitor; behind a proxy of ours, the one it names."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def _signer(channel: Channel) -> signing.Signer:
    return signing.Signer(sep="~", salt=f"armature.talk.{channel.pk}")

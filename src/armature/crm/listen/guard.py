"""A guard against machines without puzzles: a field that only machines fill, a form filled faster than anybody types,
and more messages from one place than people write.
"""

import hashlib
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.utils import timezone

from armature.crm.listen.models import Knock

QUICKEST = 2.0
"""Seconds that a person needs at least between opening the form and sending it."""
LONGEST = timedelta(days=2)
"""How long a form stays good."""
MOST_AN_HOUR, MOST_A_DAY = 30, 120
"""Messages of one source."""
SALT = "armature.form"


class TooMuch(Exception):
    """More came from one place than people write; try again later."""


class TooQuick(Exception):
    """The form was sent faster than anybody types, or it is stale: show it once more."""


def opened_now() -> str:
    """The signed moment that a form carries."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


def check_pace(opened: str) -> None:
    """Raise ``TooQuick`` unless a person may have filled the form since ``opened``."""
    try:
        begun: float = signing.loads(opened, salt=SALT)
    except signing.BadSignature:
        raise TooQuick from None
    if not QUICKEST <= timezone.now().timestamp() - begun <= LONGEST.total_seconds():
        raise TooQuick


def knock(address: str) -> None:
    """Count a message from this network address; raises ``TooMuch`` when there were too many."""
    source = hashlib.blake2b(
        _place(address).encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    now = timezone.now()
    found = Knock.objects.filter(source=source, at__gt=now - timedelta(days=1)).aggregate(
        day=Count("pk"), hour=Count("pk", filter=Q(at__gt=now - timedelta(hours=1)))
    )
    if found["hour"] >= MOST_AN_HOUR or found["day"] >= MOST_A_DAY:
        raise TooMuch
    Knock.objects.create(source=source)


def _place(address: str) -> str:
    """What one household has: an address, or a network of 64 bits, in which everybody may use a new one each time."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def forget() -> int:
    """Take out what is older than a day."""
    return Knock.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]

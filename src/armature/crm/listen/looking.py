"""Where calls of hooks ask us to look: kept until somebody looked, tried again for a while, never without end."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from armature.crm.channels.port import Cursor, Envelope
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Asked, Channel

MOST = 500
"""Of one channel that wait; whoever asks for more is told to come again."""
AT_ONCE = 20
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""How long we wait before another try; after the last one it is left."""


def ask(channel: Channel, envelopes: Sequence[Envelope]) -> bool:
    """Keep where to look; False when too many wait already."""
    if Asked.objects.filter(channel=channel).count() >= MOST:
        return False
    commands.accept(channel, envelopes, asked=True)
    return True


def due(channel_id: int) -> list[queries.Received]:
    """Where to look now, the longest waiting first."""
    now = Asked.objects.filter(channel=channel_id, not_before__lte=timezone.now())
    return queries.received(list(now.order_by("not_before").values_list("envelope_id", flat=True)[:AT_ONCE]))


def looked(channel: Channel, one: queries.Received, envelopes: Sequence[Envelope], cursor: Cursor) -> int:
    """Keep what was there, and the cursor with it; how much of it was new."""
    with transaction.atomic():
        Asked.objects.filter(envelope=one.id).delete()
        return commands.accept(channel, envelopes, cursor)


def later(one: queries.Received) -> None:
    """It could not be reached: try again after a while, or leave it."""
    with transaction.atomic():
        asked = Asked.objects.select_for_update().get(envelope=one.id)
        if asked.tries >= len(PAUSES):
            asked.delete()
            return
        asked.not_before = timezone.now() + PAUSES[asked.tries]
        asked.tries += 1
        asked.save(update_fields=["tries", "not_before"])

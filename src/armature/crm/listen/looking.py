"""Where calls of hooks ask us to look: kept until somebody looked, tried again for a while, never without end."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from armature.crm.channels import brought
from armature.crm.channels.port import Cursor, Envelope
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Asked, Channel

MOST = 500
"""Of one channel that wait; whoever asks for more is told to come again."""
AT_ONCE = 20
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""How long we wait before another try; after the last one it is left, or opened as it came."""
NOT_BROUGHT = "it was tried for hours"


def ask(channel: Channel, envelopes: Sequence[Envelope]) -> bool:
    """Keep where to look; False when too many wait already.

    A message that waits for its files came in a call that was proven, and its words are in it: it is never refused.
    """
    only_told = not all(map(brought.has_words, envelopes))
    if only_told and Asked.objects.filter(channel=channel).count() >= MOST:
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


def later(channel: Channel, one: queries.Received) -> None:
    """It could not be reached: try again after a while, or leave it. A message is opened as it came: its words stay."""
    with transaction.atomic():
        asked = Asked.objects.select_for_update().get(envelope=one.id)
        if asked.tries >= len(PAUSES):
            asked.delete()
            if brought.has_words(one.envelope):
                commands.accept(channel, [brought.as_it_came(one.envelope, NOT_BROUGHT)])
            return
        asked.not_before = timezone.now() + PAUSES[asked.tries]
        asked.tries += 1
        asked.save(update_fields=["tries", "not_before"])

"""What a channel kept of what came in, as its kind is given it."""

from armature.crm.channels.port import Envelope
from armature.crm.listen import queries
from armature.crm.listen.models import Channel
from armature.crm.listen.models import Envelope as Row


def kept(channel: Channel, beginning: str = "") -> list[Envelope]:
    """All envelopes of it whose key begins like this, in the order in which they came."""
    numbers = Row.objects.filter(channel=channel, event_key__startswith=beginning).values_list("pk", flat=True)
    return [one.envelope for one in queries.received(list(numbers))]

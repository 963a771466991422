"""An event on its way from envelope to interaction."""

from dataclasses import dataclass

from armature.crm.channels.port import Created
from armature.crm.listen.models import Channel


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that came in an envelope of a channel."""

    envelope_id: int
    channel: Channel
    event: Created


@dataclass(frozen=True, slots=True)
class Recorded:
    """An arrival that became an interaction."""

    interaction_id: int
    conversation_id: int
    arrival: Arrival

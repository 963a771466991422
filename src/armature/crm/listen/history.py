"""What was said before a channel was first started: kept, found and seen in its conversation, but nobody's work."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from armature.crm.channels.port import Created, Kind
from armature.crm.listen.models import Channel

STILL_WORK = timedelta(days=1)
"""Whoever wrote the day before waits for an answer."""
HISTORY = gettext_noop("from before this channel was started")
BROUGHT_IN = gettext_noop("brought in from the past")


def told_apart(channel: Channel, kind: Kind, event: Created, received_at: datetime) -> Created:
    """The event; of history it says so, and is set aside. What a person types in or brings later is never history.

    When it was said is what its author's machine believes: a clock that is years behind makes no history of what has
    only just arrived, where the other side tells us when that was.
    """
    if not kind.polls or channel.begun_at is None or event.own or event.automatic:
        return event
    arrived = received_at if getattr(kind, "knows_arrival", False) else event.occurred_at
    if max(event.occurred_at, arrived) >= channel.begun_at - STILL_WORK:
        return event
    return replace(event, automatic=HISTORY, historic=True)

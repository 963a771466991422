"""Which conversation a message belongs to: our signed token, then the message it answers, never the subject alone.

Where a channel knows no answers (text messages, calls) all that is said with one party is one conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from armature.crm.channels.port import Created
from armature.crm.listen import queries
from armature.crm.listen.arrival import Arrival

NEW_SENDER = "Somebody who has not written in this conversation before answers in it: check who it is."

MEETING = "meeting"
"""The kind of what is said where people sit together: whoever speaks after the first is no stranger there."""


@dataclass(slots=True)
class Place:
    """Where one arrival goes: an existing conversation, or one that ``start_key`` (a first message) starts."""

    arrival: Arrival
    conversation_id: int
    start_key: tuple[int, str]
    starts: bool
    warning: str = ""


def place(arrivals: Sequence[Arrival]) -> list[Place]:
    """Place each arrival that is not recorded yet; messages of the same batch may answer each other."""
    known = queries.earlier(key for arrival in arrivals for key in _keys(arrival))
    talks = queries.talks((a.channel.pk, a.event.talk[:300]) for a in arrivals if a.event.talk)
    spoke = queries.participants(_conversations(arrivals, known))
    placed: dict[tuple[int, str], Place] = {}
    begun: dict[tuple[int, str], tuple[int, str]] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.event.occurred_at, a.envelope_id)):
        key = (arrival.channel.pk, arrival.event.external_id[:300])
        if key not in known and key not in placed:
            if talk := arrival.event.talk[:300]:
                first = begun.setdefault((arrival.channel.pk, talk), key)
                number = talks.get((arrival.channel.pk, talk), 0)
                placed[key] = Place(arrival, number, first, not number and first == key)
            else:
                placed[key] = _place(arrival, key, known, placed, spoke)
    return list(placed.values())


def _keys(arrival: Arrival) -> list[tuple[int, str]]:
    event = arrival.event
    return [(arrival.channel.pk, external[:300]) for external in (event.external_id, *event.references)]


def _conversations(arrivals: Sequence[Arrival], known: dict[tuple[int, str], queries.Earlier]) -> list[int]:
    by_token = [int(arrival.event.thread) for arrival in arrivals if arrival.event.thread]
    return by_token + [earlier.conversation_id for earlier in known.values()]


def _place(
    arrival: Arrival,
    key: tuple[int, str],
    known: dict[tuple[int, str], queries.Earlier],
    placed: dict[tuple[int, str], Place],
    spoke: dict[int, set[str]],
) -> Place:
    event = arrival.event
    if event.thread and int(event.thread) in spoke:
        number = int(event.thread)
        return Place(arrival, number, key, False, "" if event.author in spoke[number] else NEW_SENDER)
    for external in event.references:
        parent = (arrival.channel.pk, external[:300])
        if parent in known:
            number = known[parent].conversation_id
            if _heard_by_all(event) or event.author in spoke.get(number, ()):
                return Place(arrival, number, key, False)
        if parent in placed:
            first = placed[parent]
            if _heard_by_all(event) or first.arrival.event.author == event.author:
                return Place(arrival, first.conversation_id, first.start_key, False)
    return Place(arrival, 0, key, True)


def _heard_by_all(event: Created) -> bool:
    """Whether everybody in the conversation heard it anyway: in public, from us, or in one room with them."""
    return event.public or event.own or event.kind == MEETING

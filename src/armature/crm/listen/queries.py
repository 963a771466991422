"""Reads of what was said: envelopes to open, and what earlier messages are known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from armature.crm import rows
from armature.crm.channels import registry
from armature.crm.channels.port import Account, Envelope
from armature.crm.lease import Claim
from armature.crm.listen.budgets import Counted
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import former_keys, open_secrets, signing_key

TOGETHER = 32_000_000
"""Bytes that are opened at once: however much comes in, a worker holds no more of it than this, or one envelope."""


@dataclass(frozen=True, slots=True)
class Received:
    """An envelope with its number and the channel it came through."""

    id: int
    channel_id: int
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that is already recorded."""

    interaction_id: int
    conversation_id: int
    author: str
    outgoing: bool


def received(envelope_ids: Sequence[int]) -> list[Received]:
    """The envelopes with their bodies, in order of number; parked ones are left out."""
    found = rows.fetch(
        """
        SELECT e.id, e.channel_id, e.event_key, b.body, b.content_type, e.received_at
        FROM listen_envelope e JOIN listen_envelopebody b ON b.envelope_id = e.id AND b.received_at = e.received_at
        WHERE e.id = ANY(%s) AND e.parked IS NULL ORDER BY e.id
        """,
        [list(envelope_ids)],
    )
    return [
        Received(number, channel, Envelope(key, bytes(body), content_type, at))
        for number, channel, key, body, content_type, at in found
    ]


def in_light_parts(held: Claim) -> list[Claim]:
    """Envelopes to open, in order, as parts of which each can be held in memory."""
    if len(held.keys) < 2:
        return [held]
    weights: dict[int, int] = dict(rows.fetch(
        """
        SELECT e.id, octet_length(b.body)
        FROM listen_envelope e JOIN listen_envelopebody b ON b.envelope_id = e.id AND b.received_at = e.received_at
        WHERE e.id = ANY(%s)
        """,
        [list(held.keys)],
    ))  # fmt: skip
    parts: list[list[int]] = [[]]
    together = 0
    for key in held.keys:
        weight = weights.get(key, 0)
        if parts[-1] and together + weight > TOGETHER:
            parts.append([])
            together = 0
        parts[-1].append(key)
        together += weight
    return [Claim(held.token, tuple(part)) for part in parts]


def earlier(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Earlier]:
    """Which of these (channel, external id) are recorded already."""
    wanted = sorted(set(keys))
    found = rows.fetch(
        """
        SELECT i.channel_id, i.external_id, i.id, i.conversation_id, i.author, i.direction
        FROM jsonb_to_recordset(%s) AS k(c bigint, e text) CROSS JOIN LATERAL (
            SELECT * FROM listen_interaction WHERE channel_id = k.c AND external_id = k.e OFFSET 0) AS i
        """,
        [json.dumps([{"c": channel, "e": external} for channel, external in wanted])],
    )
    return {
        (channel, external): Earlier(number, conversation, author, direction == "out")
        for channel, external, number, conversation, author, direction in found
    }


TALKS = """
    SELECT k.c, k.t, i.id FROM jsonb_to_recordset(%s) AS k(c bigint, t text) CROSS JOIN LATERAL (
        SELECT id FROM listen_conversation WHERE channel_id = k.c AND talk = k.t AND talk <> '' OFFSET 0) AS i
"""


def talks(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Which of these (channel, name of a talk) have a conversation; nobody else makes one until we are done."""
    wanted = json.dumps([{"c": channel, "t": talk} for channel, talk in sorted(set(keys))])
    if wanted == "[]":
        return {}
    rows.fetch(
        """
        SELECT pg_advisory_xact_lock(4713, h) FROM (
            SELECT DISTINCT hashtext(c || ' ' || t) AS h FROM jsonb_to_recordset(%s) AS k(c bigint, t text) ORDER BY 1
        ) AS held
        """,
        [wanted],
    )
    return {(channel, talk): number for channel, talk, number in rows.fetch(TALKS, [wanted])}


def participants(conversation_ids: Iterable[int]) -> dict[int, set[str]]:
    """Who spoke in each conversation so far, by handle."""
    found = rows.fetch(
        """
        SELECT conversation_id, array_agg(DISTINCT author) FROM listen_interaction
        WHERE conversation_id = ANY(%s) AND direction = 'in' GROUP BY conversation_id
        """,
        [sorted(set(conversation_ids))],
    )
    return {conversation: set(authors) for conversation, authors in found}


def channels(numbers: Iterable[int]) -> dict[int, Channel]:
    """Channels by number."""
    return Channel.objects.prefetch_related("secrets").in_bulk(sorted(set(numbers)))


def account(channel: Channel) -> Account:
    """The channel as its kind wants it, secrets opened."""
    return Account(
        channel.id, channel.kind, channel.address, channel.settings, open_secrets(channel), signing_key(channel),
        former_keys(channel), Counted(channel.id, *registry.installed().rate(channel.kind)), f"/hook/{channel.hook}",
    )  # fmt: skip

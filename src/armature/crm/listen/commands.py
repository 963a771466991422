"""Writes of what was said: accept envelopes, record interactions, park what cannot be read."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from armature.crm import live, rows
from armature.crm.channels.port import Cursor, Envelope
from armature.crm.listen import files, threads
from armature.crm.listen.arrival import Arrival, Recorded
from armature.crm.listen.models import Asked, Channel, Conversation, EnvelopeBody, File, Interaction, Revision, Unopened

LONGEST_KEY = 300
IN_COLUMNS = (
    "id, channel_id, conversation_id, envelope_id, direction, kind, public, external_id, author, subject, text, "
    "language, automatic, warning, occurred_at, edited_at, historic, typed_by_id, reporter"
).split(", ")


def accept(
    channel: Channel, envelopes: Sequence[Envelope], cursor: Cursor | None = None, *, asked: bool = False
) -> int:
    """Keep what arrived, once each, and the cursor with it; acknowledge only after this returned. How many were new.

    What is ``asked`` only says where to look, so it is not opened: see ``looking``.
    """
    unique = {_key(envelope): envelope for envelope in envelopes}
    with transaction.atomic():
        stored = _store(channel, [unique[key] for key in sorted(unique)], asked)
        _count(channel, len(envelopes), stored)
        if cursor is not None:
            Channel.objects.filter(pk=channel.pk).update(cursor=cursor)
        if stored:
            live.wake()
    return stored


def _key(envelope: Envelope) -> str:
    """The event's key, or a hash of one that is too long to keep."""
    key = envelope.event_key
    return key if len(key) <= LONGEST_KEY else f"blake2b:{hashlib.blake2b(key.encode()).hexdigest()}"


def _store(channel: Channel, envelopes: Sequence[Envelope], asked: bool) -> int:
    new = rows.fetch(
        """
        INSERT INTO listen_envelope (channel_id, event_key, digest, received_at)
        SELECT %s, k, decode(d, 'hex'), at FROM jsonb_to_recordset(%s) AS e(k text, d text, at timestamptz)
        ON CONFLICT (channel_id, event_key) DO NOTHING RETURNING id, event_key
        """,
        [channel.pk, json.dumps([_head(envelope) for envelope in envelopes])],
    )
    numbers = {key: number for number, key in new}
    fresh = [(numbers[key], envelope) for envelope in envelopes if (key := _key(envelope)) in numbers]
    rows.copy(
        EnvelopeBody,
        ["envelope_id", "received_at", "content_type", "body"],
        [(number, e.received_at, e.content_type[:80], e.body) for number, e in fresh],
    )
    if asked:
        rows.copy(Asked, ["envelope_id", "channel_id"], [(number, channel.pk) for number, _ in fresh])
    else:
        rows.copy(Unopened, ["envelope_id"], [(number,) for number, _ in fresh])
    return len(fresh)


def _head(envelope: Envelope) -> dict[str, str]:
    digest = hashlib.blake2b(envelope.body, digest_size=16).hexdigest()
    return {"k": _key(envelope), "d": digest, "at": envelope.received_at.isoformat()}


def _count(channel: Channel, received: int, stored: int) -> None:
    rows.run(
        """
        INSERT INTO listen_tally (channel_id, day, received, stored, last_at)
        VALUES (%s, current_date, %s, %s, CASE WHEN %s THEN statement_timestamp() END)
        ON CONFLICT (channel_id, day) DO UPDATE
        SET received = listen_tally.received + excluded.received, stored = listen_tally.stored + excluded.stored,
            last_at = coalesce(excluded.last_at, listen_tally.last_at)
        """,
        [channel.pk, received, stored, stored > 0],
    )


def record(arrivals: Sequence[Arrival]) -> list[Recorded]:
    """Turn events into interactions of conversations. What is recorded already (an echo of ours too) is left out."""
    placed = threads.place(arrivals)
    conversations = rows.next_ids(Conversation, sum(1 for place in placed if place.starts))
    numbers = iter(conversations)
    started = {place.start_key: next(numbers) for place in placed if place.starts}
    rows.copy(
        Conversation,
        ["id", "channel_id", "subject", "started_at", "talk"],
        [
            (started[p.start_key], p.arrival.channel.pk, e.subject[:300], e.occurred_at, e.talk[:300])
            for p in placed
            if p.starts
            for e in [p.arrival.event]
        ],
    )
    interactions = rows.next_ids(Interaction, len(placed))
    recorded = [
        Recorded(number, p.conversation_id or started[p.start_key], p.arrival)
        for number, p in zip(interactions, placed, strict=True)
    ]
    warnings = [p.warning for p in placed]
    rows.copy(Interaction, IN_COLUMNS, [_row(r, w) for r, w in zip(recorded, warnings, strict=True)])
    files.keep([(r.interaction_id, r.arrival.event.attachments) for r in recorded])
    return recorded


def _row(recorded: Recorded, warning: str) -> tuple[object, ...]:
    arrival, event = recorded.arrival, recorded.arrival.event
    return (
        recorded.interaction_id, arrival.channel.pk, recorded.conversation_id, arrival.envelope_id,
        "out" if event.own else "in", event.kind, event.public, event.external_id[:300], event.author[:254],
        event.subject[:300],
        event.text, event.language[:12], event.automatic[:80], (warning or event.warning)[:300],
        event.occurred_at, event.edited_at, event.historic, event.typed_by or None, event.reporter[:200],
    )  # fmt: skip


def record_outgoing(
    *, channel_id: int, conversation_id: int, external_id: str, subject: str, text: str, public: bool, at: datetime,
    attached: Iterable[files.Named] = (),
) -> int:  # fmt: skip
    """Record what we are about to say, under the id it will carry, so that its echo meets the unique key."""
    interaction = Interaction.objects.create(
        channel_id=channel_id, conversation_id=conversation_id, direction="out", public=public,
        external_id=external_id, subject=subject[:300], text=text, occurred_at=at,
    )  # fmt: skip
    files.name(interaction.pk, attached)
    return int(interaction.pk)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Words of ours that are about to leave in private, under the id they will carry."""

    channel_id: int
    conversation_id: int
    external_id: str
    subject: str
    text: str


def record_all_outgoing(leaving: Sequence[Leaving], at: datetime) -> list[int]:
    """The same for many conversations in one statement, nothing attached; their numbers, in this order."""
    made = Interaction.objects.bulk_create(
        Interaction(
            channel_id=one.channel_id, conversation_id=one.conversation_id, direction="out", public=False,
            external_id=one.external_id, subject=one.subject[:300], text=one.text, occurred_at=at,
        )
        for one in leaving
    )  # fmt: skip
    return [one.pk for one in made]


def call_it(interaction_id: int, external_id: str) -> None:
    """What we said has the name that the other side gave it from now on, so that its echo meets the unique key.

    An echo that was quicker was recorded as ours already: the two are one, and what points at either points at this.
    """
    said = Interaction.objects.filter(pk=interaction_id)
    for last in (False, True):
        echo = Interaction.objects.filter(direction="out", external_id=external_id, channel__in=said.values("channel"))
        for one in echo.exclude(pk=interaction_id):
            File.objects.filter(interaction=one).delete()
            Revision.objects.filter(interaction=one).update(interaction=interaction_id)
            one.delete()
        try:
            with transaction.atomic():
                said.update(external_id=external_id)
            return
        except IntegrityError:  # it came in this very moment
            if last:
                raise


def hold(conversation_ids: Iterable[int]) -> None:
    """Keep all other writers out of these conversations until this transaction ends; what is read now stays true."""
    rows.run(
        "SELECT FROM listen_conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted(set(conversation_ids))],
    )


def pause(channel_id: int, words: str) -> None:
    """Its key is no longer taken: nothing is asked or sent there until somebody mends it; what waits is kept."""
    rows.run(
        "UPDATE listen_channel SET paused_at = coalesce(paused_at, now()), problem = %s WHERE id = %s",
        [words[:2000], channel_id],
    )


def resume(channel_id: int) -> None:
    """It was mended."""
    rows.run("UPDATE listen_channel SET paused_at = NULL, problem = '' WHERE id = %s", [channel_id])
    live.wake()


def park(envelope_id: int, reason: str) -> None:
    """Set an envelope aside that cannot be read; it is kept with the reason, the rest goes on."""
    rows.run("UPDATE listen_envelope SET parked = %s WHERE id = %s", [reason[:2000], envelope_id])


def open_again(channel: Channel) -> int:
    """What was parked is tried once more, all of it; how many envelopes. What is recorded already stays as it is."""
    with transaction.atomic():
        freed = rows.fetch(
            """
            UPDATE listen_envelope SET parked = NULL WHERE channel_id = %s AND parked IS NOT NULL RETURNING id
            """,
            [channel.pk],
        )
        rows.run(
            """
            INSERT INTO listen_unopened (envelope_id) SELECT unnest(%s::bigint[]) ON CONFLICT (envelope_id) DO NOTHING
            """,
            [sorted(number for (number,) in freed)],
        )
        live.wake()
    return len(freed)


def split_off(said: Sequence[Interaction], before: Conversation) -> Conversation:
    """Some messages of a conversation stand in one of their own from now on; what answers them goes there too."""
    new = Conversation.objects.create(
        channel_id=before.channel_id, subject=before.subject, started_at=min(one.occurred_at for one in said)
    )
    Interaction.objects.filter(pk__in=[one.pk for one in said]).update(conversation=new)
    return new

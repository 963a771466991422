"""What was said reads otherwise now, or was taken back: in whatever order word of it comes, the end is the same.

Every wording is a row of its own, under the name the channel gives the thing: so it can wait for the thing itself. What
an interaction says now is reckoned from all its wordings, never from which of them came last.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from armature.crm import rows
from armature.crm.channels.port import Deleted, Edited
from armature.crm.listen import commands
from armature.crm.listen.arrival import Arrival, Recorded
from armature.crm.listen.models import Channel


@dataclass(frozen=True, slots=True)
class Change:
    """Word in an envelope that something said is otherwise now."""

    envelope_id: int
    channel: Channel
    event: Edited | Deleted


@dataclass(frozen=True, slots=True)
class Amended:
    """An interaction that reads otherwise since a moment ago. ``fresh``: it came with this very batch."""

    interaction_id: int
    conversation_id: int
    author: str
    outgoing: bool
    deleted: bool
    fresh: bool = False


KEYS = "jsonb_to_recordset(%(keys)s) AS k(c bigint, e text)"
SAID = f"""
    said AS MATERIALIZED (
        SELECT i.*, h.address AS ours FROM {KEYS} CROSS JOIN LATERAL (
            SELECT * FROM listen_interaction WHERE channel_id = k.c AND external_id = k.e OFFSET 0) AS i
        JOIN listen_channel h ON h.id = i.channel_id)
"""
"""The things that are spoken of, as far as they are known."""
BELIEVED = "r.author IN ('', i.author) OR i.direction = 'out' AND r.author = i.ours"
"""Nobody changes what somebody else said."""

WAITING = f"""
    SELECT EXISTS (SELECT FROM {KEYS} CROSS JOIN LATERAL (
        SELECT FROM listen_revision r WHERE r.channel_id = k.c AND r.external_id = k.e LIMIT 1) AS r)
"""
CONVERSATIONS = f"WITH {SAID} SELECT DISTINCT conversation_id FROM said ORDER BY 1"
KEEP = """
    INSERT INTO listen_revision
        (channel_id, external_id, envelope_id, kind, at, author, subject, text, digest, heard_at)
    SELECT c, e, v, k, at, a, s, t, d, clock_timestamp()
    FROM jsonb_to_recordset(%(new)s)
        AS n(c bigint, e text, v bigint, k text, at timestamptz, a text, s text, t text, d text)
    WHERE k <> 'original' OR EXISTS (
        SELECT FROM listen_interaction i WHERE i.channel_id = c AND i.external_id = e AND i.edited_at IS NOT NULL)
    ORDER BY c, e, k, at, d ON CONFLICT DO NOTHING
"""
KEEP_ORIGINALS = f"""
    WITH {SAID}
    INSERT INTO listen_revision
        (channel_id, external_id, envelope_id, kind, at, author, subject, text, digest, heard_at)
    SELECT i.channel_id, i.external_id, i.envelope_id, 'original', i.occurred_at, i.author, i.subject, i.text,
        md5(i.subject || chr(10) || i.text), clock_timestamp()
    FROM said i WHERE i.edited_at IS NULL AND i.deleted_at IS NULL AND EXISTS (
        SELECT FROM listen_revision r WHERE r.channel_id = i.channel_id AND r.external_id = i.external_id
          AND ({BELIEVED}))
    ON CONFLICT DO NOTHING
"""
LINK = f"""
    WITH {SAID}
    UPDATE listen_revision r SET interaction_id = i.id FROM said i
    WHERE r.channel_id = i.channel_id AND r.external_id = i.external_id AND r.interaction_id IS NULL AND ({BELIEVED})
"""
RECKON = f"""
    WITH {SAID}, reads AS (
        SELECT r.interaction_id AS id, max(r.at) FILTER (WHERE r.kind = 'edited') AS edited,
            min(r.at) FILTER (WHERE r.kind = 'deleted') AS deleted,
            (array_agg(ARRAY[r.subject::text, r.text] ORDER BY r.kind = 'edited' DESC, r.at DESC, r.digest DESC)
             FILTER (WHERE r.kind <> 'deleted')) AS words
        FROM listen_revision r WHERE r.interaction_id IN (SELECT id FROM said) GROUP BY 1)
    UPDATE listen_interaction i SET edited_at = n.edited, deleted_at = n.deleted, subject = n.subject, text = n.text
    FROM (SELECT id, edited, deleted, CASE WHEN deleted IS NULL THEN words[1][1] ELSE '' END AS subject,
              CASE WHEN deleted IS NULL THEN words[1][2] ELSE '' END AS text FROM reads) n
    WHERE i.id = n.id
      AND (i.edited_at, i.deleted_at, i.subject, i.text) IS DISTINCT FROM (n.edited, n.deleted, n.subject, n.text)
    RETURNING i.id, i.conversation_id, i.author, i.direction, i.deleted_at IS NOT NULL
"""


def take_in(arrivals: Sequence[Arrival], recorded: Sequence[Recorded], changes: Sequence[Change]) -> list[Amended]:
    """Keep all wordings that came and reckon anew what they speak of; what reads otherwise now is given."""
    new = [_changed(one) for one in changes]
    fresh = {(one.arrival.envelope_id, one.arrival.event.external_id) for one in recorded}
    for arrival in arrivals:
        if row := _created(arrival, (arrival.envelope_id, arrival.event.external_id) in fresh):
            new.append(row)
    keys = {(row["c"], row["e"]) for row in new}
    keys |= {(one.arrival.channel.pk, one.arrival.event.external_id[:300]) for one in recorded}
    given: dict[str, Any] = {"keys": rows.as_json([{"c": c, "e": e} for c, e in sorted(keys)])}
    if not new and not (keys and rows.fetch(WAITING, given)[0][0]):
        return []
    commands.hold(number for (number,) in rows.fetch(CONVERSATIONS, given))
    rows.run(KEEP, {"new": rows.as_json(new)})
    rows.run(KEEP_ORIGINALS, given)
    rows.run(LINK, given)
    known = {one.interaction_id for one in recorded}
    return [
        Amended(number, conversation, author, direction == "out", deleted, fresh=number in known)
        for number, conversation, author, direction, deleted in rows.fetch(RECKON, given)
    ]


def _changed(change: Change) -> dict[str, Any]:
    event = change.event
    if isinstance(event, Deleted):
        return _row(change.channel, change.envelope_id, event.external_id, "deleted", event.at, event.author)
    words = event.subject, event.text
    return _row(change.channel, change.envelope_id, event.external_id, "edited", event.at, event.author, *words)


def _created(arrival: Arrival, recorded: bool) -> dict[str, Any] | None:
    """A message that comes with edited words is a wording; one that is known already may have the words before them."""
    event = arrival.event
    if event.edited_at is None and (recorded or event.own):
        return None
    kind, at = ("edited", event.edited_at) if event.edited_at else ("original", event.occurred_at)
    words = event.author, event.subject, event.text
    return _row(arrival.channel, arrival.envelope_id, event.external_id, kind, at, *words)


def _row(
    channel: Channel, envelope_id: int, external_id: str, kind: str, at: datetime, author: str, subject: str = "",
    text: str = "",
) -> dict[str, Any]:  # fmt: skip
    subject = subject[:300]
    digest = hashlib.md5(f"{subject}\n{text}".encode(), usedforsecurity=False).hexdigest()
    return {
        "c": channel.pk, "e": external_id[:300], "v": envelope_id, "k": kind, "at": at.isoformat(),
        "a": author[:254], "s": subject, "t": text, "d": digest,
    }  # fmt: skip

"""What was said, read conversation by conversation: a fixed number of statements for a chunk of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from armature.arm.listen import PAST
from armature.crm import rows

LONGEST = 4000
"""Characters of a text in which rules look for keywords here."""


class Said(NamedTuple):
    """One interaction, with how it was read; ``reader_intent`` and ``sure`` are the reader's own, before a person's.

    ``user`` wrote it as a response of ours; ``counts`` is whether a person said it.
    """

    conversation: int
    id: int
    at: datetime
    ours: bool
    channel: int
    public: bool
    historic: bool
    counts: bool
    author: str
    user: int
    identity: int
    intent: str
    issue_type: str
    sentiment: float | None
    language: str
    sure: float | None
    by_person: bool
    kind: str
    text: str


SAID = """
    SELECT i.conversation_id, i.id, i.occurred_at, i.direction = 'out', i.channel_id, i.public, i.historic,
        (i.automatic = '' OR i.automatic = ANY(%(past)s)), i.author,
        CASE WHEN p.kind = 'notice' OR d.state <> 'sent' THEN -1 ELSE coalesce(p.author_id, 0) END,
        coalesce(g.identity_id, 0), coalesce(r.intent_id, ''), coalesce(r.issue_type_id, ''), r.sentiment,
        coalesce(nullif(r.language, ''), i.language), r.confidence, r.user_id IS NOT NULL, i.kind,
        CASE WHEN i.direction = 'in' THEN left(i.text, %(longest)s) ELSE '' END
    FROM listen_interaction i
    LEFT JOIN identify_recognition g ON g.interaction_id = i.id AND g.current
    LEFT JOIN understand_reading r ON r.interaction_id = i.id AND r.current
    LEFT JOIN act_delivery d ON d.interaction_id = i.id LEFT JOIN act_response p ON p.id = d.response_id
    WHERE i.conversation_id = ANY(%(them)s) AND i.occurred_at < %(until)s AND (%(live)s OR i.historic)
    ORDER BY i.conversation_id, i.occurred_at, i.id
"""
CASES = """
    SELECT DISTINCT ON (conversation_id, identity_id) conversation_id, identity_id, team, status,
        ended_at, merged_into_id IS NOT NULL
    FROM act_case WHERE conversation_id = ANY(%s) ORDER BY conversation_id, identity_id, id DESC
"""
SUGGESTED = """
    SELECT DISTINCT ON (interaction_id) interaction_id, intent_id, issue_type_id, sentiment, confidence
    FROM understand_reading WHERE interaction_id = ANY(%s) AND NOT current AND user_id IS NULL
    ORDER BY interaction_id, id DESC
"""
SECRET = "SELECT conversation_id FROM act_restriction WHERE conversation_id = ANY(%s)"  # noqa: S105  restricted ones


class Work(NamedTuple):
    """How the latest case of somebody in a conversation stands."""

    team: str = ""
    status: str = ""
    ended_at: datetime | None = None
    merged: bool = False


class Suggested(NamedTuple):
    """What the reader had read before a person said what it is."""

    intent: str
    issue_type: str
    sentiment: float
    sure: float


@dataclass(slots=True)
class Chunk:
    """Some conversations, whole, up to the end of what is assessed."""

    said: dict[int, list[Said]] = field(default_factory=dict)
    work: Mapping[tuple[int, int], Work] = field(default_factory=dict)
    restricted: frozenset[int] = frozenset()
    suggested: Mapping[int, Suggested] = field(default_factory=dict)


def read(them: Sequence[int], until: datetime, *, live: bool) -> Chunk:
    """All that is to be known of these conversations."""
    asked: dict[str, Any] = {"them": list(them), "until": until, "live": live, "past": list(PAST), "longest": LONGEST}
    said: dict[int, list[Said]] = defaultdict(list)
    for row in rows.fetch(SAID, asked):
        said[row[0]].append(Said(*row))
    judged = [one.id for part in said.values() for one in part if one.by_person]
    return Chunk(
        said,
        {(c, i): Work(*rest) for c, i, *rest in rows.fetch(CASES, [list(them)])},
        frozenset(c for (c,) in rows.fetch(SECRET, [list(them)])),
        {number: Suggested(*rest) for number, *rest in rows.fetch(SUGGESTED, [judged])},
    )


def bounds(channels: Sequence[int]) -> tuple[int, int]:
    """How many conversations these channels have, and the number of the last."""
    found = rows.fetch(
        "SELECT count(*), coalesce(max(id), 0) FROM listen_conversation WHERE channel_id = ANY(%s)", [list(channels)]
    )
    return found[0]


NEXT = """
    SELECT v.id, (SELECT count(*) FROM listen_interaction i WHERE i.conversation_id = v.id)
    FROM listen_conversation v WHERE v.id > %s AND v.id <= %s AND v.channel_id = ANY(%s) ORDER BY v.id LIMIT %s
"""


def numbers(channels: Sequence[int], place: int, upto: int, most: int, most_said: int) -> list[int]:
    """The next conversations, at least one; no more of them than hold so many interactions together."""
    found, held = list[int](), 0
    for number, count in rows.fetch(NEXT, [place, upto, list(channels), most]):
        if found and held + count > most_said:
            break
        found.append(number)
        held += count
    return found


def ends(channels: Sequence[int]) -> dict[int, datetime]:
    """When the last thing was said that was brought in, by channel: nobody is known to have waited any longer."""
    found = rows.fetch(
        "SELECT channel_id, max(occurred_at) FROM listen_interaction "
        "WHERE historic AND channel_id = ANY(%s) GROUP BY 1",
        [list(channels)],
    )
    return dict(found)

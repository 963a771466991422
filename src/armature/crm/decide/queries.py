"""Reads of decisions: which map is in force, what waits, what was judged before."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from armature.arm.interaction import Interaction, Value
from armature.crm import rows
from armature.crm.decide import models, snapshot
from armature.crm.listen.arrival import Recorded
from armature.crm.listen.models import Direction

Assigned = Mapping[tuple[str, int | None, int | None], int]
"""The map by direction, brand and channel."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An interaction that has not been judged, who said it, and the map it enters: for ours there may be none."""

    interaction: Interaction
    map_id: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """An interaction that waits, with the judgement that brought it there."""

    judgement_id: int
    interaction: Interaction
    facts: dict[str, Value]
    rows: tuple[str, ...]


@dataclass(slots=True)
class OpenWait:
    """A wait that is open or has just been answered, with all that waits in it."""

    id: int
    conversation_id: int
    identity_id: int
    map_id: int
    element: str
    form: str
    state: str
    answered_after: str | None
    answer: dict[str, Value]
    opened_at: datetime
    due_at: datetime | None
    priority: int
    timers: list[list[Any]]
    items: list[Item]

    @property
    def whose(self) -> tuple[int, int]:
        """The conversation and the identity it belongs to."""
        return self.conversation_id, self.identity_id


SAID = """i.id, i.channel_id, i.public, CASE WHEN i.kind = 'survey' THEN left(i.text, coalesce((
        SELECT a.written FROM listen_surveyanswer a
        WHERE a.channel_id = i.channel_id AND a.external_id = i.external_id), length(i.text))) ELSE i.text END,
    i.occurred_at, r.identity_id, i.conversation_id, i.kind, i.automatic,
    i.language, i.author, i.external_id, coalesce((
        SELECT string_agg(q.key, ' ' ORDER BY q.key) FROM listen_hit h JOIN listen_listeningquery q ON q.id = h.query_id
        WHERE h.interaction_id = i.id AND h.live), ''),
    CASE WHEN i.kind = 'survey' THEN coalesce((
        SELECT s.kind FROM listen_surveyanswer a JOIN listen_survey s ON s.id = a.survey_id
        WHERE a.channel_id = i.channel_id AND a.external_id = i.external_id), '') ELSE '' END,
    CASE WHEN i.kind = 'survey' THEN (
        SELECT a.score FROM listen_surveyanswer a
        WHERE a.channel_id = i.channel_id AND a.external_id = i.external_id) END, i.historic, i.direction = 'out',
    CASE WHEN i.kind = 'call' THEN coalesce((
        SELECT s.known ->> 'result' FROM listen_callstep s WHERE s.channel_id = i.channel_id
          AND s.external_id = i.external_id AND s.step = 'end' ORDER BY s.at DESC, s.id DESC LIMIT 1), '')
        ELSE '' END"""
UNLESS_DELETED = "CASE WHEN i.deleted_at IS NULL THEN i.automatic ELSE 'deleted before it was read' END"
"""What was taken back before anybody judged it asks for nothing."""
WHO = """CROSS JOIN LATERAL (
    SELECT identity_id FROM identify_recognition WHERE interaction_id = i.id AND current OFFSET 0) AS r"""


def pending(conversation_ids: Sequence[int]) -> list[Pending]:
    """What was said in these conversations and not judged yet, in order, with the map it enters.

    Of what we started only that is among it whose other side was recognised, because a map is in force for it.
    """
    found = rows.fetch(
        f"""
        SELECT {SAID.replace("i.automatic", UNLESS_DELETED)}
        FROM unnest(%s::bigint[]) AS wanted CROSS JOIN LATERAL (
            SELECT * FROM listen_interaction
            WHERE conversation_id = wanted AND NOT EXISTS (
                SELECT FROM decide_judgement j WHERE j.interaction_id = listen_interaction.id AND j.current)
            OFFSET 0) AS i
        {WHO} ORDER BY i.occurred_at, i.id
        """,  # noqa: S608  the columns are ours
        [list(conversation_ids)],
    )
    if not found:
        return []
    places, assigned = _places(), _assignments()
    said = [(row[1], _said(row, places)) for row in found]
    return [
        Pending(one, _map_for(assigned, Direction.OUT if one.ours else Direction.IN, one.brand, channel))
        for channel, one in said
    ]


def _places() -> dict[int, tuple[str, int]]:
    """Place and brand of each channel."""
    found = rows.fetch("SELECT id, place, brand_id FROM listen_channel", [])
    return {number: (place, brand) for number, place, brand in found}


def _said(row: Sequence[Any], places: Mapping[int, tuple[str, int]]) -> Interaction:
    number, channel, public, text, at, identity, conversation, *rest = row
    place, brand = places[channel]
    return Interaction(number, place, public, text, at, identity, conversation, brand, *rest)


def _assignments() -> Assigned:
    found = rows.fetch("SELECT direction, brand_id, channel_id, map_id FROM decide_mapassignment", [])
    return {(direction, brand, channel): number for direction, brand, channel, number in found}


def _map_for(assigned: Assigned, direction: str, brand: int, channel: int) -> int | None:
    """The most exact assignment; None for what we start where none is. Raises ``LookupError`` for what comes in."""
    for key in ((brand, channel), (None, channel), (brand, None), (None, None)):
        if (direction, *key) in assigned:
            return assigned[direction, *key]
    if direction == Direction.OUT:
        return None
    raise LookupError(f"No process map is assigned to channel {channel} of brand {brand}: publish and assign one")


def started(recorded: Iterable[Recorded]) -> list[Recorded]:
    """What of this we started ourselves, reaching somebody, where a map is in force for it."""
    ours = [one for one in recorded if one.arrival.event.reaches and not one.arrival.event.historic]
    assigned = _assignments() if ours else {}
    return [
        one
        for one in ours
        for channel in [one.arrival.channel]
        if _map_for(assigned, Direction.OUT, channel.brand_id, channel.pk) is not None
    ]


def open_waits(conversation_ids: Sequence[int]) -> list[OpenWait]:
    """The open and answered waits of these conversations, with the interactions that wait in them."""
    found = rows.fetch(
        """
        SELECT id, conversation_id, identity_id, map_id, element, form, state, answered_after, answer::text,
               opened_at, due_at, priority, timers::text
        FROM decide_wait WHERE conversation_id = ANY(%s) AND state IN ('open', 'answered')
        """,
        [list(conversation_ids)],
    )
    items = _items([row[0] for row in found]) if found else {}
    return [_open_wait(row, items.get(row[0], [])) for row in found]


def _open_wait(row: tuple[Any, ...], items: list[Item]) -> OpenWait:
    (number, conversation, identity, map_id, element, form, state, after, answer, opened, due, priority, timers) = row
    given, left = json.loads(answer or "{}"), json.loads(timers)
    return OpenWait(
        number, conversation, identity, map_id, element, form, state, after, given, opened, due, priority, left, items
    )


def _items(wait_ids: Sequence[int]) -> dict[int, list[Item]]:
    found = rows.fetch(
        f"""
        SELECT {SAID}, w.wait_id, j.id, j.snapshot, j.catalogue, j.rows
        FROM decide_waititem w
        JOIN decide_judgement j ON j.id = w.judgement_id
        JOIN listen_interaction i ON i.id = j.interaction_id
        {WHO} WHERE w.wait_id = ANY(%s) ORDER BY i.occurred_at, i.id
        """,  # noqa: S608
        [list(wait_ids)],
    )
    by_wait: dict[int, list[Item]] = defaultdict(list)
    places = _places() if found else {}
    for *what, wait, judgement, line, version, fired in found:
        facts = snapshot.unpack(line, version)
        by_wait[wait].append(Item(judgement, _said(what, places), facts, tuple(fired)))
    return by_wait


def latest(interaction_ids: Iterable[int]) -> dict[int, models.Judgement]:
    """The current judgement of each interaction."""
    found = models.Judgement.objects.filter(interaction_id__in=list(interaction_ids), current=True)
    return {judgement.interaction_id: judgement for judgement in found.select_related("map", "path")}


def interaction(number: int) -> Interaction:
    """One interaction as the core sees it."""
    return interactions([number])[number]


def interactions(numbers: Iterable[int]) -> dict[int, Interaction]:
    """Interactions as the core sees them."""
    found = rows.fetch(f"SELECT {SAID} FROM listen_interaction i {WHO} WHERE i.id = ANY(%s)", [list(numbers)])  # noqa: S608
    places = _places() if found else {}
    return {row[0]: _said(row, places) for row in found}

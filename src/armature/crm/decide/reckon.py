"""Due times reckoned anew: opening hours or holidays were changed, and all that is open moves with them."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from armature.crm import rows
from armature.crm.decide import plans
from armature.crm.decide.plans import Plans

CHUNK = 1000


class Open(NamedTuple):
    """An open wait whose minutes run in business hours."""

    id: int
    place: tuple[int, int, str]
    team: str
    counted_from: datetime
    minutes: int | None
    timers: list[list[Any]]


def waits(brand_id: int, after: tuple[int, int, str] = (0, 0, "")) -> tuple[int, int, str] | None:
    """Reckon up to 1,000 open waits of a brand; where to go on, None when that was all."""
    found = _open(brand_id, after)
    opening = Plans({}, plans.opening_hours())
    rows.run(
        """
        UPDATE decide_wait w SET due_at = n.due, calendar_id = n.calendar, timers = n.timers,
            next_timer_at = (SELECT min((one->>0)::timestamptz) FROM jsonb_array_elements(n.timers) AS one)
        FROM jsonb_to_recordset(%s) AS n(id bigint, due timestamptz, calendar bigint, timers jsonb)
        WHERE w.id = n.id AND w.state = 'open'
        """,
        [rows.as_json([_anew(one, opening.hours_of(brand_id, one.team)) for one in found])],
    )
    return found[-1].place if len(found) == CHUNK else None


def _open(brand_id: int, after: tuple[int, int, str]) -> list[Open]:
    found = rows.fetch(
        """
        SELECT w.id, w.conversation_id, w.identity_id, w.element, w.team, coalesce(w.counts_from, w.opened_at),
               w.minutes, w.timers::text
        FROM decide_wait w JOIN listen_conversation c ON c.id = w.conversation_id
        JOIN listen_channel ch ON ch.id = c.channel_id
        WHERE w.state IN ('open', 'answered') AND w.calendar_id IS NOT NULL AND ch.brand_id = %(brand)s
          AND (w.conversation_id, w.identity_id, w.element) > (%(conversation)s, %(identity)s, %(element)s)
        ORDER BY w.conversation_id, w.identity_id, w.element LIMIT %(chunk)s
        """,
        {"brand": brand_id, "conversation": after[0], "identity": after[1], "element": after[2], "chunk": CHUNK},
    )
    return [
        Open(number, (conversation, identity, element), team, since, minutes, json.loads(timers))
        for number, conversation, identity, element, team, since, minutes, timers in found
    ]


def _anew(one: Open, hours: plans.Hours) -> dict[str, Any]:
    due = hours.calendar.add_minutes
    return {
        "id": one.id,
        "due": None if one.minutes is None else due(one.counted_from, one.minutes),
        "calendar": hours.id,
        "timers": [
            [at if minutes is None else due(one.counted_from, minutes).isoformat(), element, ends, minutes]
            for at, element, ends, minutes in one.timers
        ],
    }

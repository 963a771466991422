"""How our presences are: when something came last, what waits, what could not be read, what nobody knows the end of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from armature.crm import rows


@dataclass(frozen=True, slots=True)
class Health:
    """Of one channel: when something new came last, how much today, how much was set aside as unreadable, is on its way
    out, or has an outcome that nobody knows; and until when the other side wants to be left alone.
    """

    last_at: datetime | None
    today: int
    parked: int
    leaving: int
    unknown: int
    closed_until: datetime | None


def of(channels: Iterable[int]) -> dict[int, Health]:
    """The health of each, in one query."""
    found = rows.fetch(
        """
        SELECT c.id, (SELECT max(last_at) FROM listen_tally t WHERE t.channel_id = c.id),
            (SELECT coalesce(sum(stored), 0)::bigint FROM listen_tally t
             WHERE t.channel_id = c.id AND t.day = current_date),
            (SELECT count(*) FROM listen_envelope e WHERE e.channel_id = c.id AND e.parked IS NOT NULL),
            (SELECT count(*) FROM act_delivery d WHERE d.channel_id = c.id AND d.state IN ('queued', 'sending')),
            (SELECT count(*) FROM act_delivery d WHERE d.channel_id = c.id AND d.state = 'unknown'),
            (SELECT closed_until FROM listen_budget b
             WHERE b.channel_id = c.id AND closed_until > statement_timestamp())
        FROM unnest(%s::bigint[]) AS c(id)
        """,
        [list(channels)],
    )
    return {number: Health(*rest) for number, *rest in found}


def parked(channel: int, most: int) -> list[tuple[datetime, str]]:
    """When what could not be read came, and why it could not; the newest."""
    return [
        (at, why)
        for at, why in rows.fetch(
            "SELECT received_at, parked FROM listen_envelope WHERE channel_id = %s AND parked IS NOT NULL "
            "ORDER BY id DESC LIMIT %s",
            [channel, most],
        )
    ]


@dataclass(frozen=True, slots=True)
class Came:
    """What one channel received on one day (UTC): ``new``, and ``again`` for what was known already."""

    day: date
    new: int
    again: int


def by_day(channel: int, days: int) -> list[Came]:
    """The last so many days, today last; days without anything are among them."""
    found = rows.fetch(
        """
        SELECT d::date, coalesce(t.stored, 0)::bigint, coalesce(t.received - t.stored, 0)::bigint
        FROM generate_series(current_date - %s::int + 1, current_date, interval '1 day') d
        LEFT JOIN listen_tally t ON t.channel_id = %s AND t.day = d::date
        ORDER BY d
        """,
        [days, channel],
    )
    return [Came(*line) for line in found]

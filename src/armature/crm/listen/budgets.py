"""The calls of a channel, counted in one row that all workers share: a bucket that fills by and by.

What answers say counts more than what we reckon. A channel that fails is left alone for a while, longer each time; the
others have rows of their own and notice nothing.
"""

from dataclasses import dataclass

from armature.crm import rows
from armature.crm.channels.rates import Limits, OverBudget

BACK_OFF, LONGEST = 5, 300
"""Seconds to stay away after the first failure, doubled by each other, and at most."""

FULL = "least(%(calls)s, b.left + extract(epoch FROM clock_timestamp() - b.counted_at) * %(calls)s / %(seconds)s)"
"""How much is in the bucket now."""

SPEND = f"""
    INSERT INTO listen_budget AS b (channel_id, "left", counted_at)
    VALUES (%(channel)s, %(calls)s - 1, clock_timestamp())
    ON CONFLICT (channel_id) DO UPDATE SET "left" = {FULL} - 1, counted_at = clock_timestamp()
    WHERE coalesce(b.closed_until <= clock_timestamp(), true) AND {FULL} >= 1 + %(spare)s
    RETURNING 1
""".replace("b.left", 'b."left"')  # noqa: S608  our own words

SHORT = f"""
    SELECT greatest(extract(epoch FROM b.closed_until - clock_timestamp()),
                    (1 + %(spare)s - {FULL}) * %(seconds)s / %(calls)s, 1)
    FROM listen_budget b WHERE channel_id = %(channel)s
""".replace("b.left", 'b."left"')  # noqa: S608


@dataclass(frozen=True, slots=True)
class Counted:
    """The budget of one channel: ``calls`` in ``seconds``. See ``Budget``."""

    channel_id: int
    calls: int
    seconds: int

    def spend(self, spare: int = 0) -> None:
        """Take one call, if more than ``spare`` are left; raises ``OverBudget``."""
        given = {
            "channel": self.channel_id, "calls": self.calls, "seconds": self.seconds,
            "spare": min(spare, self.calls // 4),
        }  # fmt: skip
        if not rows.fetch(SPEND, given):
            found = rows.fetch(SHORT, given)
            raise OverBudget(float(found[0][0]) if found else 1.0)

    def told(self, limits: Limits) -> None:
        """Keep what an answer says: it is well again, and what it names counts."""
        away = limits.stay_away if limits.stay_away is not None else (limits.resets if limits.remaining == 0 else None)
        rows.run(
            """
            UPDATE listen_budget SET failures = 0, "left" = least("left", coalesce(%s::float, "left")),
                closed_until = greatest(closed_until, clock_timestamp() + %s::float * interval '1 second')
            WHERE channel_id = %s
            """,
            [limits.remaining, away, self.channel_id],
        )

    def failed(self) -> None:
        """Stay away for a little."""
        rows.run(
            """
            UPDATE listen_budget SET failures = least(failures + 1, 20),
                closed_until = greatest(closed_until, clock_timestamp() + interval '1 second'
                                                      * least(%s, %s * 2 ^ least(failures, 10)))
            WHERE channel_id = %s
            """,
            [LONGEST, BACK_OFF, self.channel_id],
        )

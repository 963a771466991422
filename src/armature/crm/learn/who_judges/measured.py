"""What is counted from: messages drawn by chance whose reading a person checked, and the newest that came in.

Each with what was known when it was first judged. Deleted words and restricted cases count nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from armature.arm import listen
from armature.arm.let_through import Checked
from armature.arm.rule.compiled import Facts
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard
from armature.crm.decide import queries, snapshot
from armature.crm.learn.replays.past import wordings
from armature.crm.learn.verdicts import NOT_OURS_TO_LEARN

NEWEST = 2_000
"""So many of each count at most."""
AMONG = 10_000
"""The newest that came in are looked for among so many."""
DAYS = 30

FIRST = """JOIN LATERAL (
    SELECT snapshot, catalogue, rows FROM (
        (SELECT id, snapshot, catalogue, rows FROM decide_judgement
         WHERE interaction_id = i.id AND NOT current ORDER BY id LIMIT 1)
        UNION ALL (SELECT id, snapshot, catalogue, rows FROM decide_judgement WHERE interaction_id = i.id AND current)
    ) AS judged ORDER BY id LIMIT 1) j ON true"""
ASKED = "EXISTS (SELECT FROM unnest(j.rows) AS fired WHERE starts_with(fired, %s))"
"""The table was asked there. One that is not in force was asked nowhere: then any table will do."""
ANY_ASKED = "cardinality(j.rows) > 0 AND %s::text IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest messages that came to the table, as facts; in how many days they came (0 of none)."""

    facts: Sequence[Facts] = ()
    days: float = 0.0

    def a_week(self, through: int) -> float:
        """How many of so many come in a week."""
        return through * 7 / self.days if self.days else 0.0


def sample(
    key: str, in_force: bool, user: User | None = None, since: datetime | None = None, most: int = NEWEST
) -> list[Checked]:
    """The newest answered labels that chance drew; of a ``user`` those whose cases they may see. Four statements.

    Only what came to this table, and what was said before there was one. ``since``: read from then on.
    """
    where, values = _seen(user)
    found = rows.fetch(
        f"""
        SELECT i.id, h.intent_id, h.confidence, coalesce(p.intent_id, v.intent_id) = h.intent_id,
            j.snapshot, j.catalogue
        FROM learn_label l JOIN understand_reading h ON h.id = l.suggestion_id
        JOIN listen_interaction i ON i.id = l.interaction_id
        LEFT JOIN understand_reading v ON v.id = l.verdict_id
        LEFT JOIN understand_reading p ON p.interaction_id = i.id AND p.current AND p.user_id IS NOT NULL
        {FIRST}
        WHERE l.drawn = 'random' AND l.at IS NOT NULL AND (i.historic OR {ASKED if in_force else ANY_ASKED})
          AND (%s::timestamptz IS NULL OR h.read_at >= %s) AND {NOT_OURS_TO_LEARN} AND {where}
        ORDER BY l.at DESC, l.interaction_id DESC LIMIT %s
        """,
        [f"{key}:", since, since, *values, most],
    )
    known = _facts([(number, line, version) for number, _i, _c, _a, line, version in found])
    return [
        Checked({**known[number], "intent": intent, "confidence": sure, "judged_by_person": False}, agrees is True)
        for number, intent, sure, agrees, _line, _version in found
        if number in known
    ]


def messages(key: str, in_force: bool, user: User | None = None, now: datetime | None = None) -> Heard:
    """The newest of the last 30 days that came to this table; of a ``user`` those whose cases they may see."""
    where, values = _seen(user)
    until = now or timezone.now()
    found = rows.fetch(
        f"""
        SELECT i.id, j.snapshot, j.catalogue, i.occurred_at
        FROM (SELECT *, id AS interaction_id FROM listen_interaction WHERE direction = 'in'
              ORDER BY id DESC LIMIT {AMONG}) i
        CROSS JOIN LATERAL (SELECT i.id AS interaction_id) h {FIRST}
        WHERE i.occurred_at >= %s AND {ASKED if in_force else ANY_ASKED} AND {NOT_OURS_TO_LEARN} AND {where}
        ORDER BY i.id DESC LIMIT %s
        """,
        [until - timedelta(days=DAYS), f"{key}:", *values, NEWEST],
    )
    known = _facts([(number, line, version) for number, line, version, _at in found])
    days = float(DAYS)
    if len(found) == NEWEST:
        days = max((until - min(at for *_rest, at in found)) / timedelta(days=1), 1.0)
    return Heard(list(known.values()), days if known else 0.0)


def _seen(user: User | None) -> tuple[str, Sequence[Any]]:
    """As a condition on ``h.interaction_id``."""
    return heard.seen(user) if user else ("true", ())


def _facts(found: Sequence[tuple[int, str, int]]) -> dict[int, Facts]:
    """What was known of each when it was judged, with its words as they read then."""
    numbers = [number for number, _line, _version in found]
    said = queries.interactions(numbers) if numbers else {}
    first = wordings(numbers) if numbers else {}
    facts: dict[int, Facts] = {}
    for number, line, version in found:
        if number in said:
            one = replace(said[number], text=first[number][0]) if number in first else said[number]
            facts[number] = {**snapshot.unpack(line, version), **listen.said(one)}
    return facts

"""The case follows the waits: one function writes it, whatever happened, and `armature check` compares."""

from collections.abc import Iterable
from datetime import datetime

from armature.crm import rows
from armature.crm.decide.waits import HUMAN

MOST_URGENT = "w.form <> ALL(%(human)s), w.due_at NULLS LAST, w.priority, w.id"
"""Of several open waits a case shows this one first: what people owe before what the machine does, by urgency."""

PROJECT = f"""
    INSERT INTO act_case AS kept (conversation_id, identity_id, person_id, status, form, team, asks, priority, due_at,
                                  opened_at, last_in_at, changed_at)
    SELECT t.c, t.i, p.person_id,
        CASE WHEN s.form = 'intent' THEN 'new' WHEN s.form = ANY(%(human)s) THEN 'open'
             WHEN s.form IS NOT NULL THEN 'pending'
             WHEN t.o = 'no_response' THEN 'no_response' ELSE 'resolved' END,
        coalesce(s.form, ''), t.t, coalesce(s.team, ''), coalesce(s.priority, 5), s.due_at, now(), t.at, now()
    FROM jsonb_to_recordset(%(touched)s) AS t(c bigint, i bigint, at timestamptz, o text, t text)
    JOIN identify_identity p ON p.id = t.i
    LEFT JOIN LATERAL (
        SELECT form, team, priority, due_at FROM decide_wait w
        WHERE w.conversation_id = t.c AND w.identity_id = t.i AND w.state IN ('open', 'answered')
        ORDER BY {MOST_URGENT} LIMIT 1) s ON true
    ORDER BY t.c, t.i
    ON CONFLICT (conversation_id, identity_id) DO UPDATE SET
        status = excluded.status, form = excluded.form, person_id = excluded.person_id,
        team = CASE WHEN excluded.team = '' THEN kept.team ELSE excluded.team END, asks = excluded.asks,
        priority = excluded.priority, due_at = excluded.due_at,
        last_in_at = greatest(kept.last_in_at, excluded.last_in_at), changed_at = now()
"""


def project(touched: Iterable[tuple[int, int, datetime, str, str]]) -> None:
    """Write the cases of these (conversation, identity, last said at, outcome, team), as their open waits show them."""
    latest: dict[tuple[int, int], tuple[datetime, str, str]] = {}
    for conversation, identity, at, outcome, team in touched:
        before = latest.get((conversation, identity))
        latest[conversation, identity] = (max(at, before[0]) if before else at, outcome, team)
    if not latest:
        return
    listed = [{"c": c, "i": i, "at": at, "o": o, "t": t} for (c, i), (at, o, t) in sorted(latest.items())]
    rows.run(PROJECT, {"touched": rows.as_json(listed), "human": list(HUMAN)})

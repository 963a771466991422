"""What was said before we listened here is seen in a case that ended when it was said; open work is not touched."""

from collections.abc import Iterable

from armature.crm import rows
from armature.crm.decide.commands import Judged

KEEP = """
    INSERT INTO act_case (conversation_id, identity_id, person_id, status, form, team, asks, priority,
                          opened_at, last_in_at, changed_at, intent, ended_at)
    SELECT t.c, t.i, p.person_id, 'closed', '', '', '', 5, t.first, t.last, now(), t.n, t.last
    FROM (SELECT c, i, min(at) AS first, max(at) AS last, (array_agg(n ORDER BY at DESC))[1] AS n
          FROM jsonb_to_recordset(%s) AS said(c bigint, i bigint, at timestamptz, n text) GROUP BY c, i) AS t
    JOIN identify_identity p ON p.id = t.i
    WHERE NOT EXISTS (SELECT FROM act_case k WHERE k.conversation_id = t.c AND k.identity_id = t.i)
    ORDER BY t.c, t.i
    ON CONFLICT (conversation_id, identity_id) WHERE NOT settled DO NOTHING
"""
WIDEN = """
    UPDATE act_case k SET opened_at = least(k.opened_at, t.first), last_in_at = greatest(k.last_in_at, t.last),
        ended_at = greatest(k.ended_at, t.last)
    FROM (SELECT c, i, min(at) AS first, max(at) AS last
          FROM jsonb_to_recordset(%s) AS said(c bigint, i bigint, at timestamptz, n text) GROUP BY c, i) AS t
    WHERE k.conversation_id = t.c AND k.identity_id = t.i AND k.status = 'closed' AND k.assignee_id IS NULL
      AND k.ended_at = k.last_in_at AND (t.first < k.opened_at OR t.last > k.last_in_at)
"""
"""A case that ended the moment of its last words is one of these: nobody worked on it."""


def keep(judged: Iterable[Judged]) -> None:
    """A closed case for each conversation and person of the past that has none; no clock, no notice, nobody's work."""
    said = [
        {"c": one.whose[0], "i": one.whose[1], "at": one.interaction.occurred_at,
         "n": one.judgement.reading.intent if one.judgement.reading else ""}
        for one in judged
    ]  # fmt: skip
    if said:
        rows.run(WIDEN, [rows.as_json(said)])
        rows.run(KEEP, [rows.as_json(said)])

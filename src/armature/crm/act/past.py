"""What was said before we listened here is seen in a case that ended when it was said; open work is not touched.

Whoever is brought in as a person is one in the cases that they have already, too.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from armature.crm import rows
from armature.crm.decide.commands import Judged
from armature.crm.identify import brought
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import Record
from armature.crm.listen.imports.results import CHANGED, NEW, Result

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


WHOSE = """
    WITH theirs AS (
        SELECT c.id, i.person_id FROM jsonb_to_recordset(%s) AS k(w text, a text)
        JOIN identify_identity i ON i.network = k.w AND i.address = k.a
        JOIN act_case c ON c.identity_id = i.id WHERE c.person_id IS NULL ORDER BY c.id FOR NO KEY UPDATE OF c)
    UPDATE act_case c SET person_id = theirs.person_id FROM theirs WHERE c.id = theirs.id
"""


def people(job: Import, records: Sequence[Record], *, dry: bool, now: datetime) -> list[Result]:
    """Records of people, as ``brought`` takes them; the cases of their addresses are theirs from then on."""
    results = brought.take(job, records, dry=dry, now=now)
    theirs = {one for result in results if result.what in (NEW, CHANGED) for one in result.addresses}
    if theirs and not dry:
        rows.run(WHOSE, [json.dumps([{"w": network, "a": address} for network, address in sorted(theirs)])])
    return results

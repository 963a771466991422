"""What people did about interactions, as far as it is recorded: what the rules are held against. One meaning each.

- ``judging`` (whether a person judges): a person said why it was written, and it was *not* what the reader had
  suggested. Where they said the same, nobody would have been needed. Where nobody said anything, nothing is compared.
- ``team``: the team to which somebody handed the case over (it keeps it for later messages too); else the team that had
  the work when a person wrote the answer or ended it by hand.
- ``mode``: ``answer`` where a person handed in words of ours that were not taken back or withdrawn; ``none`` where a
  person ended the work by hand without.
- ``priority``: the one that a person fixed on the case. Whoever answered or ended it and fixed none left it as it was.
- ``reply``: whether the words were handed in for the public (or for public and then private), or in private.
- ``then_private``: of words for the public, whether private ones were to follow.
- ``approval``: somebody who released the words changed them first, or sent them back. Where they went out as they were
  written, approval changed nothing. Where nobody was asked, nothing is compared.
- ``whole``: what a person said of a decision of the machine alone that was drawn for them to look over.

Not known: answers by one statement for many, and what people thought of templates, incentives and promises.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from armature.arm.alone import ANSWER, NO_ANSWER
from armature.arm.interaction import Value
from armature.crm import rows
from armature.crm.learn.truth import SAID_IN_CASE

Did = dict[str, Value]

SAMPLE = """WITH s AS MATERIALIZED (
    SELECT i.id, i.conversation_id AS c, g.identity_id AS i FROM listen_interaction i
    JOIN identify_recognition g ON g.interaction_id = i.id AND g.current WHERE i.id = ANY(%(n)s)),
t AS MATERIALIZED (SELECT DISTINCT c, i FROM s)"""
READINGS_SQL = """
    SELECT h.interaction_id, s.intent_id, CASE WHEN h.user_id IS NOT NULL THEN h.intent_id END
    FROM understand_reading h
    LEFT JOIN LATERAL (
        SELECT intent_id FROM understand_reading s WHERE s.interaction_id = h.interaction_id AND NOT s.current
          AND s.user_id IS NULL ORDER BY s.id DESC LIMIT 1) AS s ON true
    WHERE h.interaction_id = ANY(%(n)s) AND h.current AND h.user_id IS NOT NULL AND s.intent_id IS NOT NULL
"""
"""The suggestion that stood before a person's word, and that word."""
FIXED_SQL = f"""{SAMPLE}
    SELECT i.id, CASE WHEN k.team_fixed THEN k.team END, CASE WHEN k.priority_fixed THEN k.priority END
    FROM t {SAID_IN_CASE} WHERE i.id = ANY(%(n)s) AND (k.team_fixed OR k.priority_fixed)
"""  # noqa: S608  the parts are ours
WORK_SQL = f"""{SAMPLE},
w AS MATERIALIZED (
    SELECT DISTINCT ON (s.id, w.answer::jsonb ? 'answer') s.id AS said, w.id, w.team, w.form, w.answered_at, t.c, t.i,
        w.answer::jsonb ? 'answer' AS wrote
    FROM t JOIN decide_wait w ON w.conversation_id = t.c AND w.identity_id = t.i AND w.state = 'done'
        AND w.answered_by_id IS NOT NULL AND w.form IN ('intent', 'response', 'executive', 'approval')
        AND w.answer::jsonb ?| ARRAY['answer', 'by_hand']
    JOIN decide_waititem x ON x.wait_id = w.id JOIN decide_judgement j ON j.id = x.judgement_id
    JOIN s ON s.id = j.interaction_id
    ORDER BY s.id, w.answer::jsonb ? 'answer', w.answered_at DESC, w.id DESC)
SELECT w.said, w.wrote, w.form, w.team, r.audience,
    EXISTS (SELECT FROM act_approval a WHERE a.response_id = r.id),
    EXISTS (SELECT FROM act_approval a WHERE a.response_id = r.id AND NOT a.approved)
        OR (SELECT count(DISTINCT g.author_id) > 1 FROM act_wording g WHERE g.response_id = r.id)
FROM w LEFT JOIN LATERAL (
    SELECT r.id, r.audience FROM act_case k JOIN act_response r ON r.case_id = k.id
    WHERE w.wrote AND k.conversation_id = w.c AND k.identity_id = w.i AND r.kind <> 'notice'
      AND r.state NOT IN ('draft', 'void')
      AND EXISTS (SELECT FROM decide_waititem y WHERE y.wait_id = w.id AND y.judgement_id = r.judgement_id)
    ORDER BY r.written_at DESC LIMIT 1) AS r ON true
ORDER BY w.said, w.wrote
"""  # noqa: S608
"""The latest work on each that a person answered with words, and the latest that they ended by hand."""
LOOKED_SQL = """
    SELECT j.interaction_id, m."right" FROM decide_judgement j JOIN act_sample m ON m.judgement_id = j.id
    WHERE j.interaction_id = ANY(%(n)s) AND j.current AND m."right" IS NOT NULL
    UNION ALL
    SELECT j.interaction_id, m."right" FROM decide_judgement j JOIN act_sample m ON m.judgement_id = j.id
    WHERE j.interaction_id = ANY(%(n)s) AND NOT j.current AND m."right" IS NOT NULL
"""


class Read(NamedTuple):
    """Why it was written: as it was suggested, and as a person said."""

    suggested: str
    meant: str


def readings(numbers: Sequence[int]) -> dict[int, Read]:
    """Those of them for which a person's word holds that came after a suggestion."""
    found = rows.fetch(READINGS_SQL, {"n": list(numbers)})
    return {number: Read(suggested, meant) for number, suggested, meant in found}


def did(numbers: Sequence[int]) -> dict[int, Did]:
    """What people did about each; those about which nobody did anything are left out. Four statements."""
    asked, found = {"n": list(numbers)}, defaultdict[int, Did](dict)
    for number, read in readings(numbers).items():
        found[number]["judging"] = read.suggested != read.meant
    for number, wrote, form, team, audience, looked, changed in rows.fetch(WORK_SQL, asked):
        if wrote and audience is None:
            continue  # taken back or withdrawn: what was done afterwards counts
        found[number] |= _worked(bool(wrote), form, team, audience, changed if looked else None)
    for number, team, priority in rows.fetch(FIXED_SQL, asked):
        found[number] |= {key: value for key, value in (("team", team), ("priority", priority)) if value is not None}
    for number, right in rows.fetch(LOOKED_SQL, asked):
        found[number]["whole"] = right
    return dict(found)


def _worked(wrote: bool, form: str, team: str, audience: str | None, changed: bool | None) -> Did:
    """One piece of work: words that were handed in stand above an end by hand, whichever came first."""
    done: Did = {"mode": ANSWER if wrote else NO_ANSWER}
    if team and form == "response":
        done["team"] = team  # judges, executives and approvers are asked beside the team whose case it is
    if wrote:
        done["reply"] = "private" if audience == "private" else "public"
        done["approval"] = changed
        done["then_private"] = audience == "both" if audience != "private" else None
    return done

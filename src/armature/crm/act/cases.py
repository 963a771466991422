"""The case follows the waits: one function writes it, whatever happened, and `armature check` compares."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from armature.crm import rows
from armature.crm.act import clocks
from armature.crm.decide.waits import HUMAN

MOST_URGENT = "w.form <> ALL(%(human)s), w.due_at NULLS LAST, w.priority, w.id"
"""Of several open waits a case shows this one first: what people owe before what the machine does, by urgency."""


class Touched(NamedTuple):
    """What just happened to the work of one identity in one conversation.

    ``new_words``: they said something; ``started``: we did, beginning work; ``ours``: it is about what we started.
    """

    conversation: int
    identity: int
    at: datetime
    outcome: str
    team: str
    intent: str = ""
    reason: str = ""
    new_words: bool = False
    started: bool = False
    ours: bool = False


PROJECT = f"""
    INSERT INTO act_case AS kept (conversation_id, identity_id, person_id, status, form, team, asks, priority, due_at,
                                  opened_at, last_in_at, changed_at, intent, reason, ended_at, follows_id)
    SELECT t.c, t.i, p.person_id,
        CASE WHEN s.form = 'intent' THEN 'new' WHEN s.form = ANY(%(human)s) THEN 'open'
             WHEN s.form IS NOT NULL THEN 'pending'
             WHEN t.o IN ('no_response', 'spam', 'closed') THEN t.o ELSE 'resolved' END,
        coalesce(s.form, ''), CASE WHEN t.s AND NOT t.w AND b.team <> '' THEN b.team ELSE t.t END,
        coalesce(s.team, ''), coalesce(s.priority, 5), s.due_at,
        CASE WHEN t.w OR t.s THEN now() ELSE 'epoch' END,
        CASE WHEN t.u THEN coalesce(b.last_in_at, t.at) ELSE t.at END, now(), t.n, t.r,
        CASE WHEN s.form IS NULL THEN now() END,
        (SELECT max(f.id) FROM act_case f WHERE f.conversation_id = t.c AND f.identity_id = t.i AND f.settled)
    FROM jsonb_to_recordset(%(touched)s)
        AS t(c bigint, i bigint, at timestamptz, o text, t text, n text, r text, w boolean, s boolean, u boolean)
    JOIN identify_identity p ON p.id = t.i
    LEFT JOIN LATERAL (
        SELECT form, team, priority, due_at FROM decide_wait w
        WHERE w.conversation_id = t.c AND w.identity_id = t.i AND w.state IN ('open', 'answered')
        ORDER BY {MOST_URGENT} LIMIT 1) s ON true
    LEFT JOIN LATERAL (
        SELECT team, last_in_at FROM act_case k
        WHERE (t.u OR t.s) AND k.conversation_id = t.c AND k.identity_id = t.i AND NOT k.settled
            AND k.form <> '') b ON true
    ORDER BY t.c, t.i
    ON CONFLICT (conversation_id, identity_id) WHERE NOT settled DO UPDATE SET
        status = CASE WHEN excluded.form = '' AND kept.ended_at IS NOT NULL THEN kept.status
                      WHEN kept.snoozed_until IS NOT NULL AND excluded.opened_at = 'epoch'
                          AND kept.form = excluded.form THEN 'snoozed'
                      ELSE excluded.status END,
        snoozed_until = CASE WHEN excluded.opened_at = 'epoch' AND kept.form = excluded.form
                             THEN kept.snoozed_until END,
        ended_at = CASE WHEN excluded.form = '' THEN coalesce(kept.ended_at, now()) END,
        reason = CASE WHEN excluded.form = '' AND kept.ended_at IS NOT NULL THEN kept.reason ELSE excluded.reason END,
        form = excluded.form, person_id = excluded.person_id,
        team = CASE WHEN excluded.team = '' OR kept.team_fixed THEN kept.team ELSE excluded.team END,
        asks = excluded.asks,
        priority = CASE WHEN kept.priority_fixed THEN kept.priority ELSE excluded.priority END,
        intent = CASE WHEN excluded.intent = '' THEN kept.intent ELSE excluded.intent END,
        due_at = excluded.due_at,
        last_in_at = greatest(kept.last_in_at, excluded.last_in_at), changed_at = now()
    RETURNING id, conversation_id, identity_id
"""
"""New words, or what we start, open a case now, if it is a new one, and wake it, if it is snoozed; what is only a deed
says 'epoch'. What we start leaves work that is open with the team that has it, and with when they wrote."""


def _together(before: Touched, one: Touched) -> Touched:
    """Two words about one case: the later, but that what we start says nothing of their intent, team, and time."""
    if one.started:
        one = one._replace(team=before.team or one.team, intent=before.intent or one.intent)
    theirs = [each.at for each in (before, one) if not each.ours]
    return one._replace(
        at=max(theirs or [before.at, one.at]), ours=not theirs,
        new_words=one.new_words or before.new_words, started=one.started or before.started,
    )  # fmt: skip


def project(touched: Iterable[Touched]) -> dict[int, bool]:
    """Write the cases of these, as their open waits show them; of several words about one the latest counts.

    What was promised to their customers follows them. The numbers of the cases, each with whether they said more.
    """
    latest: dict[tuple[int, int], Touched] = {}
    for one in touched:
        whose = one.conversation, one.identity
        before = latest.get(whose)
        latest[whose] = _together(before, one) if before else one
    if not latest:
        return {}
    listed = [
        {"c": c, "i": i, "at": one.at, "o": one.outcome, "t": one.team, "n": one.intent, "r": one.reason,
         "w": one.new_words, "s": one.started, "u": one.ours}
        for (c, i), one in sorted(latest.items())
    ]  # fmt: skip
    found = rows.fetch(PROJECT, {"touched": rows.as_json(listed), "human": list(HUMAN)})
    written = {number: latest[conversation, identity].new_words for number, conversation, identity in found}
    clocks.follow(written, timezone.now())
    return written


SETTLE = """
    UPDATE act_case c SET settled = true
    FROM listen_conversation v JOIN listen_channel h ON h.id = v.channel_id
    WHERE v.id = c.conversation_id AND NOT c.settled AND c.form = ''
      AND c.ended_at <= now() - %(least)s * interval '1 day'
      AND c.ended_at <= now() - interval '1 day' * coalesce((
        SELECT r.days FROM act_reopenrule r LEFT JOIN accounts_team t ON t.id = r.team_id
        WHERE (r.brand_id IS NULL OR r.brand_id = h.brand_id) AND (r.team_id IS NULL OR t.key = c.team)
        ORDER BY r.team_id NULLS LAST, r.brand_id NULLS LAST LIMIT 1), %(usual)s)
"""
REOPEN_DAYS = 14
"""For so many days new words reopen a case, where no rule says otherwise."""


def settle() -> int:
    """Cases that ended long ago are left alone from now on: new words make a new case that follows the old one."""
    found = rows.fetch("SELECT least(min(days), %s) FROM act_reopenrule", [REOPEN_DAYS])
    return rows.run(SETTLE, {"least": found[0][0], "usual": REOPEN_DAYS})

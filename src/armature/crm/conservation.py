"""Nothing lost, nothing twice, nothing unapproved, nothing undecided: what must hold when the workers are at rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.act import counts, outbox
from armature.crm.act.cases import MOST_URGENT
from armature.crm.act.digest import digest_of
from armature.crm.act.models import Delivery
from armature.crm.decide.catalogue import KEYS
from armature.crm.decide.waits import HUMAN
from armature.crm.learn import measuring

MOST = 20
"""Of each kind of problem, at most so many are named."""


@dataclass(frozen=True, slots=True)
class Law:
    """Something that must hold, in words; ``broken`` names each case where it does not."""

    words: str
    broken: Callable[[], list[str]]


def _sql(words: str, sql: str) -> Law:
    """A law whose breaches are the rows of a statement: one text column."""
    return Law(words, lambda: [line for (line,) in rows.fetch(f"{sql} LIMIT {MOST}", [])])


UNJUDGED = """
    SELECT 'interaction ' || i.id FROM listen_interaction i
    WHERE i.direction = 'in'
      AND NOT EXISTS (SELECT FROM decide_judgement j WHERE j.interaction_id = i.id AND j.current)
      AND NOT EXISTS (SELECT FROM decide_todo t WHERE t.conversation_id = i.conversation_id)
"""
UNRECOGNISED = """
    SELECT 'interaction ' || i.id FROM listen_interaction i WHERE i.direction = 'in'
      AND NOT EXISTS (SELECT FROM identify_recognition r WHERE r.interaction_id = i.id AND r.current)
"""
SET_ASIDE = """
    SELECT 'conversation ' || conversation_id || ': ' || left(coalesce(problem, ''), 200)
    FROM decide_todo WHERE leased_until = 'infinity'
"""
ADRIFT = """
    SELECT 'judgement ' || j.id FROM decide_judgement j WHERE j.current AND j.stop = 'ask'
      AND NOT EXISTS (
        SELECT FROM decide_waititem n JOIN decide_wait w ON w.id = n.wait_id
        WHERE n.judgement_id = j.id AND w.state IN ('open', 'answered'))
"""
NO_DEADLINE = """
    SELECT 'wait ' || id || ' (' || form || ')' FROM decide_wait
    WHERE state = 'open' AND due_at IS NULL AND next_timer_at IS NULL AND form NOT IN ('send', 'delivery', 'approval')
"""
ANSWERED_AND_LEFT = """
    SELECT 'wait ' || id FROM decide_wait w WHERE state = 'answered'
      AND NOT EXISTS (SELECT FROM decide_todo t WHERE t.conversation_id = w.conversation_id)
"""
NOTHING_TO_SEND = """
    SELECT 'wait ' || w.id FROM decide_wait w WHERE w.form = 'send' AND w.state = 'open'
      AND NOT EXISTS (SELECT FROM act_delivery d WHERE d.wait_id = w.id AND d.state IN ('queued', 'sending'))
"""
SENT_WITHOUT_PROOF = """
    SELECT 'delivery ' || id FROM act_delivery WHERE state = 'sent' AND reason = ''
      AND (attempt = 0 OR (provider_id = '' AND proof_at IS NULL))
"""
HANGING = f"""
    SELECT 'delivery ' || id FROM act_delivery
    WHERE state = 'sending' AND claimed_at < now() - interval '{int(outbox.LONGEST.total_seconds()) + 60} seconds'
"""
UNAPPROVED = f"""
    SELECT 'delivery ' || d.id FROM act_delivery d JOIN act_response r ON r.id = d.response_id
    WHERE d.state IN ('sending', 'sent', 'unknown', 'byhand') AND EXISTS (
        SELECT FROM decide_waititem n JOIN decide_judgement j ON j.id = n.judgement_id
        WHERE n.wait_id = d.wait_id
          AND (j.snapshot::jsonb -> {KEYS.index("approval")}) = 'true'::jsonb)
      AND NOT EXISTS (
        SELECT FROM act_approval a WHERE a.response_id = r.id AND a.approved AND a.digest = d.digest
          AND (a.user_id <> r.author_id OR r.asked_by = 'role'))
"""
UNLOGGED = """
    SELECT 'response ' || r.id FROM act_response r
    WHERE r.state IN ('approval', 'queued', 'sent', 'failed', 'unknown', 'byhand')
      AND NOT EXISTS (
        SELECT FROM accounts_auditentry a WHERE a.subject = 'case ' || r.case_id AND a.verb = 'wrote a response')
    UNION ALL
    SELECT 'delivery ' || d.id FROM act_delivery d JOIN act_response r ON r.id = d.response_id
    WHERE d.state IN ('sent', 'failed', 'unknown', 'byhand') AND NOT EXISTS (
        SELECT FROM accounts_auditentry a WHERE a.subject = 'case ' || r.case_id
          AND (a.verb LIKE 'settled as %%' OR a.verb IN ('bounced', 'found it sent')))
"""
LEFT_BEHIND = """
    SELECT 'wait ' || w.id || ' (' || w.form || ')' FROM decide_wait w WHERE w.state IN ('open', 'answered')
      AND NOT EXISTS (
        SELECT FROM act_case c WHERE c.conversation_id = w.conversation_id AND c.identity_id = w.identity_id
          AND NOT c.settled AND c.ended_at IS NULL)
"""
HALF_ENDED = """
    SELECT 'case ' || id || ': ' || status FROM act_case
    WHERE (ended_at IS NULL) = (status IN ('resolved', 'closed', 'spam', 'no_response')) OR settled AND ended_at IS NULL
"""
MISCOUNTED = """
    SELECT 'channel ' || t.channel_id || ': counted ' || t.stored || ', kept ' || count(e.id)
    FROM (SELECT channel_id, sum(stored) AS stored FROM listen_tally GROUP BY 1) t
    LEFT JOIN listen_envelope e ON e.channel_id = t.channel_id
    GROUP BY t.channel_id, t.stored HAVING t.stored <> count(e.id)
"""
BODILESS = """
    SELECT 'envelope ' || e.id FROM listen_envelope e
    WHERE NOT EXISTS (SELECT FROM listen_envelopebody b WHERE b.envelope_id = e.id AND b.received_at = e.received_at)
"""


def _cases() -> list[str]:
    """Cases that do not show what their waits say."""
    found = rows.fetch(
        f"""
        SELECT 'case ' || c.id || ': shows "' || c.form || '", waits for "' || coalesce(s.form, '') || '"'
        FROM act_case c LEFT JOIN (
            SELECT w.conversation_id, w.identity_id, w.form, w.team,
                row_number() OVER (PARTITION BY w.conversation_id, w.identity_id ORDER BY {MOST_URGENT}) AS place
            FROM decide_wait w WHERE w.state IN ('open', 'answered')) s
          ON s.conversation_id = c.conversation_id AND s.identity_id = c.identity_id AND s.place = 1 AND NOT c.settled
        WHERE c.form <> coalesce(s.form, '') OR c.asks <> coalesce(s.team, '') LIMIT {MOST}
        """,
        {"human": list(HUMAN)},
    )
    return [line for (line,) in found]


def _changed_after_release() -> list[str]:
    problems: list[str] = []
    left = Delivery.objects.exclude(state__in=["failed", "taken"]).select_related(
        "response__case__conversation__channel"
    )
    for delivery in left.prefetch_related("response__files").iterator(chunk_size=2000):
        response = delivery.response
        if not digest_of(response) == response.digest == delivery.digest:
            problems.append(f"delivery {delivery.pk}: what was released is not what stands there")
    return problems[:MOST]


LAWS = (
    _sql("every accepted envelope has its payload", BODILESS),
    _sql("every channel keeps as many envelopes as it counted", MISCOUNTED),
    _sql("of every interaction it is known who said it", UNRECOGNISED),
    _sql("every interaction is judged, or about to be", UNJUDGED),
    _sql("no conversation is set aside", SET_ASIDE),
    _sql("whatever waits is in somebody's open work", ADRIFT),
    _sql("open work has a deadline", NO_DEADLINE),
    _sql("what was answered goes on", ANSWERED_AND_LEFT),
    _sql("what waits to be sent is in the outbox", NOTHING_TO_SEND),
    _sql("what is called sent was taken by the other side", SENT_WITHOUT_PROOF),
    _sql("nothing hangs in sending", HANGING),
    _sql("nothing left without the approval its rule demands", UNAPPROVED),
    Law("what was released is what was sent, byte for byte", _changed_after_release),
    Law("every case shows what its open work says", _cases),
    _sql("no open work stands behind a case that has ended", LEFT_BEHIND),
    _sql("a case has ended, or it is at work", HALF_ENDED),
    _sql("as many cases are counted as there are", counts.MISCOUNTED),
    _sql("as many things are summed as were measured", measuring.MISCOUNTED),
    _sql("every message in a case is measured, or about to be", measuring.UNHEARD),
    _sql("every response and delivery is in the audit log", UNLOGGED),
    Law("the audit log's chain is whole", lambda: audit.broken_links()[:MOST]),
    Law("the audit log's values are what was logged", audit.wrong_digests),
)


def broken() -> Iterator[tuple[Law, list[str]]]:
    """Each law with the cases where it is broken: none, when all is well."""
    for law in LAWS:
        yield law, law.broken()

"""Conversations with something to judge or to go on with."""

import secrets
from collections.abc import Iterable

from armature.crm import lease, rows


def add(conversation_ids: Iterable[int]) -> None:
    """Put conversations on the list; one that is being worked on is looked at once more."""
    rows.run(
        """
        INSERT INTO decide_todo (conversation_id) SELECT c FROM unnest(%s::bigint[]) AS c ORDER BY c
        ON CONFLICT (conversation_id) DO UPDATE SET again = true
        """,
        [sorted(set(conversation_ids))],
    )


def take(conversation_ids: Iterable[int]) -> lease.Claim:
    """Put conversations on the list already leased to this worker, which goes on with them at once.

    Those that stand on the list are only noted there: whoever has them looks once more.
    """
    token = secrets.randbits(62)
    found = rows.fetch(
        """
        INSERT INTO decide_todo (conversation_id, attempts, token, leased_until)
        SELECT c, 1, %s, statement_timestamp() + %s * interval '1 second' FROM unnest(%s::bigint[]) AS c ORDER BY c
        ON CONFLICT (conversation_id) DO UPDATE SET again = true
        RETURNING conversation_id, xmax = 0
        """,
        [token, lease.SECONDS, sorted(set(conversation_ids))],
    )
    return lease.Claim(token, tuple(sorted(conversation for conversation, fresh in found if fresh)))


def wake_due(limit: int = 1000) -> int:
    """Put conversations on the list whose timers have run out; how many."""
    due = rows.fetch(
        "SELECT DISTINCT conversation_id FROM (SELECT conversation_id FROM decide_wait "
        "WHERE state = 'open' AND next_timer_at <= statement_timestamp() ORDER BY next_timer_at LIMIT %s) AS due",
        [limit],
    )
    if due:
        add(conversation for (conversation,) in due)
    return len(due)


def finish(held: lease.Claim) -> None:
    """Take conversations off the list in the transaction of their judgements; what came in meanwhile stays on it."""
    done = rows.fetch(
        """
        DELETE FROM decide_todo WHERE conversation_id = ANY(%s) AND token = %s AND NOT again
        RETURNING conversation_id
        """,
        [list(held.keys), held.token],
    )
    left = sorted(set(held.keys) - {key for (key,) in done})
    if not left:
        return
    kept = rows.run(
        """
        UPDATE decide_todo SET leased_until = NULL, token = NULL, attempts = 0, again = false
        WHERE conversation_id = ANY(%s) AND token = %s
        """,
        [left, held.token],
    )
    if kept != len(left):
        raise lease.LeaseLost(f"{len(left) - kept} conversations are no longer ours")

"""Conversations with something to judge or to go on with."""

from collections.abc import Iterable

from armature.crm import lease, rows
from armature.crm.decide.models import Todo


def add(conversation_ids: Iterable[int]) -> None:
    """Put conversations on the list; one that is being worked on is looked at once more."""
    rows.run(
        """
        INSERT INTO decide_todo (conversation_id) SELECT c FROM unnest(%s::bigint[]) AS c ORDER BY c
        ON CONFLICT (conversation_id) DO UPDATE SET version = decide_todo.version + 1
        """,
        [sorted(set(conversation_ids))],
    )


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


def finish(held: lease.Claim, versions: dict[int, int]) -> None:
    """Take conversations off the list in the transaction of their judgements; what grew meanwhile stays on it."""
    done = rows.fetch(
        """
        WITH held AS MATERIALIZED (
            SELECT t.conversation_id, h.version FROM unnest(%s::bigint[], %s::int[]) AS h(id, version)
            JOIN decide_todo t ON t.conversation_id = h.id AND t.token = %s
            ORDER BY t.conversation_id FOR UPDATE OF t)
        DELETE FROM decide_todo USING held
        WHERE decide_todo.conversation_id = held.conversation_id AND decide_todo.version = held.version
        RETURNING decide_todo.conversation_id
        """,
        [list(held.keys), [versions.get(key, -1) for key in held.keys], held.token],
    )
    left = sorted(set(held.keys) - {key for (key,) in done})
    if not left:
        return
    kept = rows.run(
        "UPDATE decide_todo SET leased_until = NULL, token = NULL, attempts = 0 "
        "WHERE conversation_id = ANY(%s) AND token = %s",
        [left, held.token],
    )
    if kept != len(left):
        raise lease.LeaseLost(f"{len(left) - kept} conversations are no longer ours")


def versions(held: lease.Claim) -> dict[int, int]:
    """How often each conversation was put on the list when the work began."""
    found = rows.fetch(
        "SELECT conversation_id, version FROM decide_todo WHERE conversation_id = ANY(%s)", [list(held.keys)]
    )
    return dict(found)


QUEUE = Todo

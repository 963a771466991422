"""What must be true after all the killing: nothing acknowledged is lost, nothing went out twice or unapproved."""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from killing.desk import Person, Promise
from killing.ground import Ground, Stuck, until
from killing.killer import Killer
from killing.traffic import Feeder

QUIET = 240.0
AUDIT = {
    "claim": "claimed",
    "intent": "judged the intent",
    "write": "wrote a response",
    "approve": "approved",
    "send_back": "sent back",
    "note": "noted",
}


def ask(ground: Ground, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with psycopg.connect(ground.url, autocommit=True, connect_timeout=5) as connection:
        return connection.execute(sql, values).fetchall()


UNREST = """
    SELECT (SELECT count(*) FROM listen_unopened WHERE leased_until IS DISTINCT FROM 'infinity'),
           (SELECT count(*) FROM decide_todo WHERE leased_until IS DISTINCT FROM 'infinity'),
           (SELECT count(*) FROM act_delivery WHERE state IN ('queued', 'sending')),
           (SELECT %s - coalesce(max((cursor->>'offset')::int), 0) FROM listen_channel)
"""
FORWARD = """
    UPDATE act_delivery SET claimed_at = claimed_at - interval '1 hour'
    WHERE state = 'sending' AND claimed_at BETWEEN now() - interval '5 minutes' AND now() - interval '40 seconds'
"""


def wait_for_rest(ground: Ground) -> None:
    """Until nothing is left to do. Raises ``Stuck``.

    Sending that a kill cut short becomes unknown after five minutes; the harness does not wait for them but sets the
    claim back, once it is older than any that a living worker can still hold here.
    """
    unrest: list[tuple[Any, ...]] = []

    def at_rest() -> bool:
        nonlocal unrest
        with psycopg.connect(ground.url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(FORWARD)
            unrest = connection.execute(UNREST, [ground.spool.stat().st_size]).fetchall()
        time.sleep(0.4)
        return not any(unrest[0])

    try:
        until(at_rest, QUIET, "rest")
    except Stuck as stuck:
        raise Stuck(f"{stuck}: envelopes, conversations, deliveries, bytes left to do: {unrest[0]}") from None


def judge(ground: Ground, feeder: Feeder, people: Sequence[Person]) -> list[str]:
    """Everything that is wrong, in words."""
    problems = _messages(ground, feeder) + _promises(ground, [p for person in people for p in person.promises])
    problems += _sent(ground)
    for person in people:
        raw = sum(count for status, count in person.answers.items() if status >= 500 and status != 503)
        problems += [f"{person.name} saw {raw} raw errors"] if raw else []
    checked = ground.run("check", "--json")
    if checked.returncode or not checked.stdout:
        problems.append(f"armature check: {checked.stdout[-2000:]} {checked.stderr[-1000:]}")
    elif broken := {law: found for law, found in json.loads(checked.stdout).items() if found}:
        problems.append(f"armature check: {broken}")
    return problems


def _messages(ground: Ground, feeder: Feeder) -> list[str]:
    stored = Counter(
        dict(ask(ground, "SELECT external_id, count(*) FROM listen_interaction WHERE direction = 'in' GROUP BY 1"))
    )
    judged = {
        row[0]
        for row in ask(
            ground,
            "SELECT i.external_id FROM listen_interaction i JOIN decide_judgement j ON j.interaction_id = i.id "
            "WHERE j.current",
        )
    }
    said = {str(line["id"]) for line in feeder.said}
    doubled = [name for name, count in stored.items() if count > 1]
    identities = ask(ground, "SELECT address FROM identify_identity GROUP BY 1 HAVING count(*) > 1")
    parked = ask(ground, "SELECT id, parked FROM listen_envelope WHERE parked IS NOT NULL")
    stuck = ask(ground, "SELECT conversation_id, problem FROM decide_todo WHERE leased_until = 'infinity'")
    return _named(
        {
            "messages lost": said - set(stored),
            "messages nobody said": set(stored) - said,
            "messages stored twice": doubled,
            "messages not judged": said - judged,
            "people with two identities": identities,
            "envelopes parked": parked,
            "conversations parked": stuck,
        }
    )


def _promises(ground: Ground, promises: Sequence[Promise]) -> list[str]:
    logged = Counter(
        ask(
            ground,
            "SELECT lower(actor_name), verb, subject FROM accounts_auditentry WHERE actor_id IS NOT NULL",
        )
    )
    case_of = dict(ask(ground, "SELECT id, case_id FROM act_response"))
    texts = {text for (text,) in ask(ground, "SELECT text FROM act_note")}
    lost: list[Promise] = []
    for promise in promises:
        if promise.what == "draft":
            continue
        case = case_of.get(promise.number) if promise.what in ("approve", "send_back") else promise.number
        if not logged[(promise.who, AUDIT[promise.what], f"case {case}")] or (
            promise.what == "note" and promise.text not in texts
        ):
            lost.append(promise)
    return _named({"acknowledged and lost": lost, "acknowledged approvals lost": _approvals(ground, promises)})


def _approvals(ground: Ground, promises: Sequence[Promise]) -> list[Promise]:
    kept = set(ask(ground, "SELECT response_id, digest FROM act_approval WHERE approved"))
    return [one for one in promises if one.what == "approve" and (one.number, one.text) not in kept]


def deliveries(ground: Ground) -> list[tuple[str, str, str]]:
    """External id and state of every delivery, and the digest of what was released, as the ledger writes it."""
    return [
        (external_id, state, hashlib.sha256(json.dumps([subject, recipients, text]).encode()).hexdigest())
        for external_id, state, subject, recipients, text in ask(
            ground,
            "SELECT i.external_id, d.state, r.subject, r.recipients, r.text FROM act_delivery d "
            "JOIN listen_interaction i ON i.id = d.interaction_id JOIN act_response r ON r.id = d.response_id",
        )
    ]


def lines(ground: Ground) -> list[list[str]]:
    """What went out: external id, digest, recipient."""
    return [line.split() for line in ground.ledger.read_text().splitlines()]


def _sent(ground: Ground) -> list[str]:
    out = Counter(line[0] for line in lines(ground))
    known = {external_id: (state, digest) for external_id, state, digest in deliveries(ground)}
    return _named(
        {
            "sent more than once": [name for name, count in out.items() if count > 1],
            "sent and unknown to us": set(out) - set(known),
            "called sent, but never went out": [n for n, (s, _) in known.items() if s == "sent" and n not in out],
            "called failed, but went out": [n for n, (s, _) in known.items() if s == "failed" and n in out],
            "other words than released": [x[0] for x in lines(ground) if x[0] in known and known[x[0]][1] != x[1]],
        }
    )


def _named(found: dict[str, Iterable[object]]) -> list[str]:
    listed = {words: list(some) for words, some in found.items()}
    return [f"{len(some)} {words}: {some[:5]}" for words, some in listed.items() if some]


def figures(ground: Ground, killer: Killer, feeder: Feeder, people: Sequence[Person]) -> dict[str, Any]:
    """What happened, in numbers."""
    states = Counter(state for _, state, _ in deliveries(ground))
    out = {line[0] for line in lines(ground)}
    unknown_out = sum(1 for name, state, _ in deliveries(ground) if state == "unknown" and name in out)
    recovery = _recovery(ground, killer, people)
    return {
        "kills": dict(Counter(what for _, what in killer.kills)),
        "messages": len(feeder.said),
        "repeated": feeder.repeated,
        "acknowledged": dict(Counter(p.what for person in people for p in person.promises)),
        "answers by status": dict(sum((Counter(person.answers) for person in people), Counter())),
        "cut off": sum(person.cut_off for person in people),
        "deliveries": dict(states),
        "sent lines": len(lines(ground)),
        "unknown that had gone out": unknown_out,
        "recovery median s": round(statistics.median(recovery), 2) if recovery else None,
        "recovery max s": round(max(recovery), 2) if recovery else None,
    }


def _recovery(ground: Ground, killer: Killer, people: Sequence[Person]) -> list[float]:
    """For each kill: seconds until a page answered and something said after it was judged; other kills fall between."""
    judged = ask(
        ground,
        "SELECT extract(epoch FROM i.occurred_at)::float, extract(epoch FROM min(j.judged_at))::float "
        "FROM listen_interaction i JOIN decide_judgement j ON j.interaction_id = i.id "
        "WHERE i.direction = 'in' GROUP BY i.id, i.occurred_at",
    )
    pages = sorted(at for person in people for at in person.answered_at)
    took = []
    for at, _ in killer.kills:
        heard = min((done for said, done in judged if said > at), default=None)
        page = next((moment for moment in pages if moment > at), None)
        if heard is not None and page is not None:
            took.append(max(heard, page) - at)
    return took

"""Writes of what came of it: feedback on the response that caused it, the outcome on the person and the rule."""

from collections.abc import Mapping, Sequence

from armature.crm import rows
from armature.crm.act.models import Response
from armature.crm.decide.commands import Judged
from armature.crm.decide.queries import OpenWait
from armature.crm.learn import measuring
from armature.crm.learn.models import Feedback, Outcome

RULES = "business_rules"


def keep(judged: Sequence[Judged]) -> None:
    """What came of it, and what of the past has to be measured: it touches no case that is at work."""
    keep_outcomes(judged)
    measuring.note({one.whose for one in judged if one.interaction.historic})


def keep_outcomes(judged: Sequence[Judged]) -> None:
    """For each judgement that feedback brought on: the feedback, and what the rule behind the response came to."""
    answered = [one for one in judged if one.wait and one.wait.form == "feedback" and _came(one.wait)]
    if not answered:
        return
    responses = _responses([one.whose for one in answered])
    rows.copy(Feedback, ["response_id", "interaction_id", "kind", "verdict"], _feedback(answered, responses))
    rows.copy(Outcome, ["judgement_id", "person_id", "rule", "verdict"], _outcomes(answered, responses))


def _came(wait: OpenWait) -> str:
    """What ended a wait for feedback: what they said, or the timer of the map, which is silence."""
    return str(wait.answer.get("feedback") or ("silence" if wait.state == "open" else ""))


def _responses(whose: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int | None]]:
    found = rows.fetch(
        """
        SELECT DISTINCT ON (c.id) c.conversation_id, c.identity_id, r.id, c.person_id
        FROM jsonb_to_recordset(%s) AS w(c bigint, i bigint)
        JOIN act_case c ON c.conversation_id = w.c AND c.identity_id = w.i AND NOT c.settled
        JOIN act_response r ON r.case_id = c.id AND r.state = %s ORDER BY c.id, r.id DESC
        """,
        [rows.as_json([{"c": conversation, "i": identity} for conversation, identity in whose]), Response.State.SENT],
    )
    return {(conversation, identity): (response, person) for conversation, identity, response, person in found}


def _feedback(
    answered: Sequence[Judged], responses: Mapping[tuple[int, int], tuple[int, int | None]]
) -> list[tuple[object, ...]]:
    by_wait = {one.wait.id: (one, one.wait) for one in answered if one.wait}
    return [
        (
            responses[one.whose][0],
            wait.answer.get("interaction"),
            "reply" if wait.answer.get("interaction") else "silence",
            _came(wait),
        )
        for one, wait in by_wait.values()
        if one.whose in responses and "rated" not in wait.answer
    ]


def _outcomes(
    answered: Sequence[Judged], responses: Mapping[tuple[int, int], tuple[int, int | None]]
) -> list[tuple[object, ...]]:
    """One for each rule behind a response, however many messages it answered together."""
    by_rule = {
        (one.wait.id, rule): (one.id, responses[one.whose][1], rule, _came(one.wait))
        for one in answered
        for rule in one.rows
        if one.wait and one.whose in responses and rule.startswith(RULES)
    }
    return list(by_rule.values())

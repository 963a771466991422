"""Pasts for tests of replays: interactions judged by the core, answered at random, kept as the database keeps them."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from arm.cast import NOW, OFFICE, KeywordReader, said
from armature.arm import Ask, End, Interaction, Judgement, Plan, Reading, Turn, Value, judge
from armature.arm.course import Moment, Stop, moment

NOT_KEPT = ("said", "heard", "automatic")
ANSWERS: dict[str, list[dict[str, Value]]] = {
    "intent": [{"intent": one, "judged_by_person": True} for one in ("complaint", "praise", "question", "spam")],
    "response": [{"answer": "written", "decision": "answer"}, {"answer": "written", "approval": True}],
    "executive": [{"answer": "written", "decision": one} for one in ("answer", "delegate", "meet")],
    "approval": [{"approved": True}, {"approved": True}, {"approved": False}],
    "send": [{"delivery": one} for one in ("sent", "sent", "failed", "unknown")],
    "delivery": [{"delivery": "sent"}, {"delivery": "failed"}],
    "feedback": [{"feedback": one} for one in ("satisfied", "not_satisfied", "silence")],
}
Pick = Callable[[int], int]
"""A number below the one given."""


def kept(plan: Plan, judgement: Judgement, before: Moment | None) -> Moment:
    """A moment as it comes back from its snapshot: what is not known is not there, words are not kept."""
    one = moment(plan, judgement, before)
    facts = {key: value for key, value in one.facts.items() if value is not None and key not in NOT_KEPT}
    return Moment(one.plan, one.path, one.rows, facts, one.stop)


def past(plan: Plan, interaction: Interaction, pick: Pick, most: int = 9) -> list[Moment]:
    """All judgements of one interaction: people answer, timers fire, cases are ended by hand, or it still waits."""
    judgement = judge([Turn(interaction)], {}, plan, KeywordReader(), {0: OFFICE}, NOW)[0]
    moments = [kept(plan, judgement, None)]
    while isinstance(judgement.stop, Ask) and len(moments) < most:
        chance, timers = pick(12), [one for one in judgement.stop.timers if one.interrupts]
        if chance == 0:
            break
        if chance == 1:
            stop = End(judgement.stop.element, "no_response", "closed")
            judgement = Judgement(interaction.id, None, (stop.element,), moments[-1].facts, {}, (), stop)
        elif chance == 2 and timers:
            judgement = _on(plan, interaction, judgement, timers[0].element, {}, moments[-1])
        else:
            node = plan.nodes[judgement.stop.element]
            some = ANSWERS[judgement.stop.form]
            answer = dict(some[pick(len(some))])
            judgement = _on(plan, interaction, judgement, node.id, answer, moments[-1])
        moments.append(kept(plan, judgement, moments[-1]))
    return moments


def _on(
    plan: Plan, interaction: Interaction, before: Judgement, after: str, answer: dict[str, Value], last: Moment
) -> Judgement:
    reading = before.reading or KeywordReader().read([interaction.text], [""])[0]
    if "intent" in answer:
        reading = Reading(str(answer["intent"]), reading.issue_type, 0.1, "en", 1.0, by="Ada", confirmed=True)
    turn = Turn(interaction, after, answer, last.facts, reading)
    return judge([turn], {}, plan, KeywordReader(), {0: OFFICE}, NOW)[0]


def pasts(plan: Plan, texts: Sequence[tuple[str, bool]], pick: Pick) -> list[tuple[Interaction, list[Moment]]]:
    """Many of them, of one person each."""
    found = [
        said(text, n, at=NOW - timedelta(hours=n), public=public, identity=n)
        for n, (text, public) in enumerate(texts, 1)
    ]
    return [(one, past(plan, one, pick)) for one in found]


__all__ = ["ANSWERS", "Stop", "kept", "past", "pasts"]

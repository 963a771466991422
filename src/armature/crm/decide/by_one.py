"""One response answers many: all that waits for words of ours in these cases waits for that one to be sent instead.

It is written as the process itself would write it behind an approval: a judgement that asks for the sending, the wait
for words closed by it. What comes of the sending goes on from there, in each case for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from armature.arm import act
from armature.arm.interaction import Interaction, Value
from armature.arm.judgement import Judgement
from armature.arm.process_map import Node, Plan
from armature.crm import rows
from armature.crm.decide import by_hand, commands, plans, queries, snapshot
from armature.crm.decide.commands import Judged
from armature.crm.decide.models import Judgement as Before
from armature.crm.decide.queries import Item, OpenWait

Whose = tuple[int, int]
Found = tuple[OpenWait | None, int, Item]


@dataclass(frozen=True, slots=True)
class Sending:
    """The wait that the outbox answers, and the judgement that the words answer."""

    wait_id: int
    judgement_id: int


def answer_by_one(
    answered: Mapping[Whose, tuple[Sequence[OpenWait], int]], by: int, team: str, now: datetime
) -> dict[Whose, Sending]:
    """What waits in each of these, with the number of their last words, is answered by words that are to be sent.

    Where nothing waits, the last words are answered once more. ``by`` is the user who released the words. Where
    no rule said yet whose business it is, it is this ``team``'s. Cases whose map sends nothing are left out.
    """
    latest = queries.latest([last for waits, last in answered.values() if not waits])
    said = queries.interactions(latest)
    maps = {wait.map_id for waits, _ in answered.values() for wait in waits}
    running = plans.load(maps | {one.map_id for one in latest.values()})
    asked, before = list[Judged](), dict[Whose, int]()
    for whose, (waits, last) in answered.items():
        found: list[Found] = [(wait, wait.map_id, item) for wait in waits for item in wait.items]
        if not waits and last in latest:
            found = [_once_more(latest[last], said[last])]
        for wait, map_id, item in found:
            if one := _sends(running[map_id], map_id, wait, _for(team, item)):
                asked.append(one)
                before[whose] = item.judgement_id
    _say_who([wait.id for waits, _ in answered.values() for wait in waits], by, now)
    changes = commands.record(asked, {}, plans.Plans(running, plans.opening_hours()), now)
    return {one.whose: Sending(one.wait_id, before[one.whose]) for one in changes.asked}


def _once_more(was: Before, said: Interaction) -> Found:
    facts = snapshot.unpack(was.snapshot, was.catalogue)
    return None, was.map_id, Item(was.pk, said, facts, tuple(was.rows))


def _for(team: str, item: Item) -> Item:
    """With what a person needs to whom it may come back: nobody has looked at the rules for what was just read."""
    enough: dict[str, Value] = {"team": team, "sla_minutes": by_hand.ENOUGH_MINUTES}
    return replace(item, facts=enough | item.facts)


def _say_who(wait_ids: Sequence[int], by: int, now: datetime) -> None:
    rows.run(
        'UPDATE decide_wait SET answer = \'{"answer": "written"}\', answered_at = %s, answered_by_id = %s '
        "WHERE id = ANY(%s)",
        [now, by, list(wait_ids)],
    )


def _sends(plan: Plan, map_id: int, wait: OpenWait | None, item: Item) -> Judged | None:
    sends = next((one for one in plan.nodes.values() if one.form == "send"), None)
    if sends is None:
        return None
    written: dict[str, Value] = {
        "answer": "written", "written_at": _writer(plan, wait), "decision": "answer", "approved": True,
        "delivery": None, "feedback": None,
    }  # fmt: skip
    facts = item.facts | written
    judgement = Judgement(item.interaction.id, None, (sends.id,), facts, {}, (), act.ask(sends, dict(facts)))
    return Judged(map_id, item.interaction, judgement, wait, item)


def _writer(plan: Plan, wait: OpenWait | None) -> str:
    """Where the words would go back to when they cannot be delivered: whoever would have written to this one person."""
    if wait and wait.form in ("response", "executive"):
        return wait.element
    return next(one.id for one in plan.nodes.values() if _writes_to_one(one))


def _writes_to_one(node: Node) -> bool:
    return node.form == "response" and node.value != "macro"

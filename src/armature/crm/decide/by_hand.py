"""What a person decides beside the arrows: work is over without more ado, or is taken up again.

It is written as the process itself would write it: a judgement that ends (or asks), with the facts known then, and the
wait closed (or opened) by it. So nothing waits behind an ended case, and the map counts both as ways of its own.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from armature.arm import act
from armature.arm.action import End
from armature.arm.interaction import Interaction, Value
from armature.arm.judgement import Judgement
from armature.arm.process_map import Plan
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.decide import commands, plans, queries, snapshot, waits
from armature.crm.decide.commands import Judged
from armature.crm.decide.queries import Item, OpenWait

ENOUGH_MINUTES = 480
"""Within so many minutes of business time work that is taken up again is due, where no rule ever said."""


def end(found: Sequence[OpenWait], *, outcome: str, reason: str, user: User, now: datetime) -> None:
    """End all that waits there: its interactions come to ``outcome``, by this user's word."""
    if not found:
        return
    numbers = [wait.id for wait in found]
    rows.run(
        "UPDATE decide_wait SET answer = %s, answered_at = %s, answered_by_id = %s WHERE id = ANY(%s)",
        [json.dumps({"by_hand": outcome, "reason": reason}), now, user.pk, numbers],
    )
    ended = {item.interaction.id: _ended(wait, item, outcome, reason) for wait in found for item in wait.items}
    commands.record(list(ended.values()), {}, plans.Plans({}, {}), now)
    waits.close(numbers, "done")


def _ended(wait: OpenWait, item: Item, outcome: str, reason: str) -> Judged:
    stop = End(wait.element, outcome, reason)
    judgement = Judgement(item.interaction.id, None, (wait.element,), item.facts, {}, (), stop)
    return Judged(wait.map_id, item.interaction, judgement, wait, item)


def take_up(interaction_ids: Sequence[int], *, team: str, now: datetime) -> list[Judged]:
    """These interactions wait for a response again, each with the map and the facts it was last judged with."""
    latest = queries.latest(interaction_ids)
    running = plans.load({one.map_id for one in latest.values()})
    again = []
    for number, before in sorted(latest.items()):  # the one or few that a person chose
        facts = {"team": team, "sla_minutes": ENOUGH_MINUTES, **snapshot.unpack(before.snapshot, before.catalogue)}
        item = Item(before.pk, queries.interaction(number), facts, tuple(before.rows))
        again.append(_asks(before.map_id, running[before.map_id], item))
    return ask_again(again, now)


def ask_again(asked: Sequence[Judged], now: datetime) -> list[Judged]:
    """Open the waits that these judgements ask for."""
    running = plans.load({one.map_id for one in asked})
    commands.record(asked, {}, plans.Plans(running, plans.opening_hours()), now)
    return list(asked)


def _asks(map_id: int, plan: Plan, item: Item) -> Judged:
    node = next(node for node in plan.nodes.values() if node.form == "response" and node.value != "macro")
    stop = act.ask(node, dict(item.facts))
    return Judged(
        map_id, item.interaction, Judgement(item.interaction.id, None, (node.id,), item.facts, {}, (), stop), None, item
    )


def move(item: Item, wait: OpenWait, to: Interaction) -> Judged:
    """The same question about an interaction that stands in another conversation now."""
    plan = plans.load([wait.map_id])[wait.map_id]
    facts: dict[str, Value] = dict(item.facts)
    stop = act.ask(plan.nodes[wait.element], facts)
    judgement = Judgement(to.id, None, (wait.element,), facts, {}, (), stop)
    return Judged(wait.map_id, to, judgement, None, item)


def hand_to(conversation_id: int, identity_id: int, team: str) -> None:
    """What waits for words of ours in a case is this team's turn from now on."""
    rows.run(
        """
        UPDATE decide_wait SET team = %s WHERE conversation_id = %s AND identity_id = %s AND state = 'open'
            AND form IN ('intent', 'response', 'executive')
        """,
        [team, conversation_id, identity_id],
    )

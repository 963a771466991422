"""What a person decides beside the arrows: work is over without more ado, or is taken up again.

It is written as the process itself would write it: a judgement that ends (or asks), with the facts known then, and the
wait closed (or opened) by it. So nothing waits behind an ended case, and the map counts both as ways of its own.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from armature.arm import act
from armature.arm.action import End
from armature.arm.judgement import Judgement
from armature.arm.process_map import Plan
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.decide import commands, plans, queries, snapshot, waits
from armature.crm.decide.commands import Judged
from armature.crm.decide.models import Wait, WaitItem
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
    """These interactions wait for a response again, each with the map and the facts it was last judged with.

    Those whose map has no step in which somebody answers are left out.
    """
    latest = queries.latest(interaction_ids)
    running = plans.load({one.map_id for one in latest.values()})
    said, again = queries.interactions(latest), []
    for number, before in sorted(latest.items()):
        facts = {"team": team, "sla_minutes": ENOUGH_MINUTES, **snapshot.unpack(before.snapshot, before.catalogue)}
        item = Item(before.pk, said[number], facts, tuple(before.rows))
        if element := _answers(running[before.map_id]):
            again.append(_at(before.map_id, running[before.map_id], element, item))
    return ask_again(again, now)


def ask_what_came(interaction_ids: Sequence[int], now: datetime) -> list[Judged]:
    """These interactions wait once more for what comes back: something did, after the process had ceased to wait."""
    latest = queries.latest(interaction_ids)
    running = plans.load({one.map_id for one in latest.values()})
    said, again = queries.interactions(latest), []
    for number, before in sorted(latest.items()):
        node = next((one for one in running[before.map_id].nodes.values() if one.form == "feedback"), None)
        if node is not None:
            facts = snapshot.unpack(before.snapshot, before.catalogue)
            item = Item(before.pk, said[number], facts, tuple(before.rows))
            again.append(_at(before.map_id, running[before.map_id], node.id, item))
    return ask_again(again, now)


def ask_again(asked: Sequence[Judged], now: datetime) -> list[Judged]:
    """Open the waits that these judgements ask for."""
    running = plans.load({one.map_id for one in asked})
    commands.record(asked, {}, plans.Plans(running, plans.opening_hours()), now)
    return list(asked)


def _answers(plan: Plan) -> str:
    """The step of a map in which somebody answers one person; empty when it has none."""
    return next((one.id for one in plan.nodes.values() if one.form == "response" and one.value != "macro"), "")


def _at(map_id: int, plan: Plan, element: str, item: Item) -> Judged:
    stop = act.ask(plan.nodes[element], dict(item.facts))
    judgement = Judgement(item.interaction.id, None, (element,), item.facts, {}, (), stop)
    return Judged(map_id, item.interaction, judgement, None, item)


def move(found: Sequence[OpenWait], interaction_ids: Collection[int], to: int, now: datetime) -> set[int]:
    """Interactions that stand in the conversation ``to`` by now wait there for the same; which of them waited.

    A wait that nothing is left in falls away.
    """
    running = plans.load({wait.map_id for wait in found})
    moved = [(wait, item) for wait in found for item in wait.items if item.interaction.id in interaction_ids]
    WaitItem.objects.filter(
        wait__in=[wait.id for wait, _ in moved], judgement__in=[item.judgement_id for _, item in moved]
    ).delete()
    waits.close([wait.id for wait in found if {i.interaction.id for i in wait.items} <= set(interaction_ids)], "void")
    again: dict[int, Judged] = {}
    for wait, item in moved:
        there = replace(item, interaction=replace(item.interaction, conversation=to))
        again[there.interaction.id] = _at(wait.map_id, running[wait.map_id], wait.element, there)
    ask_again(list(again.values()), now)
    _with_times_of([wait.id for wait, _ in moved], to)
    return set(again)


def restore(wait_ids: Sequence[int], now: datetime) -> None:
    """What was ended by hand waits again as it did, with the times it had."""
    ended = {wait.pk: wait for wait in Wait.objects.filter(pk__in=wait_ids)}
    joined = WaitItem.objects.filter(wait__in=list(ended)).values_list("wait", "judgement__interaction")
    latest = queries.latest({interaction for _, interaction in joined})
    running = plans.load({wait.map_id for wait in ended.values()})
    said, again = queries.interactions(latest), dict[int, Judged]()
    for number, interaction in joined:
        before, wait = latest[interaction], ended[number]
        facts = snapshot.unpack(before.snapshot, before.catalogue)
        item = Item(before.pk, said[interaction], facts, tuple(before.rows))
        again[interaction] = _at(wait.map_id, running[wait.map_id], wait.element, item)
    ask_again(list(again.values()), now)
    _with_times_of(list(ended), None)


def _with_times_of(wait_ids: Sequence[int], moved_to: int | None) -> None:
    """Waits opened in the place of others keep what was promised in those."""
    rows.run(
        """
        UPDATE decide_wait w SET team = o.team, priority = o.priority, opened_at = o.opened_at, minutes = o.minutes,
            counts_from = o.counts_from,
            due_at = o.due_at, next_timer_at = o.next_timer_at, timers = o.timers, calendar_id = o.calendar_id
        FROM decide_wait o WHERE o.id = ANY(%s) AND w.id <> o.id AND w.state = 'open' AND w.element = o.element
            AND w.conversation_id = coalesce(%s, o.conversation_id) AND w.identity_id = o.identity_id
        """,
        [list(wait_ids), moved_to],
    )


def hand_to(conversation_id: int, identity_id: int, team: str) -> None:
    """What waits for words of ours in a case is this team's turn from now on."""
    rows.run(
        """
        UPDATE decide_wait SET team = %s WHERE conversation_id = %s AND identity_id = %s AND state = 'open'
            AND form IN ('intent', 'response', 'executive')
        """,
        [team, conversation_id, identity_id],
    )


def hurry(conversation_id: int, identity_id: int, due: datetime | None) -> None:
    """What waits there is due by then at the latest: a promise made elsewhere is kept here."""
    rows.run(
        """
        UPDATE decide_wait SET due_at = least(due_at, %s) WHERE conversation_id = %s AND identity_id = %s
            AND state = 'open' AND form IN ('intent', 'response', 'executive', 'approval')
        """,
        [due, conversation_id, identity_id],
    )

"""The process on one page: what was said, where, who, why, which rules, what happens. Pure: nothing is sent or stored.

New interactions enter at the start of the map; answers, timers and deliveries enter behind the element that waited.
How interactions are cut into batches never changes a judgement: each batch is gone through in order of time, and what
came earlier in it counts for what comes later exactly as if it had been judged before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from armature.arm import act, learn, listen
from armature.arm.action import End, Joined
from armature.arm.calendar import Calendar
from armature.arm.identify import Memory
from armature.arm.intent import Reader, Reading
from armature.arm.interaction import Interaction, Value
from armature.arm.judgement import Judgement, Turn
from armature.arm.open_waits import OpenWaits
from armature.arm.person import Known
from armature.arm.process_map import Plan
from armature.arm.walk import walk


def judge(
    batch: Sequence[Turn],
    knowledge: Mapping[int, Known],
    plan: Plan,
    reader: Reader,
    calendars: Mapping[int, Calendar],
    now: datetime,
) -> list[Judgement]:
    """One judgement per turn, in the order of ``batch``.

    ``knowledge`` goes by identity, ``calendars`` by brand (0 for brands without their own). ``now`` only bounds dates
    that lie in the future. Raises ``ValueError`` for an answer that its element cannot have had, ``KeyError`` for an
    element that the plan does not have.
    """
    readings = _readings(batch, plan, reader)
    process = _Process(plan, Memory(knowledge, plan.catalogue), OpenWaits(plan), calendars, now)
    in_time = sorted(range(len(batch)), key=lambda n: (*batch[n].interaction.order, batch[n].after))
    judged = {n: process.take(batch[n], readings[n]) for n in in_time}
    return [judged[n] for n in range(len(batch))]


def _readings(batch: Sequence[Turn], plan: Plan, reader: Reader) -> list[Reading | None]:
    """Every text that is needed and that nobody read yet, in one call."""
    readings = [turn.reading for turn in batch]
    unread = [n for n, turn in enumerate(batch) if turn.reading is None and _is_read(turn, plan)]
    said = [batch[n].interaction for n in unread]
    suggested = reader.read([one.text for one in said], [one.language for one in said]) if said else []
    for n, reading in zip(unread, suggested, strict=True):
        readings[n] = reading
    return readings


def _is_read(turn: Turn, plan: Plan) -> bool:
    if turn.interaction.ours:
        return False
    if listen.only_counts(turn.interaction):
        return True
    return (turn.after or plan.start) in plan.reading and not listen.set_aside(turn.interaction)


class _Process:
    """One run over one batch, turn after turn in order of time."""

    def __init__(
        self, plan: Plan, memory: Memory, waits: OpenWaits, calendars: Mapping[int, Calendar], now: datetime
    ) -> None:
        self.plan, self.memory, self.waits, self.calendars, self.now = plan, memory, waits, calendars, now
        self.nothing: dict[str, Value] = dict.fromkeys(plan.catalogue)

    def take(self, turn: Turn, reading: Reading | None) -> Judgement:
        """Where the interaction comes from, the way through the map, and what later ones must know of it."""
        facts = {**self.nothing, **turn.carried}
        facts.update(listen.said(turn.interaction))
        judgement = self._resume(turn, reading, facts) if turn.after else self._begin(turn, reading, facts)
        if reading is not None:
            self.memory.remember(turn.interaction, reading.intent, reading.confirmed)
        self.waits.follow(turn, judgement.stop)
        return judgement

    def _begin(self, turn: Turn, reading: Reading | None, facts: dict[str, Value]) -> Judgement:
        start, interaction = self.plan.start, turn.interaction
        if why := listen.set_aside(interaction):
            if listen.only_counts(interaction):
                for step in ("where", "intent", "known"):
                    facts.update(self._found(step, interaction, reading))
            return Judgement(interaction.id, reading, (start,), facts, {}, (), End(start, "no_response", why))
        came_back = learn.feedback(reading) if reading else ""
        if came_back and (waited := self.waits.listening(turn)):
            for step in ("where", "intent", "known"):
                facts.update(self._found(step, interaction, reading))
            stop = Joined(waited, {"feedback": came_back})
            return Judgement(interaction.id, reading, (start,), facts, {}, (), stop)
        return self._walk(start, interaction, reading, facts)

    def _resume(self, turn: Turn, reading: Reading | None, facts: dict[str, Value]) -> Judgement:
        """Facts are read again; what a person said about the intent stands."""
        node = self.plan.nodes[turn.after]
        for step in ("where", "intent", "known"):
            facts.update(self._found(step, turn.interaction, reading))
        facts.update(act.answered(node, turn.answer, self.plan.catalogue))
        if node.kind == "ask":
            return self._walk(node.to, turn.interaction, reading, facts)
        return self._walk(node.id, turn.interaction, reading, facts)

    def _found(self, step: str, interaction: Interaction, reading: Reading | None) -> dict[str, Value]:
        """The facts that a step of the map finds."""
        if step == "where":
            calendar = self.calendars.get(interaction.brand) or self.calendars.get(0)
            return listen.where(interaction, calendar, self.now)
        if step == "known":
            return self.memory.facts(interaction, self.now)
        return reading.facts if reading else {}

    def _walk(
        self, element: str, interaction: Interaction, reading: Reading | None, facts: dict[str, Value]
    ) -> Judgement:
        """From ``element`` along the arrows, up to where it ends or waits."""
        way = walk(self.plan, element, facts, lambda step: self._found(step, interaction, reading))
        return Judgement(interaction.id, reading, way.path, facts, way.rows, way.actions, way.stop)

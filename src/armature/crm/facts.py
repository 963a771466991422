"""Rows to core records for a whole batch of conversations, in a fixed number of queries; and back again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from armature.arm.intent import Reading
from armature.arm.judgement import Judgement, Turn
from armature.arm.person import Known
from armature.crm.decide import catalogue, plans, queries, timers
from armature.crm.decide.commands import Judged
from armature.crm.decide.queries import Item, OpenWait
from armature.crm.decide.waits import Whose
from armature.crm.identify import queries as identities
from armature.crm.understand import queries as readings
from armature.crm.understand.commands import Read

MEMORY = timedelta(days=31)
"""How far back counters look."""


@dataclass(slots=True)
class Work:
    """All that judging one batch needs: turns by map, what is known, and the waits they may join.

    ``left`` is what we started and whose map was taken out of force before it was judged.
    """

    knowledge: Mapping[int, Known]
    plans: plans.Plans
    waits: dict[Whose, list[OpenWait]]
    left: list[int] = field(default_factory=list)
    turns: dict[int, list[Turn]] = field(default_factory=lambda: defaultdict(list))
    origin: dict[int, list[tuple[OpenWait | None, Item | None, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, map_id: int, turn: Turn, wait: OpenWait | None, item: Item | None, timer: str = "") -> None:
        """One more turn, with the wait it comes out of."""
        self.turns[map_id].append(turn)
        self.origin[map_id].append((wait, item, timer))

    def judged(self, map_id: int, judgements: Iterable[Judgement]) -> list[Judged]:
        """Judgements together with where they came from."""
        together = zip(self.turns[map_id], judgements, self.origin[map_id], strict=True)
        return [
            Judged(map_id, turn.interaction, judgement, wait, item, timer)
            for turn, judgement, (wait, item, timer) in together
        ]


def load(conversation_ids: Sequence[int], now: datetime) -> Work:
    """Everything pending in these conversations: new words, answers, and timers that have run out."""
    found = queries.pending(conversation_ids)
    pending = [(one.interaction, one.map_id) for one in found if one.map_id is not None]
    open_waits = queries.open_waits(conversation_ids)
    going_on = [
        (wait, after, ends) for wait in open_waits if (after := _behind(wait, now)) for ends in [_ends(wait, now)]
    ]
    who = {said.identity for said, _ in pending} | {wait.identity_id for wait, _, _ in going_on}
    running = plans.load({map_id for _, map_id in pending} | {wait.map_id for wait, _, _ in going_on})
    work = Work(_knowledge(sorted(who), now), plans.Plans(running, plans.opening_hours()), _by_person(open_waits))
    work.left = [one.interaction.id for one in found if one.map_id is None]
    read = readings.current([item.interaction.id for wait, _, _ in going_on for item in wait.items])
    for wait, after, ends in going_on:
        _go_on(work, wait, after, ends, read)
    for said, map_id in pending:
        waiting = work.waits.get((said.conversation, said.identity), ())
        elements = frozenset(wait.element for wait in waiting if wait.state == "open")
        work.add(map_id, Turn(said, waits=elements), None, None)
    return work


def _behind(wait: OpenWait, now: datetime) -> str:
    """The element behind which a wait goes on now; empty when it waits on."""
    if wait.state == "answered":
        return wait.answered_after or wait.element
    fired = timers.first_due(wait.timers, now)
    return fired[0] if fired else ""


def _ends(wait: OpenWait, now: datetime) -> bool:
    fired = timers.first_due(wait.timers, now) if wait.state == "open" else None
    return fired is None or fired[1]


def _go_on(work: Work, wait: OpenWait, after: str, ends: bool, read: Mapping[int, Reading]) -> None:
    answer = {key: value for key, value in wait.answer.items() if key in catalogue.KEYS}
    items = wait.items if ends else wait.items[-1:]
    for item in items:
        turn = Turn(item.interaction, after, answer, item.facts, read.get(item.interaction.id))
        work.add(wait.map_id, turn, wait, item, "" if ends else after)


def _knowledge(identity_ids: Sequence[int], now: datetime) -> dict[int, Known]:
    facts = identities.facts(identity_ids)
    past = readings.past(identity_ids, now - MEMORY)
    return {number: Known(facts.get(number, {}), past.get(number, ())) for number in identity_ids}


def _by_person(found: Iterable[OpenWait]) -> dict[Whose, list[OpenWait]]:
    grouped: dict[Whose, list[OpenWait]] = defaultdict(list)
    for wait in found:
        grouped[wait.whose].append(wait)
    return grouped


def new_readings(judged: Iterable[Judged]) -> list[Read]:
    """Readings that the reader made just now, of interactions nobody had read before."""
    return [
        Read(one.interaction.id, one.interaction.identity, one.interaction.occurred_at, one.judgement.reading)
        for one in judged
        if one.wait is None and one.judgement.reading is not None
    ]

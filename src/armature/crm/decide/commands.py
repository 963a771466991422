"""Writes of decisions: what the core judged becomes judgements, paths and open work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from armature.arm.action import Ask, End, Joined
from armature.arm.interaction import Interaction
from armature.arm.judgement import Judgement
from armature.crm import rows
from armature.crm.decide import catalogue, models, paths, snapshot, waits
from armature.crm.decide.plans import Plans
from armature.crm.decide.queries import Item, OpenWait
from armature.crm.decide.timers import Clock
from armature.crm.decide.waits import Asked, Changes


@dataclass(slots=True)
class Judged:
    """One judgement on its way into the database, with the wait it came out of (None: it is new)."""

    map_id: int
    interaction: Interaction
    judgement: Judgement
    wait: OpenWait | None = None
    item: Item | None = None
    timer: str = ""
    id: int = 0

    @property
    def whose(self) -> tuple[int, int]:
        """The conversation and the identity it is about."""
        return self.interaction.conversation, self.interaction.identity

    @property
    def rows(self) -> list[str]:
        """The rows that fired on the whole way so far, the latest of each table."""
        fired = dict(line.split(":", 1) for line in self.item.rows) if self.item else {}
        return [f"{table}:{row}" for table, row in (fired | dict(self.judgement.rows)).items()]


COLUMNS = ("id, interaction_id, map_id, path_id, rows, snapshot, catalogue, stop, element, outcome, reason").split(", ")


def record(
    judged: Sequence[Judged], before: Mapping[waits.Whose, Sequence[OpenWait]], plans: Plans, now: datetime
) -> Changes:
    """Keep the judgements of a batch and open, join or answer the waits they ask for."""
    finished = {one.wait.id: one.wait for one in judged if one.wait}
    waits.close(list(finished), "done")
    rows.run(
        "UPDATE decide_judgement SET current = false WHERE id = ANY(%s)",
        [[one.item.judgement_id for one in judged if one.item]],
    )
    numbers = paths.numbers({(one.map_id, one.judgement.path) for one in judged})
    for one, number in zip(judged, rows.next_ids(models.Judgement, len(judged)), strict=True):
        one.id = number
    rows.copy(models.Judgement, COLUMNS, [_row(one, numbers[one.map_id, one.judgement.path]) for one in judged])
    asked = _asked(judged, plans, now)
    left = {whose: [w for w in some if w.id not in finished] for whose, some in before.items()}
    voided = waits.open_or_join(asked, left, now)
    waits.answer_feedback(_feedback(judged, left, asked))
    return Changes(asked, voided, list(finished.values()))


def _row(one: Judged, path_id: int) -> tuple[object, ...]:
    stop = one.judgement.stop
    kind, outcome, reason = "ask", "", ""
    if isinstance(stop, Ask):
        outcome = stop.form
    elif isinstance(stop, End):
        kind, outcome, reason = "end", stop.outcome, stop.reason
    else:
        kind, outcome = "joined", "merged"
    return (
        one.id, one.interaction.id, one.map_id, path_id, one.rows, snapshot.pack(one.judgement.facts),
        catalogue.VERSION, kind, stop.element, outcome, reason[:200],
    )  # fmt: skip


def _asked(judged: Sequence[Judged], plans: Plans, now: datetime) -> list[Asked]:
    """Judgements that wait, those of one person at one element together.

    The most urgent speaks for all, and the earliest due time holds: they need not be of the same message.
    """
    clock = Clock(plans, now)
    together: dict[tuple[int, int, int, str], Asked] = {}
    for one in judged:
        stop = one.judgement.stop
        if not isinstance(stop, Ask):
            continue
        key = (*one.whose, one.map_id, stop.element)
        if key not in together:
            together[key] = Asked(one.whose, one.map_id, stop, [])
        asked = together[key]
        clock.set(asked, stop, one.interaction.brand)
        asked.judgement_ids.append(one.id)
        asked.new_words = asked.new_words or one.wait is None
        asked.wrote = asked.wrote or (one.wait is None and not one.interaction.ours)
        if stop.priority < asked.ask.priority:
            asked.ask = stop
    return list(together.values())


def _feedback(
    judged: Sequence[Judged], left: Mapping[waits.Whose, Sequence[OpenWait]], asked: Sequence[Asked]
) -> list[waits.Heard]:
    """What answers a wait for feedback: one that was open before, or that this very batch opened."""
    by_element = {(*wait.whose, wait.element): wait.id for some in left.values() for wait in some}
    by_element |= {(*one.whose, one.ask.element): one.wait_id for one in asked}
    return [
        waits.Heard(by_element[*one.whose, stop.element], one.id, {**stop.answer, "interaction": one.interaction.id})
        for one in judged
        if isinstance(stop := one.judgement.stop, Joined) and (*one.whose, stop.element) in by_element
    ]

"""The work of a replay: chunk after chunk, each written in one transaction with how far it is."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from armature.arm.course import Course, Moment, course, difference
from armature.arm.identify import Memory
from armature.arm.intent import Reader
from armature.arm.interaction import Interaction, Value
from armature.arm.person import Known
from armature.arm.process_map import Plan
from armature.arm.replay import replayed
from armature.crm import lease, rows
from armature.crm.identify import queries as identities
from armature.crm.learn.replays import past, sums
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.learn.replays.tried import Tried
from armature.crm.understand import queries as readings
from armature.crm.understand import versions

CHUNK = 1000
"""Interactions between two looks at whether it was cancelled: a fraction of a second."""
MOST_KEPT = 10_000
SECONDS = 60
"""So long a worker that died keeps others from going on; each chunk begins it anew."""
MEMORY = timedelta(days=31)


@dataclass(slots=True)
class Compared:
    """One interaction: what was recorded, and what would have been."""

    interaction: Interaction
    before: Course
    after: Course

    @property
    def found(self) -> dict[str, tuple[Value, Value]]:
        """What differs."""
        return difference(self.before, self.after)


@dataclass(slots=True)
class Bench:
    """What is tried, ready to run: plans, and where asked for another reader and today's facts."""

    tried: Tried
    reader: Reader | None = None
    today: bool = False
    records: past.Past = field(default_factory=past.Past)

    def compare(self, interactions: Sequence[int]) -> Iterator[Compared]:
        """Each of them that was judged, before and after."""
        found = self.records.of(interactions)
        known = self._known(found) if self.today else {}
        read = self._read(found) if self.reader else {}
        for one, channel, moments in found:
            plan = self.tried.plan(one.brand, channel)
            after = replayed(one, moments, plan, known=known.get(one.id), read=read.get(one.id))
            yield Compared(one, course(moments), after)

    def _known(self, found: Sequence[tuple[Interaction, int, list[Moment]]]) -> dict[int, dict[str, Value]]:
        """Facts about people as they are at this moment, counters of the last thirty days among them."""
        now, whose = timezone.now(), past.by_identity(found)
        facts, before = identities.facts(sorted(whose)), readings.past(sorted(whose), now - MEMORY)
        said = {}
        for one, channel, _moments in found:
            plan = self.tried.plan(one.brand, channel)
            others = tuple(item for item in before.get(one.identity, ()) if item.id != one.id)
            memory = Memory({one.identity: Known(facts.get(one.identity, {}), others)}, plan.catalogue)
            said[one.id] = _all_known(plan) | memory.facts(replace(one, occurred_at=now), now)
        return said

    def _read(self, found: Sequence[tuple[Interaction, int, list[Moment]]]) -> dict[int, dict[str, Value]]:
        assert self.reader is not None
        said = [one for one, _channel, moments in found if moments[0].facts.get("intent") is not None]
        read = self.reader.read([one.text for one in said], [one.language for one in said]) if said else []
        return {one.id: reading.facts for one, reading in zip(said, read, strict=True)}


def _all_known(plan: Plan) -> dict[str, Value]:
    return {key: None for key, spec in plan.catalogue.items() if spec.step == "known"}


def bench(job: Replay) -> Bench:
    """What this replay tries. Raises ``Unfit``."""
    number = job.tried.get("reader")
    return Bench(Tried(job.tried), versions.numbered(number) if number is not None else None, job.today)


def go_on(held: lease.Claim, going: Callable[[], bool] = lambda: True) -> int:
    """From where it is to its end, or until it was cancelled or ``going`` says no more; interactions done here."""
    job = Replay.objects.get(pk=held.keys[0])
    made, done = bench(job), 0
    while going() and job.state == Replay.State.RUNNING:
        count = step(job, made, held)
        done += count
        if not count:
            break
        job.refresh_from_db(fields=["state"])
    return done


def step(job: Replay, made: Bench, held: lease.Claim) -> int:
    """One chunk, or the end of it all; how many interactions it had."""
    begun = time.monotonic()
    them = past.numbers(job.over, job.first, job.place, job.upto, CHUNK)
    counted, zone = Counter(job.sums), ZoneInfo(job.zone)
    changes = []
    for one in made.compare(them):
        found = one.found
        kinds = sums.count(counted, one.before, one.after, found, one.interaction.occurred_at.astimezone(zone))
        if found:
            changes.append((one, kinds, found))
    room = MOST_KEPT - job.changed
    job.changed, job.done, job.sums = job.changed + len(changes), job.done + len(them), dict(counted)
    job.place = them[-1] if them else job.place
    job.seconds += time.monotonic() - begun
    with transaction.atomic():
        _keep(job, changes[: max(0, room)])
        _written(job, held, last=not them)
    return len(them)


def _keep(job: Replay, changes: Sequence[tuple[Compared, list[str], Mapping[str, Any]]]) -> None:
    columns = ["replay_id", "interaction_id", "conversation_id", "identity_id", "occurred_at", "kinds", "changes"]
    rows.copy(ReplayChange, columns, [
        (job.pk, one.interaction.id, one.interaction.conversation, one.interaction.identity,
         one.interaction.occurred_at, kinds, {name: list(pair) for name, pair in found.items()})
        for one, kinds, found in changes
    ])  # fmt: skip


def _written(job: Replay, held: lease.Claim, *, last: bool) -> None:
    """How far it is, if it is still ours and still wanted; raises ``LeaseLost``."""
    if last:
        lease.finish(ReplayTodo, held)
    elif not rows.run(
        "UPDATE learn_replaytodo SET leased_until = statement_timestamp() + %s * interval '1 second' "
        "WHERE replay_id = %s AND token = %s",
        [SECONDS, job.pk, held.token],
    ):
        raise lease.LeaseLost(f"replay {job.pk} was cancelled, or another worker has it")
    job.state = Replay.State.DONE if last else job.state
    job.save(update_fields=["changed", "done", "sums", "place", "seconds", "state"])

"""The work of an assessment: chunk after chunk, each written in one transaction with how far it is."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from armature.arm.process_map import parse
from armature.crm import lease, live, rows
from armature.crm.decide import plans
from armature.crm.decide.plans import Plans
from armature.crm.learn.assessments import evidence, past, ruled, sides, sums
from armature.crm.learn.assessments.counting import Counted, Kept
from armature.crm.learn.assessments.frame import Frame, Place
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange, AssessmentTodo
from armature.crm.learn.assessments.scope import Scope
from armature.crm.listen.models import Channel

CHUNK = 5000
"""Conversations between two looks at whether it was stopped."""
MOST_SAID = 20_000
"""Interactions of a chunk, unless one conversation alone has more."""
MOST_KEPT = 10_000
"""Exchanges that wait are kept up to this many; all are counted."""
SLOWEST = 200
"""So many of the slowest first responses are kept."""
SECONDS = 60
"""So long a worker that died keeps others from going on; each chunk begins it anew."""
ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


def frame(job: Assessment) -> Frame:
    """What stays the same for all chunks."""
    numbers = job.over["channels"]
    found = Channel.objects.filter(pk__in=numbers).values_list("pk", "brand_id", "place")
    opening = Plans({}, plans.opening_hours())
    since = datetime.fromisoformat(job.over["since"]) if job.over.get("since") else ALWAYS
    return Frame(
        since, datetime.fromisoformat(job.over["until"]), ZoneInfo(job.zone),
        {number: Place(brand, place) for number, brand, place in found}, past.ends(numbers), Scope.read(job.scope),
        ruled.of_map(job.map_id), opening, sides.known(), opening.hours,
    )  # fmt: skip


def begun(job: Assessment) -> Counted:
    """The counts so far, ready to grow."""
    kept = job.sums
    return Counted(frame(job), Counter(kept.get("counts", {})), dict(kept.get("longest", {})),
                   answerers=set(kept.get("answerers", [])))  # fmt: skip


def go_on(held: lease.Claim, going: Callable[[], bool] = lambda: True) -> int:
    """From where it is to its end, or until it was stopped or ``going`` says no more; conversations done here."""
    job = Assessment.objects.get(pk=held.keys[0])
    counted, done = begun(job), 0
    while going() and job.state == Assessment.State.RUNNING:
        count = step(job, counted, held)
        done += count
        if not count:
            break
        job.refresh_from_db(fields=["state"])
    return done


def step(job: Assessment, counted: Counted, held: lease.Claim) -> int:
    """One chunk, or the end of it all; how many conversations it had."""
    began = time.monotonic()
    them = past.numbers(job.over["channels"], job.place, job.upto, CHUNK, MOST_SAID)
    if them:
        counted.chunk(past.read(them, counted.frame.until, live=job.over["live"]))
    else:
        lanes = _teams_with_a_lane(job)
        job.proposals = [asdict(one) for one in evidence.proposals(counted.sums, counted.frame.rules, lanes)]
    job.done, job.place = job.done + len(them), them[-1] if them else job.place
    job.messages = counted.sums[sums.MESSAGES]
    job.seconds += time.monotonic() - began
    with transaction.atomic():
        _keep(job, counted)
        job.sums = {"counts": dict(counted.sums), "longest": counted.longest, "answerers": sorted(counted.answerers)}
        _written(job, held, last=not them)
    if not them:
        live.tell()
    return len(them)


def _teams_with_a_lane(job: Assessment) -> set[str]:
    return {lane.team for lane in parse(job.map.body.encode())[0].lanes if lane.team} if job.map else set()


def _keep(job: Assessment, counted: Counted) -> None:
    """The exchanges behind the figures of this chunk: who waits up to a number, of the slow ones the slowest."""
    slow = sorted((one for one in counted.kept if one.kind == sums.FIRST), key=lambda one: -one.minutes)[:SLOWEST]
    waits = [one for one in counted.kept if one.kind != sums.FIRST]
    room = MOST_KEPT - counted.sums["kept"]
    counted.sums["kept"] += len(waits[: max(0, room)])
    _copy(job, [*waits[: max(0, room)], *slow])
    counted.kept = []
    if slow:
        rows.run(
            "DELETE FROM learn_assessmentexchange WHERE assessment_id = %(job)s AND kind = 'first' AND id NOT IN ("
            "SELECT id FROM learn_assessmentexchange WHERE assessment_id = %(job)s AND kind = 'first' "
            "ORDER BY minutes DESC, id LIMIT %(most)s)",
            {"job": job.pk, "most": SLOWEST},
        )


def _copy(job: Assessment, them: Sequence[Kept]) -> None:
    columns = ["assessment_id", "kind", "interaction_id", "conversation_id", "identity_id", "channel", "intent", "at",
               "minutes"]  # fmt: skip
    rows.copy(AssessmentExchange, columns, [(job.pk, *one) for one in them])


def _written(job: Assessment, held: lease.Claim, *, last: bool) -> None:
    """How far it is, if it is still ours and still wanted; raises ``LeaseLost``."""
    if last:
        lease.finish(AssessmentTodo, held)
    elif not rows.run(
        "UPDATE learn_assessmenttodo SET leased_until = statement_timestamp() + %s * interval '1 second' "
        "WHERE assessment_id = %s AND token = %s",
        [SECONDS, job.pk, held.token],
    ):
        raise lease.LeaseLost(f"assessment {job.pk} was stopped, or another worker has it")
    job.state = Assessment.State.DONE if last else job.state
    job.save(update_fields=["messages", "done", "sums", "place", "proposals", "seconds", "state"])

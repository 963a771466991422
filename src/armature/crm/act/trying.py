"""Trying out a company's own last messages: each is judged with the map and the reader in use, nothing else happens."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from armature.arm.action import Ask, End
from armature.arm.intent import Evidence
from armature.arm.interaction import Interaction
from armature.arm.judge import judge
from armature.arm.judgement import Judgement, Turn
from armature.arm.person import Known
from armature.arm.process_map import Plan
from armature.crm import baseline, lease, live
from armature.crm.act.models import Tryout, TryoutTodo
from armature.crm.act.own_addresses import guessed
from armature.crm.decide import plans
from armature.crm.decide import versions as of_maps
from armature.crm.lease import Claim
from armature.crm.listen.imports import newest
from armature.crm.listen.imports.newest import Said
from armature.crm.listen.imports.records import NotReadable
from armature.crm.understand import versions

SECONDS = 300
"""So long one file may take; far more than it does."""
SHOWN = 240
"""Characters of a text that are kept for the report."""
WORDS = 6


def folder() -> Path:
    """Where a file waits until it is read."""
    return Path(settings.FILES_FOLDER) / "tried"


def go_on(held: Claim) -> int:
    """Read the file and judge it; its bytes are gone afterwards, whatever came of it."""
    job, begun = Tryout.objects.get(pk=held.keys[0]), time.monotonic()
    draft, now = folder() / job.draft, timezone.now()
    try:
        found = newest.of(draft, job.kind, job.options, ZoneInfo(str(job.options.get("zone") or "UTC")), now)
        job.said, job.rules = judged(job, found.said, now)
        job.total, job.faulty, job.state = found.total, found.faulty, Tryout.State.DONE
        job.ours = sorted(guessed(job.said))
    except NotReadable as problem:
        job.state, job.problem = Tryout.State.FAILED, str(problem)[:500]
    job.seconds = time.monotonic() - begun
    with transaction.atomic():
        lease.finish(TryoutTodo, held)  # whoever threw it away meanwhile took this with it: then nothing is written
        job.save()
    draft.unlink(missing_ok=True)
    live.tell()
    return 1


def give_up(number: int, why: str) -> None:
    """It failed again and again: say so, and let go of the file."""
    for job in Tryout.objects.filter(pk=number):
        job.state, job.problem = Tryout.State.FAILED, why[:500]
        job.save()
        (folder() / job.draft).unlink(missing_ok=True)


def judged(job: Tryout, said: Sequence[Said], now: datetime) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What is kept of each message, in order of time; and the rows of tables that fired, in words."""
    plan, hours = _plan(job.brand_id), plans.Plans({}, plans.opening_hours()).hours
    people: dict[str, int] = {}
    turns = [
        Turn(Interaction(
            id=n, channel=job.place, public=one.public, text=one.text, occurred_at=at, conversation=n,
            brand=job.brand_id,
            identity=people.setdefault(one.who, len(people) + 1), automatic=one.automatic, language=one.language,
            author=one.who,
        ))
        for n, (one, at) in enumerate(zip(said, newest.undated(said, now), strict=True), 1)
    ]  # fmt: skip
    knowledge = {number: Known() for number in people.values()}
    first = judge(turns, knowledge, plan, versions.in_use(), hours, now)
    then = _confirmed(turns, first, knowledge, plan, hours, now)
    rules = {f"{table}:{row}": plan.tables[table].sentence(row) for one in (*first, *then.values())
             for table, row in one.rows.items()}  # fmt: skip
    talks = newest.threads(said)
    return [
        _kept(one, talk, judgement, then.get(n, judgement), plan)
        for n, (one, talk, judgement) in enumerate(zip(said, talks, first, strict=True))
    ], rules


def _plan(brand: int) -> Plan:
    """The map that a new message of the brand would take."""
    found = of_maps.for_brand(brand)
    return plans.load([found.pk])[found.pk] if found else baseline.load_plan()


def _confirmed(
    turns: Sequence[Turn], first: Sequence[Judgement], knowledge: Mapping[int, Known], plan: Plan, hours: Any,
    now: datetime,
) -> dict[int, Judgement]:  # fmt: skip
    """Where a person is asked for the intent: how it would go on if they said what the reader suggests."""
    asked = {
        n: Turn(turns[n].interaction, one.stop.element, {"intent": one.reading.intent}, one.facts, one.reading)
        for n, one in enumerate(first)
        if isinstance(one.stop, Ask) and one.stop.form == "intent" and one.reading
    }
    went_on = judge(list(asked.values()), knowledge, plan, versions.in_use(), hours, now) if asked else []
    return dict(zip(asked, went_on, strict=True))


def _kept(one: Said, talk: str, first: Judgement, last: Judgement, plan: Plan) -> dict[str, Any]:
    """One message for the report. ``own`` is None where the file does not say whose words they are."""
    reading, stop = first.reading, last.stop
    text = " ".join(one.text.split())
    return {
        "who": one.who[:254], "name": one.name[:120], "at": one.at.isoformat() if one.at else None,
        "subject": one.subject[:160], "text": text[:SHOWN] + ("…" if len(text) > SHOWN else ""), "talk": talk[:300],
        "to": [to[:254] for to in one.to[:10]], "public": one.public, "own": one.own, "automatic": one.automatic[:200],
        "intent": reading.intent if reading else "", "sentiment": round(reading.sentiment, 2) if reading else 0,
        "sure": round(reading.confidence, 2) if reading else 0, "language": reading.language if reading else "",
        "words": _words(one.text, reading.evidence if reading else ()),
        "rows": {**first.rows, **last.rows}, "person": isinstance(first.stop, Ask) and first.stop.form == "intent",
        "team": stop.team if isinstance(stop, Ask) else "", "form": stop.form if isinstance(stop, Ask) else "",
        "minutes": stop.minutes if isinstance(stop, Ask) else None,
        "outcome": stop.outcome if isinstance(stop, End) else "",
        "does": plan.nodes[stop.element].name, "approval": last.facts.get("approval") is True,
        "in_public": last.facts.get("reply") == "public",
    }  # fmt: skip


def _words(text: str, evidence: Sequence[Evidence]) -> list[str]:
    """The words that weighed most, in the order in which they were said; neighbours together."""
    found, start, end = list[str](), 0, -2
    for one in sorted(sorted(evidence, key=lambda e: -e.weight)[:WORDS], key=lambda e: e.start):
        if found and one.start <= end + 1:
            found[-1] = " ".join(text[start : one.end].split())[:120]
        else:
            start = one.start
            found.append(" ".join(text[start : one.end].split())[:120])
        end = max(end, one.end)
    return list(dict.fromkeys(found))

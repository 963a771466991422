"""How fast a replay goes, and what live work loses beside it: ``python bench/replay.py --cases 100000``.

A database of its own on the embedded server, filled with copies of a small company (once for all runs). What is in
force is replayed over all of its past, which must differ in nothing, beside a raw read of the same rows: how many in
a second, the ratio, and the most memory that the process held. Then messages come in, alone and while a replay runs in
its own process, and both rates are printed with their ratio. One run says little: other work on the machine moves it.

With ``--reader N`` every text is read anew by that version (0 is the starter reader), with ``--learned`` by one that
learned the starter reader's own sentences; the same texts are read by it alone in the same run, which is the raw limit.
``--long`` makes them 140 characters of those sentences, each its own. ``--profile`` says where the time of it goes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
CHUNK = 1000


def replayed(reader: int | None) -> dict[str, Any]:
    """All of the past, in this process: nothing is kept, so that only reading and walking are measured."""
    from armature.crm.learn.replays import past, work
    from armature.crm.learn.replays.tried import Tried
    from armature.crm.understand import versions

    bench = work.Bench(Tried({}), versions.numbered(reader) if reader is not None else None)
    total, first, upto = past.bounds({"last": 10_000_000})
    raw = alone = alone_cpu = 0.0
    cpu = time.process_time()
    began = time.perf_counter()
    place = done = changed = texts = 0
    while them := past.numbers({}, first, place, upto, CHUNK):
        place = them[-1]
        raw += _raw(them)
        if bench.reader is not None:
            before, (count, seconds) = time.process_time(), _read_alone(bench, them)
            alone_cpu += time.process_time() - before
            texts, alone = texts + count, alone + seconds
        for one in bench.compare(them):
            done, changed = done + 1, changed + bool(one.found)
    took = time.perf_counter() - began - raw - alone
    reading = {
        "texts": texts, "reader alone, seconds": round(alone, 1), "texts a second, alone": round(texts / alone),
        "times the reader alone": round(took / alone, 2),
        "CPU, seconds": round(time.process_time() - cpu - alone_cpu, 1), "CPU of the reader alone": round(alone_cpu, 1),
    } if alone else {}  # fmt: skip
    return {
        "interactions": total, "differ": changed, "seconds": round(took, 1), "a second": round(done / took),
        "raw read, seconds": round(raw, 1), "times the raw read": round(took / raw, 1),
        "most memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **reading,
    }  # fmt: skip


def _raw(them: list[int]) -> float:
    from armature.crm import rows

    began = time.perf_counter()
    rows.fetch("SELECT * FROM listen_interaction WHERE id = ANY(%s)", [them])
    for current in ("current", "NOT current"):
        rows.fetch(f"SELECT * FROM decide_judgement WHERE interaction_id = ANY(%s) AND {current}", [them])
    return time.perf_counter() - began


def _read_alone(bench: Any, them: list[int]) -> tuple[int, float]:
    """How many texts of these are read anew, and how long the reader alone takes for them."""
    found = [(one, moments) for one, _channel, moments in bench.records.of(them)]
    said = [one for one, moments in found if moments[0].facts.get("intent") is not None]
    began = time.perf_counter()
    if said:
        bench.reader.read([one.text for one in said], [one.language for one in said])
    return len(said), time.perf_counter() - began


def learned() -> int:
    """The number of a version that learned the starter reader's own sentences; it is kept, and not used."""
    import numpy as np

    from armature.arm.understand.learned import hints
    from armature.arm.understand.learned.learn import Lesson, learn
    from armature.crm.understand import reader, versions
    from armature.crm.understand.models import ReaderVersion
    from armature.crm.understand.training.sentences import sentences

    told, starter = sentences(), reader.starter()
    texts, labels = [one.text for one in told], starter.weights.intents
    seen = [starter.look([text], [""]) for text in texts]
    lesson = Lesson(
        texts, [one.intent for one in told], labels, np.concatenate([hints.of(one) for one in seen]),
        np.concatenate([hints.base(one.shares, labels, labels) for one in seen]),
    )  # fmt: skip
    made = versions.keep(learn(lesson), figures={}, verdicts=len(told), upto=0, adopt=False)
    return int((made or ReaderVersion.objects.filter(weights__isnull=False).latest("pk")).pk)


def lengthen() -> None:
    """Every message says 140 characters of its own, put together from sentences in an order that is always the same."""
    import random

    from armature.crm import rows
    from armature.crm.understand.training.sentences import sentences

    chance, told = random.Random(1), [one.text for one in sentences()]
    numbers = [number for (number,) in rows.fetch("SELECT id FROM listen_interaction WHERE direction = 'in'", [])]
    made = [" ".join(chance.choice(told) for _ in range(6))[:140] for _ in numbers]
    rows.run(
        "UPDATE listen_interaction i SET text = t.text FROM unnest(%s::bigint[], %s::text[]) AS t(id, text)"
        " WHERE i.id = t.id",
        [numbers, made],
    )


def live(messages: int) -> dict[str, float]:
    """Messages a second alone, beside a replay, and alone again."""
    from armature.crm import lease
    from armature.crm.accounts.models import User
    from armature.crm.learn.replays import commands
    from armature.crm.learn.replays.models import Replay, ReplayTodo

    Replay.objects.update(state="cancelled")
    ReplayTodo.objects.all().delete()
    rates = [_taken_in(messages, "alone")]
    job = commands.begin(User.objects.get(email="leo@bench.example"), [], {})
    held = lease.claim(ReplayTodo, 1, seconds=600)
    told = f"{job.pk}:{held.token}:{os.getpid()}"
    with subprocess.Popen([sys.executable, "-m", "armature", "replay", "--child", told]) as child:
        while not Replay.objects.get(pk=job.pk).done and child.poll() is None:
            time.sleep(0.05)
        rates.append(_taken_in(messages, "beside"))
        still = child.poll() is None
        commands.cancel(job.user, job)
    rates.append(_taken_in(messages, "again"))
    alone = (rates[0] + rates[2]) / 2
    return {"alone, a second": round(alone, 1), "beside a replay": round(rates[1], 1),
            "ratio": round(rates[1] / alone, 3), "it ran all the while": float(still)}  # fmt: skip


def _taken_in(count: int, name: str) -> float:
    """Messages accepted, opened and judged by one worker's rounds, in a second."""
    from django.utils import timezone

    from armature.crm import jobs
    from armature.crm.channels.lines import envelope
    from armature.crm.listen import commands
    from armature.crm.listen.models import Channel

    channel, run = Channel.objects.filter(kind__in=["demo", "lines"]).earliest("pk"), timezone.now()
    began = time.perf_counter()
    for start in range(0, count, 100):
        commands.accept(channel, [envelope({
            "external_id": f"{name}-{run.timestamp()}-{n}", "author": f"{name}{n}@people.example",
            "text": "Where is my parcel?", "occurred_at": run.isoformat(),
        }, run) for n in range(start, min(start + 100, count))])  # fmt: skip
        jobs.open_envelopes()
    while jobs.inside():
        pass
    return count / (time.perf_counter() - began)


def main() -> int:
    """Read the words of the command line, fill, measure, print; 1 when what is in force differs from itself."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000, help="in thousands")
    parser.add_argument("--messages", type=int, default=5000, help="that come in, alone and beside")
    parser.add_argument(
        "--reader", type=int, default=None, help="read anew by this version, too; 0 is the starter reader"
    )
    parser.add_argument("--learned", action="store_true", help="read anew by a version that learned something")
    parser.add_argument("--long", action="store_true", help="let all messages say 140 characters; it stays so")
    parser.add_argument("--profile", action="store_true", help="say where the time goes; it is slower then")
    parser.add_argument("--anew", action="store_true", help="fill it again")
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_replay_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        from measures import filled

        filled(given.cases, given.anew)
        if given.long:
            lengthen()
        reader = learned() if given.learned else given.reader
        found = _profiled(reader) if given.profile else replayed(reader)
        print(json.dumps(found), flush=True)
        if given.messages:
            print(json.dumps(live(given.messages)))
    return 1 if found["differ"] and reader is None else 0


def _profiled(reader: int | None) -> dict[str, Any]:
    import cProfile
    import pstats

    with cProfile.Profile() as profile:
        found = replayed(reader)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    return found


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "tests"), str(TOP / "bench")]
    sys.exit(main())

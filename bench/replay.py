"""How fast a replay goes, and what live work loses beside it: ``python bench/replay.py --cases 100000``.

A database of its own on the embedded server, filled with copies of a small company (once for all runs). What is in
force is replayed over all of its past, which must differ in nothing, beside a raw read of the same rows: how many in
a second, the ratio, and the most memory that the process held. Then messages come in, alone and while a replay runs in
its own process, and both rates are printed with their ratio. One run says little: other work on the machine moves it.
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
    raw, began = 0.0, time.perf_counter()
    place = done = changed = 0
    while them := past.numbers({}, first, place, upto, CHUNK):
        place = them[-1]
        raw += _raw(them)
        for one in bench.compare(them):
            done, changed = done + 1, changed + bool(one.found)
    took = time.perf_counter() - began - raw
    return {
        "interactions": total, "differ": changed, "seconds": round(took, 1), "a second": round(done / took),
        "raw read, seconds": round(raw, 1), "times the raw read": round(took / raw, 1),
        "most memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _raw(them: list[int]) -> float:
    from armature.crm import rows

    began = time.perf_counter()
    rows.fetch("SELECT * FROM listen_interaction WHERE id = ANY(%s)", [them])
    for current in ("current", "NOT current"):
        rows.fetch(f"SELECT * FROM decide_judgement WHERE interaction_id = ANY(%s) AND {current}", [them])
    return time.perf_counter() - began


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
    parser.add_argument("--anew", action="store_true", help="fill it again")
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_replay_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        from measures import filled

        filled(given.cases, given.anew)
        found = replayed(given.reader)
        print(json.dumps(found), flush=True)
        print(json.dumps(live(given.messages)))
    return 1 if found["differ"] and given.reader is None else 0


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "tests"), str(TOP / "bench")]
    sys.exit(main())

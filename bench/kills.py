"""Kill everything at random while people write and work, then look whether anything was lost, doubled or unapproved.

``python bench/kills.py`` starts a real installation in a folder of its own: pages, two workers, the embedded database,
and a plug-in channel whose world outside is two files. A line in the ledger file is synced before sending returns, so
the file tells how often each response really went out. ``--sabotage`` breaks the outbox on purpose (it then sends
inside the transaction that marks the delivery), to see that the harness finds what it looks for.

Exit code 0: all of it holds. 1: something is wrong, and said. Figures of time are observations of a busy machine.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from killing import verdict
from killing.desk import Person
from killing.ground import PASSWORD, PEOPLE, Ground, Stuck, found_company, until
from killing.killer import Killer, zombies
from killing.traffic import Feeder


def main() -> int:
    """Read the words of the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=4.0, help="most seconds between two kills")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sabotage", action="store_true", help="break the outbox on purpose")
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    given = parser.parse_args()
    ground = Ground(Path(tempfile.mkdtemp(prefix="armature-kills-")), given.sabotage)
    try:
        found = run(ground, given.kills, given.seed, given.gap)
    finally:
        if given.keep:
            print(f"left in {ground.folder}", file=sys.stderr)
        else:
            ground.remove()
    show(found, as_json=given.json)
    return 1 if found["problems"] else 0


def run(ground: Ground, kills: int, seed: int, gap: float) -> dict[str, Any]:
    """All of it; figures, and ``problems`` in words."""
    ground.serve()
    until(ground.ready, 60, "the first start")
    found_company(ground)
    feeder = Feeder(ground.spool, ground.ledger, random.Random(seed))
    killer = Killer(ground, random.Random(seed + 1))
    people = [
        Person(name, ground.address, PASSWORD, random.Random(seed + 2 + number)) for number, name in enumerate(PEOPLE)
    ]
    start = time.monotonic()
    busy = [threading.Thread(target=feeder.run, args=(0.25,))]
    busy += [threading.Thread(target=person.run) for person in people]
    for thread in busy:
        thread.start()
    try:
        _kill(killer, kills, gap)
    finally:
        for each in (feeder, *people):
            each.stop.set()
        for thread in busy:
            thread.join()
    problems = _rest(ground)
    problems += verdict.judge(ground, feeder, people)
    minutes = round((time.monotonic() - start) / 60, 1)
    found = verdict.figures(ground, killer, feeder, people)
    assert ground.served is not None
    problems += ["dead children that nobody buried"] if zombies(ground.served.pid) else []
    return {"seed": seed, **found, "stopped in s": round(ground.end(), 1), "minutes": minutes, "problems": problems}


def _kill(killer: Killer, kills: int, gap: float) -> None:
    time.sleep(3)  # so that the first kills meet some work
    while len(killer.kills) < kills:
        time.sleep(killer.chance.uniform(0, gap))
        killer.once()
        # Most kills wait for the way back, or whoever starts slowly would never be killed at work; some do not.
        if killer.chance.random() < 0.7:
            killer.wait_until_ready()
    killer.wait_until_ready()


def _rest(ground: Ground) -> list[str]:
    try:
        verdict.wait_for_rest(ground)
    except Stuck as stuck:
        return [str(stuck)]
    return []


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """For people or for programs."""
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<28} {value}")


if __name__ == "__main__":
    sys.exit(main())

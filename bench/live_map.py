"""How long the live map takes with very many judgements: ``python bench/live_map.py --cases 1000000``.

It uses the database that `bench/measures.py --cases` filled (fill it first), brings what is measured up to date, and
makes the picture's numbers over 90 days as an administrator, as a lead of one large team and as one who is also named
for a restricted case. It prints median and worst in milliseconds, and checks that each number is that of its rows for
the busiest steps.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
DAYS = 90
BUSIEST = 5


def caught_up() -> float:
    """Measure all that is not yet; the seconds it took."""
    from armature.crm.learn import measuring

    began = time.monotonic()
    while measuring._chunk(measuring.CHUNK):
        pass
    return time.monotonic() - began


def looked_at(name: str, times: int) -> dict[str, Any]:
    """The figures of one person."""
    from django.utils import timezone

    from armature.crm.accounts.access import keep_rights
    from armature.crm.accounts.models import User
    from armature.crm.learn import figures, live_map, ways
    from armature.crm.learn.figures import Narrow, Scope

    user = User.objects.get(email=f"{name}@bench.example")
    keep_rights(user)
    today = timezone.localdate()
    scope, took = Scope(user, today - timedelta(days=DAYS - 1), today), []
    maps = ways.versions(ways.in_force())
    for _ in range(times):
        began = time.perf_counter()
        found = live_map.traffic(scope, maps, ways.plan_of(maps))
        took.append(1000 * (time.perf_counter() - began))
    wrong = [
        step
        for step, number in found.passed.most_common(BUSIEST)
        if figures.behind(scope, "way", Narrow({"map": ways.in_force(), "step": step})).count() != number
    ]
    took.sort()
    return {
        "median": round(took[len(took) // 2], 1), "worst": round(took[-1], 1),
        "ways": max(found.passed.values(), default=0), "waiting": sum(one.number for one in found.now.values()),
        "wrong": wrong,
    }  # fmt: skip


def main() -> int:
    """Read the words of the command line, catch up, measure, print; 1 when something is miscounted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000, help="as bench/measures.py was given")
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_measures_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        from armature.cli import parts

        parts.migrate()
        home.set_up()
        found: dict[str, Any] = {"seconds to measure what was not yet": round(caught_up())}
        found |= {name: looked_at(name, given.times) for name in ("ada", "leah", "nora")}
    print(json.dumps(found, indent=1))
    return 1 if any(one["wrong"] for one in found.values() if isinstance(one, dict)) else 0


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "bench")]
    sys.exit(main())

"""How long the server takes for the pages of a desk with many cases: ``python bench/pages.py --cases 1000000``.

It fills a database of its own on the embedded server (kept for the next run, ``--anew`` fills it again), asks for each
page as an administrator, as an agent of a large team and as one of a small team, each time about other cases, and
prints medians and 95th percentiles in milliseconds, with how many statements each page needed. ``--plans`` prints how
PostgreSQL went about the slowest statement of each page. The time is that of the whole request in the application.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
WHO = ("ada", "mona", "tove")
"""Administers everything; answers in a large team; answers in a small one."""
FILTERS = ("status=new", "priority=3", "tag=1", "due=late", "assignee=none&intent=complaint")
Addresses = Callable[[random.Random], str]


def pages(user: Any) -> dict[str, Addresses]:
    """Each page by name, with an address drawn by chance."""
    from armature.crm.act import queries

    mine = list(queries.cases_for(user).order_by("?").values_list("pk", "identity")[:300])
    places = [place for view in ("open", "done", "unassigned") for place in _places(user, view)]
    words = ("parcel", "refund", "manual warranty", "order size", "ref17x", "zz")
    return {
        "list": lambda chance: f"/cases/{chance.choice(('open', 'unassigned', 'intent', 'done'))}",
        "list, later page": lambda chance: "/cases/{}?after={}".format(*chance.choice(places or [("open", "1_1")])),
        "list, filtered": lambda chance: f"/cases/open?{chance.choice(FILTERS)}",
        "case": lambda chance: f"/cases/open/{chance.choice(mine)[0]}",
        "case alone": lambda chance: f"/cases/open/{chance.choice(mine)[0]}?part=case",
        "person": lambda chance: f"/people/at/{chance.choice(mine)[1]}",
        "people": lambda chance: f"/people?q={chance.choice(('', 'ada berg', 'person5', 'zoe'))}",
        "search": lambda chance: f"/search?q={chance.choice(words)}",
        "counts": lambda chance: "/cases/mine?part=list",
    }


def _places(user: Any, view: str) -> list[tuple[str, str]]:
    """Places in a list, from its first page to far behind."""
    from armature.crm.act.listing import Place
    from armature.crm.web import views_of_cases

    listed = views_of_cases.listed(user, views_of_cases.VIEWS[view])
    found = listed.values_list("pk", flat=True)[0:5000:499]
    places = listed.filter(pk__in=list(found)).values_list("pk", "last_in_at")
    return [(view, str(Place(*place))) for place in places]


def measure(times: int, seed: int) -> dict[str, dict[str, Any]]:
    """Figures by page and person."""
    from django.test import Client

    from armature.crm.accounts.models import User
    from armature.crm.calm import keep_collector_calm

    found: dict[str, dict[str, Any]] = {}
    keep_collector_calm()  # as the server does
    for name in WHO:
        user = User.objects.get(email=f"{name}@bench.example")
        client = Client(HTTP_HOST="localhost")
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        for page, address in pages(user).items():
            found[f"{page} ({name})"] = _ask(client, address, times, random.Random(seed))
    return found


def _ask(client: Any, address: Addresses, times: int, chance: random.Random) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        _get(client, address(chance))
        needed = len(statements)
    took = []
    for _ in range(times):
        asked = address(chance)
        begin = time.perf_counter()
        _get(client, asked)
        took.append((1000 * (time.perf_counter() - begin), asked))
    took.sort()
    return {
        "median": round(took[len(took) // 2][0], 1), "p95": round(took[int(len(took) * 0.95)][0], 1),
        "worst": round(took[-1][0], 1), "at": took[-1][1], "statements": needed,
    }  # fmt: skip


def _get(client: Any, address: str) -> None:
    more = {"HTTP_HX_REQUEST": "true"} if "part=" in address else {}
    answer = client.get(address, **more)
    if answer.status_code not in (200, 302):
        raise SystemExit(f"{address} answers {answer.status_code}")


def plans(times: int) -> None:
    """Print how the slowest statement of each page was run."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from armature.crm.accounts.models import User

    for name in WHO:
        user = User.objects.get(email=f"{name}@bench.example")
        client = Client(HTTP_HOST="localhost")
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        for page, address in pages(user).items():
            slowest: Any = None
            chance = random.Random(1)
            for _ in range(times):
                with CaptureQueriesContext(connection) as statements:
                    _get(client, address(chance))
                worst = max(statements.captured_queries, key=lambda one: float(one["time"]))
                slowest = max(slowest or worst, worst, key=lambda one: float(one["time"]))
            print(f"\n== {page} ({name}): {slowest['time']} s\n{slowest['sql'][:3000]}")
            if slowest["sql"].lstrip().upper().startswith(("SELECT", "WITH")):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest['sql'].replace('%', '%%')}")
                    print("\n".join(line for (line,) in cursor.fetchall()))


def main() -> int:
    """Read the words of the command line, fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100, help="requests for each page and person")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--anew", action="store_true", help="fill the database again")
    parser.add_argument("--plans", action="store_true", help="print the plans of the slowest statements")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_pages_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        filled(given.cases, given.anew)
        if given.plans:
            plans(10)
            return 0
        found = measure(given.times, given.seed)
    if given.json:
        print(json.dumps(found))
    else:
        for name, one in found.items():
            print(
                f"{name:<28} {one['median']:>8} {one['p95']:>8} {one['worst']:>8} {one['statements']:>4}  {one['at']}"
            )
    return 0


def filled(cases: int, anew: bool) -> None:
    from armature.cli import parts

    parts.migrate()
    from armature.cli.bench import raw
    from armature.cli.bench.intake import prepare
    from armature.crm import rows
    from armature.crm.act.models import Case

    if not anew and Case.objects.count() >= cases:
        return
    import filling

    rows.run(f"TRUNCATE {', '.join(raw.tables())} RESTART IDENTITY CASCADE", [])
    prepare()
    began = time.monotonic()
    filling.fill(cases)
    print(f"filled with {Case.objects.count():,} cases in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "bench")]
    sys.exit(main())

"""How long each figure of the measures takes with very many messages: ``python bench/measures.py --cases 1000000``.

It fills a database of its own on the embedded server (kept for the next run, ``--anew`` fills it again): a small
company goes through the real process, its rows are copied many times, answered, ended, approved, rated and spread over
90 days, and the worker measures all of it as it would after an upgrade. Then it makes each figure over 90 days as an
administrator, as a lead of one large team, and as one who is named for a restricted case besides, prints median and
worst in milliseconds, and checks that every sum is that of its rows. ``--plans`` prints how PostgreSQL went about the
slowest statement of each figure.
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
WHO = ("ada", "leah", "nora")
"""Administers everything; leads one of six large teams; the same, and reads what is restricted by name."""

ANSWERS = """
    WITH chosen AS (
        SELECT c.id, c.opened_at, c.team, c.identity_id, c.conversation_id, row_number() OVER (ORDER BY c.id) AS n,
               j.id AS judgement, v.channel_id
        FROM act_case c JOIN listen_conversation v ON v.id = c.conversation_id
        CROSS JOIN LATERAL (
            SELECT id FROM listen_interaction WHERE conversation_id = c.conversation_id ORDER BY id LIMIT 1) AS i
        JOIN decide_judgement j ON j.interaction_id = i.id AND j.current WHERE c.id % 10 < 7
    ), waits AS (SELECT min(id) AS wait FROM decide_wait), said AS (
        INSERT INTO listen_interaction (channel_id, conversation_id, direction, kind, public, external_id, author,
            subject, text, language, automatic, warning, occurred_at)
        SELECT channel_id, conversation_id, 'out', 'message', false, 'bench-' || id, '', '', 'Dear you', '', '', '',
            opened_at
        FROM chosen RETURNING id, external_id
    ), written AS (
        INSERT INTO act_response (case_id, judgement_id, kind, author_id, subject, text, recipients, digest, element,
            state, why, written_at)
        SELECT id, judgement, CASE WHEN n % 40 = 0 THEN 'notice' ELSE 'micro' END, %(user)s, '', 'Dear you', '[]', '',
            'x', 'sent', '', opened_at + (n % 97) * interval '7 minutes' FROM chosen RETURNING id, case_id, written_at
    ), sent AS (
        INSERT INTO act_delivery (key, response_id, wait_id, channel_id, interaction_id, digest, state, queued_at,
            provider_id, reason, settled_at)
        SELECT gen_random_uuid(), w.id, waits.wait, c.channel_id, s.id, '',
            CASE WHEN c.n % 200 = 0 THEN 'failed' WHEN c.n % 500 = 1 THEN 'unknown' ELSE 'sent' END, w.written_at, '',
            '', w.written_at + (c.n % 13) * interval '11 minutes'
        FROM waits, written w JOIN chosen c ON c.id = w.case_id JOIN said s ON s.external_id = 'bench-' || c.id
        RETURNING id
    ), approved AS (
        INSERT INTO act_approval (response_id, user_id, approved, reason, digest, at)
        SELECT w.id, %(user)s, c.n % 9 <> 0, '', '', w.written_at + interval '5 minutes'
        FROM written w JOIN chosen c ON c.id = w.case_id WHERE c.n % 5 = 0 RETURNING id
    )
    INSERT INTO learn_feedback (response_id, kind, verdict, at)
    SELECT w.id, 'reply', (ARRAY['satisfied', 'not_satisfied', 'silence'])[1 + c.n % 3], w.written_at + interval '1 day'
    FROM written w JOIN chosen c ON c.id = w.case_id WHERE c.n % 2 = 0
"""
ENDED = "UPDATE act_case SET ended_at = opened_at + id % 301 * interval '13 minutes' WHERE ended_at IS NOT NULL"
ENDED = "UPDATE act_case SET ended_at = opened_at + id % 301 * interval '13 minutes' WHERE ended_at IS NOT NULL"
SPREAD = (
    "UPDATE listen_interaction SET occurred_at = %s, recorded_at = %s",
    "UPDATE act_case SET opened_at = %s, last_in_at = %s",
)


def fill(cases: int) -> None:
    """A company of so many cases, its messages spread over the days that are asked for."""
    from django.db import connection

    import filling

    people = filling.fill(cases)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement, table in zip(SPREAD, ("conversation_id", "conversation_id"), strict=True):
            at = (
                f"now() - (({table} * 7919) % ({DAYS} * 86400)) * interval '1 second' "
                "+ least(id % 3, 2) * interval '1 minute'"
            )
            cursor.execute(statement.replace("%s", at))
        cursor.execute(ENDED)
        cursor.execute(ANSWERS.replace("% ", "%% "), {"user": people["ada"].pk})
        cursor.execute("SET session_replication_role = DEFAULT")
    _leads()


def _leads() -> None:
    """Two leads of one team, and a few restricted cases one of them is named for."""
    from armature.crm.accounts.models import Membership, Role, Team, User
    from armature.crm.act.models import Case, Reader, Restriction

    for name in WHO[1:]:
        user = User.objects.create_user(f"{name}@bench.example", name.title(), "a good password")
        Membership.objects.create(user=user, role=Role.LEAD, team=Team.objects.get(key="support"))
    ada = User.objects.get(email="ada@bench.example")
    for case in Case.objects.filter(team="legal")[:20]:
        one, _new = Restriction.objects.get_or_create(conversation_id=case.conversation_id, defaults={"made_by": ada})
        Reader.objects.get_or_create(restriction=one, user=user, defaults={"named_by": ada})


def measured() -> None:
    """Let the worker measure all of it, and say how fast."""
    from django.db import connection

    from armature.crm.learn import measuring
    from armature.crm.learn.models import Measured, MeasureSum

    measuring.again()
    began, cpu, done = time.monotonic(), time.process_time(), 0
    while taken := measuring._chunk(measuring.CHUNK):
        done += taken
    took = time.monotonic() - began
    print(
        f"measured {done:,} notes in {took:.0f} s ({done / took:,.0f} a second, {time.process_time() - cpu:.0f} s of "
        f"Python), {Measured.objects.count():,} rows, {MeasureSum.objects.count():,} sums", file=sys.stderr,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def figures(times: int, plans: bool) -> dict[str, dict[str, Any]]:
    """Median and worst of each figure for each person."""
    from django.utils import timezone

    from armature.crm.accounts.access import keep_rights
    from armature.crm.accounts.models import User
    from armature.crm.learn.figures import Scope
    from armature.crm.web.measures.figure import Asked
    from armature.crm.web.measures.pages import FIGURES

    found = {}
    for name in WHO:
        user = User.objects.get(email=f"{name}@bench.example")
        keep_rights(user)
        today = timezone.localdate()
        asked = Asked(Scope(user, today - timedelta(days=DAYS - 1), today), f"days={DAYS}")
        for key, make in FIGURES.items():
            if plans:
                _plan(f"{key} ({name})", lambda make=make, asked=asked: make(asked))
                continue
            took = sorted(_time(make, asked) for _ in range(times))
            found[f"{key} ({name})"] = {"median": took[len(took) // 2], "worst": took[-1]}
    return found


def _time(make: Any, asked: Any) -> float:
    began = time.perf_counter()
    make(asked)
    return round(1000 * (time.perf_counter() - began), 1)


def _plan(what: str, make: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        make()
    slowest = max(statements.captured_queries, key=lambda one: float(one["time"]))
    print(f"\n== {what}: {slowest['time']} s of {len(statements)} statements\n{slowest['sql'][:1500]}")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest['sql'].replace('%', '%%')}")
        print("\n".join(line for (line,) in cursor.fetchall()))


def wrong() -> list[str]:
    """What is summed otherwise than the rows say."""
    from armature.crm import rows
    from armature.crm.learn import measuring

    return [line for statement in (measuring.MISCOUNTED, measuring.UNHEARD) for (line,) in rows.fetch(statement, [])]


def filled(cases: int, anew: bool) -> None:
    """The database, filled when it is not yet."""
    from armature.cli import parts

    parts.migrate()
    from armature.cli.bench import raw
    from armature.cli.bench.intake import prepare
    from armature.crm import rows
    from armature.crm.act.models import Case

    if not anew and Case.objects.count() >= cases:
        return
    rows.run(f"TRUNCATE {', '.join(raw.tables())} RESTART IDENTITY CASCADE", [])
    prepare()
    began = time.monotonic()
    fill(cases)
    print(f"filled with {Case.objects.count():,} cases in {time.monotonic() - began:.0f} s", file=sys.stderr)
    measured()


def main() -> int:
    """Read the words of the command line, fill, measure, print; 1 when something is miscounted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000, help="in thousands; each has 1.2 messages")
    parser.add_argument("--times", type=int, default=10, help="how often each figure is made")
    parser.add_argument("--anew", action="store_true", help="fill the database again")
    parser.add_argument("--plans", action="store_true", help="print the plans of the slowest statements")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_measures_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        filled(given.cases, given.anew)
        found, faults = figures(given.times, given.plans), wrong()
    if given.json:
        print(json.dumps({"figures": found, "wrong": faults}))
    else:
        for name, one in found.items():
            print(f"{name:<34} {one['median']:>9} {one['worst']:>9}")
        print("every sum is that of its rows" if not faults else "\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "bench")]
    sys.exit(main())

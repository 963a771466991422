"""Play many random interleavings of edit, approve, take back, send and crash over the real commands.

``python bench/interleavings.py --plays 10000`` makes a database of its own, plays, and counts what was sent without or
other than approved, and what was sent twice: both must be 0. Only the other side is made up: a channel that records.
``--sabotage digest|state|claim`` takes one safeguard away, to see that the plays find it.

Exit code 0: nothing found. 1: something is wrong, and said. Figures of time are observations of a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
STEPS_A_PLAY = 12
TOGETHER = 0.08
"""So many of the steps are done by two people at the same moment."""


@dataclass
class Found:
    """What came of the plays."""

    plays: int = 0
    sent: int = 0
    problems: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)


def run(count: int, seed: int, group: int = 100) -> Found:
    """Play in groups, so that the process judges many cases at once. The database is that of this process."""
    from django.db import connection, connections

    from armature.crm import conservation, rows
    from armature.crm.accounts.models import Membership, Role, User
    from house import make_house
    from playing import recorder
    from playing.plays import Stage

    connection.ensure_connection()
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    rows.run(f"ALTER DATABASE {name} SET synchronous_commit = off", [])  # no power is cut here
    connection.close()
    recorder.install()
    house = make_house()
    house.mailbox.kind = "recorder"
    house.mailbox.save()
    lea = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=lea, role=Role.LEAD)
    found = Found()
    stage = Stage(house, lea, random.Random(seed))
    with ThreadPoolExecutor(2) as pool:
        for first in range(0, count, group):
            _group(stage, pool, found, first, min(group, count - first))
        both = threading.Barrier(2)  # each thread closes its own connection
        list(pool.map(lambda _: both.wait(60) >= 0 and connections.close_all(), range(2)))
    found.counted = dict(stage.counted)
    found.problems += [
        f"{law.words}: {'; '.join(bad)}" for law, bad in conservation.broken() if bad and not _rogue(law)
    ]
    return found


def _rogue(law: Any) -> bool:
    """The one law that the faulty program of the plays breaks on purpose: the rows then are not what was sent."""
    return bool(law.words == "what was released is what was sent, byte for byte")


def _group(stage: Any, pool: ThreadPoolExecutor, found: Found, first: int, count: int) -> None:
    from armature.crm.act.models import Case
    from playing.plays import next_step
    from playing.recorder import Recorder

    plays = _cases(stage, first, count)
    for _ in range(STEPS_A_PLAY):
        forms = dict(Case.objects.filter(pk__in=[play.case_id for play in plays]).values_list("pk", "form"))
        for play in plays:
            one, two = (next_step(forms[play.case_id], stage.chance) for _ in range(2))
            chances = [random.Random(stage.chance.random()) for _ in range(2)]
            if stage.chance.random() < TOGETHER:
                list(pool.map(lambda each: each[0].step(*each[1:]), [(play, one, chances[0]), (play, two, chances[1])]))
            else:
                play.step(one, chances[0])
        _judge()
    _to_the_end(stage, plays)
    found.plays += len(plays)
    found.sent += sum(len(Recorder.left.get(play.thread, ())) for play in plays)
    found.problems += [problem for play in plays for problem in play.judge()]


def _cases(stage: Any, first: int, count: int) -> list[Any]:
    """Cases in which somebody owes an answer, half of them under a rule that wants approval."""
    from armature.crm.act import commands, queries
    from playing.plays import Play

    for number in range(first, first + count):
        stage.house.hear("It broke.", author=f"{number}@people.example")
    _judge()
    authors = [f"{number}@people.example" for number in range(first, first + count)]
    cases = list(queries.cases_for(stage.house.leo).filter(identity__address__in=authors).order_by("id"))
    for case in cases:
        commands.judge_intent(stage.house.mona, case, intent=stage.chance.choice(("cancel", "complaint")))
    _judge()
    return [Play(stage, case.pk, str(case.conversation_id)) for case in cases]


def _judge() -> None:
    from armature.crm import jobs

    while jobs.open_envelopes() + jobs.judge_conversations():
        pass


def _to_the_end(stage: Any, plays: list[Any]) -> None:
    """Workers that slept wake up late, and whatever waits to leave leaves."""
    from armature.crm import jobs
    from armature.crm.act import outbox

    for play in plays:
        play.late(stage.chance)
    _judge()
    for play in plays:
        play.step("doubt", stage.chance)
    _judge()
    for number in [*stage.claimed, *stage.asleep]:
        outbox.send(number)
    stage.claimed.clear()
    stage.asleep.clear()
    while jobs.everything():
        pass


def sabotage(what: str) -> None:
    """Take one safeguard away."""
    from armature.crm import rows
    from armature.crm.act import outbox
    from armature.crm.act.models import Delivery

    def unguarded(number: int) -> None:
        found = Delivery.objects.select_related("response__case__conversation__channel", "channel", "wait")
        delivery = found.get(pk=number)
        refusal = outbox._refusal(delivery)
        outcome = outbox.Failed(refusal) if refusal else outbox._hand_over(delivery)
        if what == "claim":  # marked only now: whoever dies before this has sent it, and nobody knows
            Delivery.objects.filter(pk=number).update(state="sending", attempt=1, token=1)
            delivery.token = 1
        outbox._settle_at_last(delivery, outcome)

    def unclaimed(limit: int, channel: int | None = None) -> list[int]:
        due = rows.fetch("SELECT id FROM act_delivery WHERE state = 'queued' ORDER BY id LIMIT %s", [limit])
        return [number for (number,) in due]

    if what == "digest":
        outbox.digest_of = lambda response: response.digest
    else:
        outbox.send = unguarded
        if what == "claim":
            outbox.claim = unclaimed


def main() -> int:
    """Read the words of the command line, play, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plays", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sabotage", choices=("digest", "state", "claim"), help="take one safeguard away")
    given = parser.parse_args()
    started = time.monotonic()
    found = _in_a_database(given.plays, given.seed, given.sabotage)
    shown = {**vars(found), "problems": found.problems[:20], "seconds": round(time.monotonic() - started, 1)}
    shown["wrong"] = len(found.problems)
    print(json.dumps(shown) if given.json else "\n".join(f"{name}: {value}" for name, value in shown.items()))
    return 1 if found.problems else 0


def _in_a_database(plays: int, seed: int, sabotaged: str | None) -> Found:
    import tempfile

    from armature import postgres

    with tempfile.TemporaryDirectory(prefix="armature-plays-") as folder:
        os.environ.setdefault("ARMATURE_SECRET_KEY", "only for plays")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
        os.environ["ARMATURE_HOME"], os.environ["ARMATURE_UNDO_SECONDS"] = folder, "0"
        given = os.environ.get("DATABASE_URL")
        if given:
            return _played(plays, seed, sabotaged)
        with postgres.Cluster(Path(folder) / "data") as cluster:
            os.environ["DATABASE_URL"] = cluster.url(role=postgres.OWNER)
            return _played(plays, seed, sabotaged)


def _played(plays: int, seed: int, sabotaged: str | None) -> Found:
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        if sabotaged:
            sabotage(sabotaged)
        return run(plays, seed)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "tests"), str(TOP / "bench")]
    sys.exit(main())

"""What a channel loses beside one whose server drips: ``python bench/slow_neighbour.py``.

A real worker on an embedded database of its own, and two real servers. The messages that come in and the answers that
leave on the good channel are counted in a second, alone, then while calls of the other channel hang, and both are
printed with their ratio. One run says little: other work on the machine moves it by a tenth.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
VERY_LONG = 600.0


def run(out: int, into: int) -> dict[str, Any]:
    """Both rounds; a channel of its own for each, so that its budget of calls is whole."""
    from armature.conformance.faults import proxy
    from armature.crm.channels import webhook
    from armature.crm.channels.api import Api
    from channels.neighbours import at_work, let_leave, program_of, until, written
    from channels.programs import Program
    from house import make_house

    webhook.Api = lambda *given, seconds: Api(*given, seconds=VERY_LONG)  # type: ignore[attr-defined]
    house, slow, well = make_house(), Program(), Program()
    with proxy(slow.url.removesuffix("/answers")) as between:
        bad = program_of(house, f"{between.address}/answers", "bad")
        alone, beside = (program_of(house, well.url, name) for name in ("alone", "beside"))
        for one, how_many in ((bad, 1), (alone, out), (beside, out)):
            written(one, how_many)
        between.fault = "drip"
        with at_work():
            first = _measured(alone, well, out, into)
            let_leave(bad)
            until(lambda: between.held)
            second = _measured(beside, well, out, into)
            hung = between.held
            between.let_go()
    slow.end()
    well.end()
    ratio = {what: round(second[what] / first[what], 2) for what in first}
    return {"alone": first, "beside a dripping one": second, "ratio": ratio, "hung all the while": bool(hung)}


def _measured(house: Any, program: Any, out: int, into: int) -> dict[str, float]:
    """Answers that leave in a second, then messages that come in."""
    from armature.crm.channels import lines
    from armature.crm.listen import commands
    from armature.crm.listen.models import Interaction
    from channels.neighbours import let_leave, until
    from house import MONDAY

    before, began = len(program.calls), time.monotonic()
    let_leave(house)
    until(lambda: len(program.calls) == before + out)
    left = out / (time.monotonic() - began)
    heard = Interaction.objects.filter(channel=house.mailbox, external_id__startswith="later-")
    began = time.monotonic()
    for start in range(0, into, 100):
        said = [
            {"external_id": f"later-{n}", "author": f"karl{n}@people.example", "text": "Where is my parcel?",
             "occurred_at": MONDAY.isoformat()} for n in range(start, min(start + 100, into))
        ]  # fmt: skip
        commands.accept(house.mailbox, [lines.envelope(line, MONDAY) for line in said])
    until(lambda: heard.count() == into)
    return {"answers a second": round(left, 1), "messages a second": round(into / (time.monotonic() - began), 1)}


def main() -> int:
    """Read the words of the command line, run in a database of its own, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=200, help="that leave in each round; 250 at most")
    parser.add_argument("--messages", type=int, default=5000, help="that come in in each round")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    from armature import postgres

    with tempfile.TemporaryDirectory(prefix="armature-neighbour-") as folder:
        os.environ.setdefault("ARMATURE_SECRET_KEY", "only for measuring")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
        os.environ |= {"ARMATURE_HOME": folder, "ARMATURE_UNDO_SECONDS": "3600", "ARMATURE_MAY_CALL": "127.0.0.1"}
        with postgres.Cluster(Path(folder) / "data") as cluster:
            os.environ["DATABASE_URL"] = cluster.url(role=postgres.OWNER)
            found = _in_a_database(given.answers, given.messages)
    print(json.dumps(found) if given.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    return 0 if found["hung all the while"] else 1


def _in_a_database(out: int, into: int) -> dict[str, Any]:
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        return run(out, into)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "tests"), str(TOP / "bench")]
    sys.exit(main())

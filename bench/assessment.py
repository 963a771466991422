"""How fast an assessment goes through very many messages: ``python bench/assessment.py --cases 100000``.

It fills the database of ``bench/measures.py`` (kept for the next run, ``--anew`` fills it again): each case has 1.2
messages and 7 in 10 have an answer. Then an administrator's assessment of all of it runs in this process, to its end:
conversations and messages in a second, the most memory that the process held, the size of what is kept; and it is
checked that each part adds up to all messages.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
WHO = "ada"


def assessed() -> dict[str, Any]:
    """One assessment, to its end."""
    from armature.crm import lease
    from armature.crm.accounts.models import User
    from armature.crm.learn.assessments import commands
    from armature.crm.learn.assessments.models import Assessment, AssessmentTodo

    Assessment.objects.all().delete()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began, cpu = time.perf_counter(), time.process_time()
    job = commands.begin(User.objects.get(email=f"{WHO}@bench.example"))
    commands.carry_out(lease.claim(AssessmentTodo, 1))
    took = time.perf_counter() - began
    job.refresh_from_db()
    return {
        "state": job.state, "conversations": job.done, "messages": job.messages, "seconds": round(took, 1),
        "python_seconds": round(time.process_time() - cpu, 1), "messages_a_second": round(job.messages / took),
        "megabytes_before": before, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "kilobytes_of_sums": len(json.dumps(job.sums)) // 1024, "proposals": len(job.proposals),
        "wrong": wrong(job.sums["counts"], job.messages),
    }  # fmt: skip


def wrong(counts: dict[str, int], messages: int) -> list[str]:
    """The parts that do not add up to all messages."""
    from armature.crm.learn.assessments import sums

    parts = (sums.CHANNEL, sums.INTENT, sums.HOUR, sums.LANGUAGE, sums.MONTH)
    return [part for part in parts if sum(sums.by(counts, part).values()) != messages]


def main() -> int:
    """Read the words of the command line, fill, assess, print; 1 when something is miscounted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000, help="in thousands; each has 1.2 messages")
    parser.add_argument("--anew", action="store_true", help="fill the database again")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    import measures
    from armature.cli import home

    with home.database(f"armature_measures_{given.cases}"):
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        measures.filled(given.cases, given.anew)
        found = assessed()
    print(json.dumps(found) if given.json else "\n".join(f"{name:<20} {value}" for name, value in found.items()))
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "bench")]
    sys.exit(main())

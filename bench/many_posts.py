"""Listening and intake over a file of very many posts: ``python bench/many_posts.py FILE.jsonl ...``.

The files hold one JSON object a line with a ``text``. Each post is made of two of these texts, the queries of their
words (as ``bench/listening.py`` does). Then the very commands that users have: ``armature match``, and ``armature bench
intake`` with these queries and without.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import listening
from armature.arm.listening import unparse
from armature.cli.bench.messages import PLACES

PEOPLE = 250_000
ARMATURE = Path(sys.executable).with_name("armature")


def make(texts: list[str], count: int, queries: int, folder: Path) -> None:
    """``posts.jsonl`` and ``queries.txt``, always the same for the same texts."""
    chance = random.Random(7)
    trees = listening.queries(listening.Words(texts, chance), queries + queries // 5)
    chance.shuffle(trees)
    typed = list(dict.fromkeys(map(unparse, trees)))[:queries]
    if len(typed) < queries:
        raise SystemExit(f"these texts give only {len(typed):,} different queries; give more texts or --queries")
    folder.joinpath("queries.txt").write_text("\n".join(typed), "utf-8")
    places, at = list(PLACES), datetime(2026, 1, 1, tzinfo=UTC)
    with folder.joinpath("posts.jsonl").open("w", encoding="utf-8") as out:
        for number in range(count):
            at += timedelta(seconds=chance.randint(1, 20))
            words = f"{chance.choice(texts)} {chance.choice(texts)}"
            person = chance.randrange(PEOPLE)
            line = {"id": f"p{number}", "channel": places[person % len(places)], "handle": f"person{person}",
                    "name": "", "subject": "", "body": words, "text": words, "ts": at.isoformat()}  # fmt: skip
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def match(folder: Path, count: int) -> dict[str, float]:
    """``armature match --json`` over the file, from its start to its end."""
    begin = time.perf_counter()
    command = [str(ARMATURE), "match", "--queries", "queries.txt", "posts.jsonl", "--json"]
    with folder.joinpath("found.jsonl").open("wb") as out:
        running = subprocess.Popen(command, cwd=folder, stdout=out)
        _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
    seconds, processor = time.perf_counter() - begin, used.ru_utime + used.ru_stime
    with folder.joinpath("found.jsonl").open(encoding="utf-8") as found:
        matches = sum(line.count('"where":') for line in found)
    return {
        "match: seconds": seconds, "match: texts a second": count / seconds,
        "match: texts a CPU second": count / processor, "match: MB": used.ru_maxrss / 1024,
        "match: matches a text": matches / count,
    }  # fmt: skip


def intake(folder: Path, count: int, workers: int, *, listens: bool) -> dict[str, Any]:
    """``armature bench intake`` of the file, while the queries listen or none does (then against bare COPY too)."""
    more = ["--queries", "queries.txt", "--no-raw"] if listens else []
    command = [str(ARMATURE), "bench", "intake", "--file", "posts.jsonl", "--messages", str(count), "--workers",
               str(workers), *more, "--json"]  # fmt: skip
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    name = "intake, listening" if listens else "intake, no query"
    return {f"{name}: {key}": value for key, value in json.loads(done.stdout).items()}


def main() -> int:
    """Read the words of the command line, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--taken-in", type=int, default=0, help="posts of them that go through the process; 0: all")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--compare", type=int, default=100_000, help="posts that are also taken in without queries")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many-posts-") as name:
        folder = Path(name)
        make(listening.read(given.files), given.posts, given.queries, folder)
        _print(match(folder, given.posts))
        _print(intake(folder, given.compare, given.workers, listens=False))
        _print(intake(folder, given.taken_in or given.posts, given.workers, listens=True))
    return 0


def _print(figures: dict[str, Any]) -> None:
    for key, value in figures.items():
        print(f"{key:<44}{value:>14,.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Messages to measure with: always the same for the same seed, some people writing often, as in life."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PLACES = {"email": 40, "facebook": 15, "instagram": 15, "x": 10, "whatsapp": 12, "chat": 8}
OTHER_NAMES = {"webchat": "chat"}
FIRST = "Ada Ben Cleo Dag Elin Femi Gro Hal Ida Jon Kim Lea Max Nia Oda Per Rut Sol Tim Una Vic Wim Yan Zoe".split()
LAST = "Berg Costa Diaz Eek Fox Gill Haas Ives Jung Koch Lund Mora Nash Olsen Pohl Ruiz Stone Toft Ueda Vik".split()
WORDS = (
    "order parcel invoice account password delivery late broken missing colour size charger screen battery voucher "
    "discount address change cancel subscription phone store manager reply waiting days please help thanks urgent "
    "question product manual warranty repair exchange receipt payment card twice charged error app update slow basket "
    "stock gift damaged box leak smell label date happy love great shop buy price when where how why could you"
).split()
APART = 5_000
"""An answer follows what it answers by at least so many messages: people take their time."""


def generate(count: int, persons: int, seed: int = 7, first: int = 0) -> Iterator[dict[str, Any]]:
    """``count`` messages of ``persons`` people as lines: 140 characters each, people drawn by a Zipf-like law."""
    people = random.Random(seed)
    places = people.choices(list(PLACES), list(PLACES.values()), k=persons)
    names = [f"{people.choice(FIRST)} {people.choice(LAST)}" for _ in range(persons)]
    rng = random.Random(seed * 31 + first)
    weights = [1.0 / (rank + 10) for rank in range(persons)]
    order = rng.sample(range(persons), persons)
    who = order[:count] + rng.choices(order, weights, k=max(0, count - persons))
    rng.shuffle(who)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=30 * first)
    for number, person in enumerate(who, first):
        at += timedelta(seconds=rng.randint(1, 60))
        yield {
            "id": f"m{number:08d}@bench.example", "channel": places[person], "handle": f"person{person}@people.example",
            "name": names[person], "subject": " ".join(rng.choices(WORDS, k=4)).capitalize(),
            "body": _body(rng), "ts": at.isoformat(),
        }  # fmt: skip


def _body(rng: random.Random) -> str:
    words = " ".join(rng.choices(WORDS, k=34))
    return words[:139].rstrip().ljust(139, ".") + "."


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Messages of a file of JSON lines with ``id``, ``channel``, ``handle``, ``name``, ``subject``, ``body``, ``ts``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def as_lines(messages: Iterator[dict[str, Any]], seed: int = 7) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, line) of each message; one in five answers an earlier one of the same person, where there is one."""
    rng = random.Random(seed)
    earlier: dict[str, list[tuple[int, str]]] = {}
    for number, message in enumerate(messages):
        line = {
            "external_id": message["id"], "author": message["handle"], "name": message["name"],
            "subject": message["subject"], "text": message["body"], "occurred_at": message["ts"],
        }  # fmt: skip
        said = earlier.setdefault(message["handle"], [])
        old = [external for at, external in said if number - at >= APART] if rng.random() < 0.35 else []
        if old:
            line["in_reply_to"] = rng.choice(old)
        said.append((number, message["id"]))
        yield OTHER_NAMES.get(message["channel"], message["channel"]), line

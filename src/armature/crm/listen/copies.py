"""Near copies: what says nearly the same as an earlier hit of the same query is counted once.

The recipe, which gives the same for the same words on every machine: the words of a post as our tokeniser cuts them,
without addresses, names, tags and pictures, are read as runs of three (fewer words: as one run); every run is hashed
(BLAKE2b, 8 bytes), and a post is known by its hashes' *simhash*: bit n is set when more hashes have it than not. Two
posts say nearly the same when their simhashes differ in at most 3 of 64 bits and the later came within seven days.
Posts of fewer than 5 words are copies only of the very same words. A share is a copy too: the words of the post and an
address.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from armature.arm.listening import hear
from armature.crm import rows
from armature.crm.listen.matching import Found

RUN = 3
FEW = 5
"""So few words are too little for likeness: they must be the same."""
BITS = 64
MOST_APART = 3
"""Bits in which near copies may differ."""
FOR = timedelta(days=7)
SHARED = ("rt", "via")
"""Words that a share puts before the post."""

_BESIDE = re.compile(r"(?:https?://|www\.)\S+|[@#＠＃]\w[\w@.-]*")
"""Addresses, names and tags."""
LONGEST = 300
"""Runs that are looked at."""

NEAR = """
    SELECT k.q, k.i, near.id
    FROM jsonb_to_recordset(%s) AS k(q bigint, i bigint, t timestamptz, h bigint, b int[])
    CROSS JOIN LATERAL (
        SELECT h.id FROM (
            SELECT id, query_id, at, likeness, copy_of_id FROM listen_hit WHERE bands && k.b OFFSET 0) h
        WHERE h.query_id = k.q AND h.copy_of_id IS NULL
          AND h.at BETWEEN k.t - %s AND k.t AND bit_count((h.likeness # k.h)::bit(64)) <= %s
        ORDER BY h.at, h.id LIMIT 1) AS near
    """
"""The earliest original that says nearly the same. "OFFSET 0" lets the planner look at the bands alone: it cannot
know how few hits share one, and would walk all that a query, or everybody, found in a week."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A simhash as a signed number of 64 bits, and its four parts of 16 bits, each with its place."""

    hash: int
    bands: list[int]


def likeness(words: str) -> Likeness:
    """What a post is known by."""
    plain = hear(_BESIDE.sub(" ", words)).tokens.terms
    terms = [term for term in plain if term[0].isalnum() and term not in SHARED]
    number = _hash(" ".join(terms)) if len(terms) < FEW else _simhash(terms)
    bands = [place << 16 | (number >> 16 * place & 0xFFFF) for place in range(4)]
    return Likeness(number - (1 << BITS) if number >> (BITS - 1) else number, bands)


def _simhash(terms: Sequence[str]) -> int:
    runs = [_hash(" ".join(terms[at : at + RUN])) for at in range(min(len(terms) - RUN + 1, LONGEST))]
    return sum(1 << bit for bit in range(BITS) if 2 * sum(run >> bit & 1 for run in runs) > len(runs))


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big")


def of_query(query: int, bands: Sequence[int]) -> list[int]:
    """The bands as a hit of one query keeps them: what other queries found is not looked at, however much it is."""
    return [crc32(f"{query}.{band}".encode()) - (1 << 31) for band in bands]


def apart(one: Likeness, other: int) -> int:
    """In how many bits two simhashes differ."""
    return ((one.hash ^ other) & ((1 << BITS) - 1)).bit_count()


def originals(found: Sequence[Found], numbers: Sequence[int]) -> list[tuple[Likeness, int | None]]:
    """For each new hit, with the number it gets, what it is known by and the hit that it copies."""
    known = {one.post.id: one.post.words for one in found}
    likes = {number: likeness(words) for number, words in known.items()}
    kept = _kept(found, likes)
    fresh: dict[tuple[int, int], list[tuple[int, Found]]] = defaultdict(list)
    copied: dict[int, int] = {}
    in_time = sorted(zip(numbers, found, strict=True), key=lambda each: (each[1].post.at, each[0]))
    for number, one in in_time:
        mine = likes[one.post.id]
        if (one.query, one.post.id) in kept:
            copied[number] = kept[one.query, one.post.id]
            continue
        near = [each for band in mine.bands for each in fresh[one.query, band] if _alike(one, each[1], likes)]
        if near:
            copied[number] = min(near, key=lambda each: (each[1].post.at, each[0]))[0]
            continue
        for band in mine.bands:
            fresh[one.query, band].append((number, one))
    return [(likes[one.post.id], copied.get(number)) for number, one in zip(numbers, found, strict=True)]


def _alike(one: Found, other: Found, likes: dict[int, Likeness]) -> bool:
    close = one.post.at - other.post.at <= FOR
    return close and apart(likes[one.post.id], likes[other.post.id].hash) <= MOST_APART


def _kept(found: Sequence[Found], likes: dict[int, Likeness]) -> dict[tuple[int, int], int]:
    """By (query, post): the earliest hit that is kept, is no copy itself, and says nearly the same."""
    asked = [
        {"q": one.query, "i": one.post.id, "t": one.post.at.isoformat(), "h": likes[one.post.id].hash,
         "b": of_query(one.query, likes[one.post.id].bands)}
        for one in found
    ]  # fmt: skip
    near = rows.fetch(NEAR, [rows.as_json(asked), FOR, MOST_APART])
    return {(query, interaction): original for query, interaction, original in near}

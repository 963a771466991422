"""Which addresses of a file are our own: those that most conversations have in common."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MOST = 12
SHARE, LEAST = 0.5, 2
"""Who speaks with half as many others as whoever speaks with most is ours too, if these are at least two."""


def candidates(said: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """The most frequent addresses: how many messages each got, and how many it wrote."""
    got = Counter(to for one in said for to in set(one["to"]))
    wrote = Counter(one["who"] for one in said)
    ranked = sorted(set(got) | set(wrote), key=lambda who: (-got[who] - wrote[who], who))
    return [(who, got[who], wrote[who]) for who in ranked[:MOST]]


def guessed(said: Sequence[Mapping[str, Any]]) -> set[str]:
    """What the file itself calls ours, else whoever speaks with most others, and who else writes from there."""
    told = {one["who"] for one in said if one["own"]}
    if told or any(one["own"] is False for one in said):
        return told
    if not any(one["to"] for one in said):
        return set()
    partners: dict[str, set[str]] = defaultdict(set)
    for one in said:
        for to in one["to"]:
            partners[one["who"]].add(to)
            partners[to].add(one["who"])
    most = max(len(one - {who}) for who, one in partners.items())
    found = {who for who, one in partners.items() if len(one - {who}) >= max(SHARE * most, LEAST if most > 1 else 1)}
    homes = {who.rpartition("@")[2] for who in found if "@" in who} - PUBLIC_HOMES
    return found | {one["who"] for one in said if one["who"].rpartition("@")[2] in homes}


PUBLIC_HOMES = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com proton.me "
    "protonmail.com gmx.de gmx.net web.de mail.ru qq.com 163.com".split()
)
"""Where everybody has an address: who else writes from there is no colleague."""


def is_ours(one: Mapping[str, Any], ours: Collection[str]) -> bool:
    """Whether we said it: what the file says goes first."""
    return bool(one["own"]) if one["own"] is not None else one["who"] in ours

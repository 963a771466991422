"""Lanes: who answers the same kinds of things stands together on the map."""

from collections.abc import Collection, Sequence

from armature.arm.assessment.evidence import ENOUGH, Routed, Share, added
from armature.arm.assessment.proposal import Proposal
from armature.arm.assessment.segment import Segment, grouped

KINDS = 3
"""So many kinds of things are named as evidence."""
SURE = 0.5
"""The least share (Wilson, 95 %) of a kind that its own side answered."""
MOST = 15


def lanes(routed: Sequence[Routed], drawn: Collection[str]) -> list[Proposal]:
    """A lane for each side that answered most of some kind and has none of its own, those who answered most first."""
    total = sum(one.number for one in routed)
    found = []
    for side, count in added([(one.side, one.number) for one in routed]).items():
        kinds = _own_kinds(routed, side) if side and side not in drawn and count >= ENOUGH else []
        if kinds:
            share = Share(count, total)
            numbers = {"count": count, "of": total, "percent": share.percent, "least": share.least_percent,
                       "kinds": [{**part._asdict(), "count": mine.count, "of": mine.of, "percent": mine.percent,
                                  "least": mine.least_percent} for part, mine in kinds[:KINDS]]}  # fmt: skip
            found.append(Proposal("lane", side, "kinds", numbers, weight=count))
    return found[:MOST]


def _own_kinds(routed: Sequence[Routed], side: str) -> list[tuple[Segment, Share]]:
    """Kinds of which this side answered the most, with enough cases; the largest first."""
    found = []
    for part, them in grouped(one._replace(channel="") for one in routed).items():
        share = Share(sum(one.number for one in them if one.side == side), sum(one.number for one in them))
        if part.width == 1 and share.of >= ENOUGH and share.least >= SURE:
            found.append((part, share))
    return sorted(found, key=lambda one: -one[1].count)

"""Rows for the routing table: where one side answered nearly all of a kind, and the rules send it elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from armature.arm.assessment.evidence import ENOUGH, Routed, Share, added, within
from armature.arm.assessment.proposal import Proposal
from armature.arm.assessment.segment import Segment, grouped

SURE = 0.7
"""The least share (Wilson, 95 %) that one side must have answered."""
ELSEWHERE = 0.5
"""From this share on the rules in force send it elsewhere."""
REACHED = 0.8
"""The share that would have kept the promise proposed."""
FEW = 0.1
"""A row that takes less than this of a kind is an exception, which stays above a new row."""
MOST = 30

Fits = Callable[[Mapping[str, Any], str], bool]
"""Whether a row with these cells above that row leaves every row of the table something to take."""


def routing(routed: Sequence[Routed], order: Sequence[str], fits: Fits) -> list[Proposal]:
    """Proposals, those with the most cases first. ``order`` are the ids of the rows in force, from the top.

    The widest kind that holds is taken, but no wider than what was answered: where all of it came by e-mail the row
    is about e-mail. What one row takes already is no evidence for another.
    """
    found: list[Proposal] = []
    taken: set[Routed] = set()
    for segment, them in grouped(routed).items():
        if sum(one.number for one in them if one not in taken) < ENOUGH:
            continue
        made = _proposed(_tight(segment, them), them, order, fits)
        if made:
            taken.update(them)
            found.append(made)
    return sorted(found, key=lambda one: -one.weight)[:MOST]


def _tight(segment: Segment, them: Sequence[Routed]) -> Segment:
    """The same, saying whatever all of them have in common."""
    alike = (({one[part] for one in them}) for part in range(3))
    return Segment(*(said or (str(*values) if len(values) == 1 else "") for said, values in
                     zip(segment, alike, strict=True)))  # fmt: skip


def _proposed(segment: Segment, them: Sequence[Routed], order: Sequence[str], fits: Fits) -> Proposal | None:
    total = sum(one.number for one in them)
    sides = added([(one.side, one.number) for one in them])
    side, count = next(iter(sides.items()))
    share = Share(count, total)
    if total < ENOUGH or share.least < SURE or not side:
        return None
    theirs = [one for one in them if one.side == side]
    elsewhere = sum(one.number for one in them if one.team != side)
    if elsewhere < ELSEWHERE * total or not _of_one_mind(segment, them, side):
        return None
    above, team = _taken_now(them, side, order, total)
    if not above or not fits(segment.when, above):
        return None
    minutes = _minutes(theirs)
    numbers = {"count": count, "of": total, "percent": share.percent, "least": share.least_percent, "now": team,
               "row": above, "elsewhere": elsewhere, "minutes": minutes, **segment._asdict()}  # fmt: skip
    return Proposal("routing", side, "routed", numbers, above, segment.when, {"sla_minutes": minutes}, total)


def _of_one_mind(segment: Segment, them: Sequence[Routed], side: str) -> bool:
    """No narrower kind inside, with cases enough, is mostly answered by somebody else."""
    for inner, part in grouped(them).items():
        total = sum(one.number for one in part)
        theirs = sum(one.number for one in part if one.side == side)
        if inner != segment and inner.inside(segment) and total >= ENOUGH and 2 * theirs < total:
            return False
    return True


def _taken_now(them: Sequence[Routed], side: str, order: Sequence[str], total: int) -> tuple[str, str]:
    """The topmost row that takes these now and sends them elsewhere, exceptions apart; and to whom most of it goes."""
    wrong = [one for one in them if one.team != side and one.row]
    by_row = added([(one.row, one.number) for one in wrong])
    real = {row for row, count in by_row.items() if count >= FEW * total and row in order}
    above = min(real, key=order.index, default="")
    team = next(iter(added([(one.team, one.number) for one in wrong])), "")
    return above, team


def _minutes(theirs: Sequence[Routed]) -> int:
    counts: dict[int, int] = {}
    for one in theirs:
        counts[one.promise] = counts.get(one.promise, 0) + one.number
    return within(counts, REACHED)

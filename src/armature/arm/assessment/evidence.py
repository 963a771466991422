"""What was counted, as proposals are made of it, and what may be said of a share of so many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from armature.arm.understand.learned.sure import interval

ENOUGH = 20
"""Cases below which nothing is proposed."""
PROMISES = (15, 30, 60, 120, 240, 480, 960, 1440, 2880, 4320, 7200, 14400)
"""Minutes that are usual to promise; the last one also stands for whatever took longer."""


class Routed(NamedTuple):
    """So many answered askings that are alike: who answered, what the rules in force do with them, how long it took.

    ``side`` is the team or desk that answered. ``row`` and ``team`` are of the routing table in force (empty: not
    known). ``promise`` is the usual promise that would have been kept, as its number in ``PROMISES``.
    """

    channel: str
    intent: str
    issue_type: str
    side: str
    row: str
    team: str
    promise: int
    number: int


class Judged(NamedTuple):
    """So many messages that are alike, and how they went. ``low`` is where their range of confidence begins.

    Of ``said`` a person gave the intent, in ``differs`` of these another one than the reader. Of ``asked`` exchanges
    that began so ``late`` were answered later than the rules in force promise, or never. ``row`` is that of the
    table in force, ``looks`` whether a person looks there now.
    """

    channel: str
    public: bool
    intent: str
    low: float
    row: str
    looks: bool
    said: int
    differs: int
    asked: int
    late: int


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and the least that the true share is (Wilson, 95 %)."""

    count: int
    of: int

    @property
    def percent(self) -> int:
        """In whole percent; 0 of none."""
        return round(100 * self.count / self.of) if self.of else 0

    @property
    def least(self) -> float:
        """The lower bound, 0 to 1."""
        return float(interval(self.count, self.of)[0]) if self.of else 0.0

    @property
    def least_percent(self) -> int:
        """The lower bound in whole percent, rounded down."""
        return int(100 * self.least)


def promise_of(minutes: float) -> int:
    """The number of the shortest usual promise that so many minutes keep."""
    return next((n for n, most in enumerate(PROMISES) if minutes <= most), len(PROMISES) - 1)


def within(counts: Mapping[int, int], share: float) -> int:
    """Minutes of the usual promise that this share kept, out of counts by number of promise."""
    left = share * sum(counts.values())
    for number in sorted(counts):
        left -= counts[number]
        if left <= 1e-9:
            return PROMISES[number]
    return PROMISES[-1]


def added(counts: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Counts by name, the most first; equal ones by name."""
    found: dict[str, int] = {}
    for name, count in counts:
        found[name] = found.get(name, 0) + count
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

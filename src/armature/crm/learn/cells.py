"""What is counted of each thing that is measured: the sums it belongs to. Rows and sums mean the same by this alone."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

HEARD, FIRST, RESOLUTION, APPROVAL = "heard", "first", "resolution", "approval"
OUTCOME, DELIVERY, PROMISE = "outcome", "delivery", "promise"
WAY, STAY = "way", "stay"
HOUR, RULE, OVERRIDE, RULE_OUTCOME = "hour", "rule", "override", "rule_outcome"
OPEN = {FIRST: "first_open", RESOLUTION: "resolution_open", APPROVAL: "approval_open", STAY: "stay_open"}
"""Lengths of time in business hours."""
NO_BUCKET = -1
EXACT = 20
"""Minutes up to which a length of time is kept as it is, in whole minutes."""
STEP = 1.05
"""Beyond, each bucket is a twentieth wider than the one before, so its middle is at most 2.5 % from what it holds."""
LONGEST = 60 * 24 * 366 * 3


def _edges() -> list[float]:
    edges = [float(minute) for minute in range(1, EXACT + 1)]
    while edges[-1] < LONGEST:
        edges.append(edges[-1] * STEP)
    return edges


EDGES = _edges()
"""Where each bucket ends: the first holds less than one minute."""


def bucket_of(minutes: float) -> int:
    """The bucket of a length of time."""
    return bisect_right(EDGES, minutes)


def minutes_of(bucket: int) -> float:
    """What stands for a bucket: its middle."""
    low = EDGES[bucket - 1] if bucket else 0.0
    return (low + EDGES[min(bucket, len(EDGES) - 1)]) / 2


class Thing(NamedTuple):
    """One thing that is measured, in the order of the columns of `Measured`."""

    kind: str
    source: int
    conversation: int
    identity: int
    case: int
    brand: int
    channel: int
    team: str
    at: datetime
    day: date
    hour: int
    intent: str
    label: str
    more: str
    rules: list[str]
    overridden: bool
    minutes: float | None
    open_minutes: float | None
    restricted: bool
    past: bool

    @property
    def name(self) -> tuple[str, int]:
        """What tells it from all others."""
        return self.kind, self.source


class Cell(NamedTuple):
    """One sum that a thing belongs to, in the order of the columns of `MeasureSum`."""

    kind: str
    day: date
    hour: int
    brand: int
    channel: int
    team: str
    intent: str
    label: str
    more: str
    bucket: int
    restricted: bool
    past: bool


def cells(one: Thing) -> Iterator[Cell]:
    """The sums it belongs to, each of which has one more for it."""
    plain = Cell(
        one.kind, one.day, 0, one.brand, one.channel, one.team, "", "", "", NO_BUCKET, one.restricted, one.past
    )
    match one.kind:
        case "heard":
            yield plain._replace(kind=HOUR, hour=one.hour)
            yield plain._replace(intent=one.intent, label=one.label)
            for rule in one.rules:
                yield plain._replace(kind=RULE, label=rule)
                if one.overridden:
                    yield plain._replace(kind=OVERRIDE, label=rule)
        case "outcome":
            yield plain._replace(intent=one.intent, label=one.label, more=one.more)
            for rule in one.rules:
                yield plain._replace(kind=RULE_OUTCOME, label=one.label, more=rule)
        case "way":
            yield plain._replace(hour=one.hour, intent=one.intent, label=one.label, more=one.more)
        case "stay":
            told = plain._replace(intent=one.intent, label=one.label, more=one.more)
            yield told._replace(bucket=bucket_of(one.minutes or 0))
            yield told._replace(kind=OPEN[STAY], bucket=bucket_of(one.open_minutes or 0))
        case "first" | "resolution" | "approval":
            yield plain._replace(label=one.label, bucket=bucket_of(one.minutes or 0))
            yield plain._replace(kind=OPEN[one.kind], label=one.label, bucket=bucket_of(one.open_minutes or 0))
        case _:
            yield plain._replace(label=one.label, more=one.more)

"""Business hours: when a team is there, and when a promise of so many minutes falls due."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

HORIZON = 3_700
"""Days that are looked through before a calendar counts as closed for good."""
Span = tuple[int, int]
"""Opening and closing time in minutes after midnight; 1440 is the end of the day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly opening hours in one time zone.

    ``week`` holds the spans of Monday to Sunday, each ordered and apart. On ``holidays`` it is closed. Where clocks
    change, the hours stay those that the clock on the wall shows. Raises ``ValueError`` for spans that cannot be.
    """

    week: tuple[tuple[Span, ...], ...]
    zone: tzinfo
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days, Monday first; an empty one is closed")
        for spans in self.week:
            edges = [edge for span in spans for edge in span]
            if edges != sorted(set(edges)) or (edges and not 0 <= edges[0] < edges[-1] <= 1440):
                raise ValueError(f"Opening hours must follow one another between 0 and 1440 minutes, not {spans}")

    def is_open(self, at: datetime) -> bool:
        """Whether ``at`` (aware) falls into the opening hours; the closing minute itself does not."""
        local = at.astimezone(self.zone)
        spans = self.week[local.weekday()]
        if not spans or local.date() in self.holidays:
            return False
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in spans)

    def add_minutes(self, at: datetime, minutes: int) -> datetime:
        """When so many open minutes have passed since ``at``, in UTC; ``ValueError`` when it never opens that long."""
        if minutes < 0:
            raise ValueError("Minutes to add cannot be negative")
        left = timedelta(minutes=minutes)
        for begin, end in self._openings(at):
            if begin + left <= end:
                return begin + left
            left -= end - begin
        raise ValueError("The calendar does not open often enough for a due time: give it opening hours")

    def minutes_between(self, begin: datetime, end: datetime) -> float:
        """How many open minutes lie between two times."""
        total = timedelta()
        for opens, closes in self._openings(begin):
            if opens >= end:
                break
            total += min(closes, end.astimezone(UTC)) - opens
        return total / timedelta(minutes=1)

    def _openings(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open spans in UTC from ``since`` on, the first one cut."""
        since = since.astimezone(UTC)
        day = since.astimezone(self.zone).date()
        for _ in range(HORIZON):
            for begin, end in () if day in self.holidays else self.week[day.weekday()]:
                opens, closes = max(since, self._instant(day, begin)), self._instant(day, end, closing=True)
                if opens < closes:
                    yield opens, closes
            day += timedelta(days=1)

    def _instant(self, day: date, minute: int, closing: bool = False) -> datetime:
        """The moment at which the clock on the wall first (when closing: last) reaches a time of the day."""
        wall = datetime.combine(day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60))
        early = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        late = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if early <= late:
            return late if closing else early
        return self._after_gap(late, early, wall)

    def _after_gap(self, low: datetime, high: datetime, wall: datetime) -> datetime:
        """The clock jumps over ``wall``: the moment of the jump, which lies after ``low`` and not after ``high``."""
        minutes = range(int((high - low) / timedelta(minutes=1)) + 1)
        passed = bisect_right(
            minutes,
            False,
            key=lambda n: (low + timedelta(minutes=n)).astimezone(self.zone).replace(tzinfo=None) >= wall,
        )
        return low + timedelta(minutes=passed)

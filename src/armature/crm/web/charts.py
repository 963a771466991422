"""Charts as plain shapes: counted here, drawn by a template as SVG, with the same numbers as a table beside it.

Nothing is told by colour alone: every bar has its length, and its number stands in the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDE, HIGH = 720, 170
SMALL_WIDE, SMALL_HIGH = 84, 24
FOOT = 30
"""Room for the dates."""
SIDE = 56
"""Room for the numbers."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: where it stands, how high it is, and what it says."""

    x: float
    y: float
    width: float
    height: float
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Days:
    """Bars by day. ``ticks`` are days that are written under them, with where; ``top`` is the highest number."""

    width: int
    height: int
    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, date]]
    top: int
    base: float

    @property
    def side(self) -> int:
        """Where the numbers end and the bars begin."""
        return SIDE

    @property
    def middle(self) -> float:
        """Half way up."""
        return self.base / 2 + 4

    @property
    def total(self) -> int:
        """All together."""
        return sum(bar.count for bar in self.bars)


def days(counts: Mapping[date, int], *, small: bool = False) -> Days:
    """One bar for each day, in the order given."""
    width, height = (SMALL_WIDE, SMALL_HIGH) if small else (WIDE, HIGH)
    left, base = (0, float(height)) if small else (SIDE, float(height - FOOT))
    top = max(counts.values(), default=0)
    step = (width - left) / max(1, len(counts))
    head = 2 if small else 8
    bars = [
        _bar(number, left, step, base, (base - head) * count / top if top else 0, day, count)
        for number, (day, count) in enumerate(counts.items())
    ]
    every = max(1, -(-len(bars) // 6))
    ticks = [] if small else [(min(bar.x + bar.width / 2, width - 40), bar.day) for bar in bars[every // 2 :: every]]
    return Days(width, height, bars, ticks, top, base)


def _bar(number: int, left: float, step: float, base: float, high: float, day: date, count: int) -> Bar:
    high = max(high, 1.0) if count else 0.0
    gap = min(2.0, step / 4)
    return Bar(round(left + number * step, 2), round(base - high, 2), round(step - gap, 2), round(high, 2), day, count)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a chart of shares. ``pattern`` tells it from its neighbours without colour."""

    label: str
    count: int
    share: int
    width: float
    pattern: int
    key: str = ""
    current: bool = False


def shares(counts: Sequence[tuple[str, int]], *, current: int = -1) -> list[Part]:
    """Lines from the most to the least, as they are given; widths of 100 for the longest."""
    total, most = sum(count for _label, count in counts), max((count for _label, count in counts), default=0)
    return [
        Part(label, count, round(100 * count / total) if total else 0, round(100 * count / most, 1) if most else 0,
             number % 4, current=number == current)
        for number, (label, count) in enumerate(counts)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounded:
    """A share with where the true one lies, and a bound that it is held against; all in percent of its width."""

    share: float
    low: float
    high: float
    bound: float


def bounded(share: float, low: float, high: float, bound: float) -> Bounded:
    """One bar of shares between 0 and 1."""
    return Bounded(*(round(100 * one, 1) for one in (share, low, high, bound)))


@dataclass(frozen=True, slots=True)
class Course:
    """How a figure went: one point for each day that has one, joined by a line; ``low`` and ``high`` are its ends."""

    width: int
    height: int
    points: Sequence[tuple[float, float]]
    ticks: Sequence[tuple[float, date]]
    low: float
    high: float
    top: float
    base: float
    zero: float | None

    @property
    def line(self) -> str:
        """The points as SVG wants them."""
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def side(self) -> int:
        """Where the numbers end and the line begins."""
        return SIDE


def course(results: Mapping[date, float | None], low: float, high: float) -> Course:
    """The line of a figure between ``low`` and ``high``; days without one have no point."""
    top, base = 8.0, float(HIGH - FOOT)
    step = (WIDE - SIDE) / max(1, len(results))
    places = {day: round(SIDE + (n + 0.5) * step, 2) for n, day in enumerate(results)}

    def height(value: float) -> float:
        return round(base - (base - top) * (value - low) / (high - low), 2)

    points = [(places[day], height(value)) for day, value in results.items() if value is not None]
    every = max(1, -(-len(places) // 6))
    ticks = [(min(x, WIDE - 40), day) for day, x in list(places.items())[every // 2 :: every]]
    return Course(WIDE, HIGH, points, ticks, low, high, top, base, height(0) if low < 0 else None)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stacked bar; ``kind`` numbers its pattern."""

    x: float
    y: float
    width: float
    height: float
    kind: int


@dataclass(frozen=True, slots=True)
class Stacks:
    """Stacked bars by day, each part with a pattern of its own. ``legend`` names them by number."""

    width: int
    height: int
    pieces: Sequence[Piece]
    legend: Sequence[tuple[int, str]]
    ticks: Sequence[tuple[float, date]]
    top: int
    base: float

    @property
    def side(self) -> int:
        """Where the numbers end and the bars begin."""
        return SIDE


def stacks(parts: Mapping[str, Mapping[date, int]], kinds: Sequence[str]) -> Stacks:
    """Parts by name, each by day, one on the other; ``kinds`` says which pattern belongs to which name."""
    sums: dict[date, int] = {}
    for counts in parts.values():
        for day, count in counts.items():
            sums[day] = sums.get(day, 0) + count
    whole, unit = days(sums), (HIGH - FOOT - 8) / max(1, *sums.values()) if sums else 0.0
    feet, pieces = {bar.day: whole.base for bar in whole.bars}, []
    for name, counts in parts.items():
        for bar in whole.bars:
            if high := counts.get(bar.day, 0) * unit:
                feet[bar.day] -= high
                place = bar.x, round(feet[bar.day], 2), bar.width, round(high, 2)
                pieces.append(Piece(*place, kinds.index(name)))
    legend = [(kinds.index(name), name) for name in parts]
    return Stacks(WIDE, HIGH, pieces, legend, whole.ticks, whole.top, whole.base)


SHADES = 5


def heat(counts: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """How dark each hour of the week is, from 0 (nothing) to ``SHADES``; the number stands beside it."""
    most = max(counts.values(), default=0)
    return {
        (day, hour): -(-SHADES * counts.get((day, hour), 0) // most) if most else 0
        for day in range(1, 8)
        for hour in range(24)
    }

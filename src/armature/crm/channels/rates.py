"""How much an account may ask of the other side: what answers say about it, and the budget that they are fed into."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

LONGEST = 24 * 3600.0
"""Nobody is believed who tells us to wait longer, in seconds."""
_EPOCH = 1_000_000_000
"""A reset above this is a moment (seconds since 1970), below it so many seconds from now."""
_DRAFT = re.compile(r"(?:^|[;,\s])(remaining|reset|r|t)=(\d+)")


class OverBudget(Exception):
    """The call was not made: it would ask more of the other side than it allows. ``after`` so many seconds it may."""

    def __init__(self, after: float) -> None:
        self.after = after
        super().__init__(f"no more calls for {after:.0f} seconds: the other side allows no more")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer says: calls that are left, seconds until there are more, seconds to stay away."""

    remaining: int | None = None
    resets: float | None = None
    stay_away: float | None = None


class Budget(Protocol):
    """The calls of one account, counted where all workers see it."""

    def spend(self, spare: int = 0) -> None:
        """Take one call, if more than ``spare`` are left; raises ``OverBudget``."""

    def told(self, limits: Limits) -> None:
        """An answer came, and said this."""

    def failed(self) -> None:
        """No answer came, or one that means trouble: stay away for a little, longer each time."""


class _Uncounted:
    def spend(self, spare: int = 0) -> None:
        """Always."""

    def told(self, limits: Limits) -> None:
        """Not kept."""

    def failed(self) -> None:
        """Not kept."""


UNCOUNTED: Budget = _Uncounted()


def limits(headers: Mapping[str, str], now: datetime) -> Limits:
    """Read an answer's headers (lower-case names): Retry-After in both forms, X-RateLimit-*, RateLimit, old and new."""
    remaining, resets = _first(headers, "remaining"), _first(headers, "reset")
    said = dict(_DRAFT.findall(headers.get("ratelimit", "").lower()))
    remaining = remaining or said.get("remaining") or said.get("r") or ""
    resets = resets or said.get("reset") or said.get("t") or ""
    return Limits(_count(remaining), _seconds(resets, now), _seconds(headers.get("retry-after", ""), now))


def _first(headers: Mapping[str, str], what: str) -> str:
    names = (f"x-ratelimit-{what}", f"x-rate-limit-{what}", f"ratelimit-{what}")
    return next((headers[name].strip() for name in names if headers.get(name, "").strip()), "")


def _count(given: str) -> int | None:
    try:
        return max(0, int(float(given)))
    except (ValueError, OverflowError):
        return None


def _seconds(given: str, now: datetime) -> float | None:
    """Seconds from now; given as a number of them, as a moment in seconds since 1970, or as a date."""
    if not given:
        return None
    try:
        number = float(given)
        wait = number - now.timestamp() if number > _EPOCH else number
    except ValueError:
        at = _moment(given)
        if at is None:
            return None
        wait = (at - now).total_seconds()
    return min(max(wait, 0.0), LONGEST) if wait == wait else None


def _moment(given: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        try:
            at = parsedate_to_datetime(given)
        except ValueError:
            return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)

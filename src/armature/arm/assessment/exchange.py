"""One conversation as askings: somebody says something, then we answer, or do not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Theirs(NamedTuple):
    """Words of somebody to us. ``asks``: whether they want an answer at all; thanks and spam do not."""

    id: int
    at: datetime
    identity: int
    asks: bool


class Ours(NamedTuple):
    """Words of ours to them. ``by`` is whoever said it, as the caller names them."""

    at: datetime
    by: str


@dataclass(slots=True)
class Asking:
    """What one person said until we spoke: since when it waits, and who answered it when. ``at`` is its first word.

    ``opening`` is the first asking of its exchange. Without an answer ``answered_at`` is None and it still waits.
    """

    first: int
    at: datetime
    opening: bool
    answered_at: datetime | None = None
    by: str = ""


@dataclass(slots=True)
class Exchange:
    """All that one person said in one conversation, in order of time."""

    identity: int
    first: int
    at: datetime
    messages: list[int] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)
    last_at: datetime | None = None
    last_ours: datetime | None = None

    @property
    def asked(self) -> bool:
        """Whether any of it wants an answer."""
        return bool(self.askings)

    @property
    def answered(self) -> bool:
        """Whether we ever answered something that wanted it."""
        return any(asking.answered_at for asking in self.askings)

    @property
    def waits(self) -> Asking | None:
        """The asking that nobody answered yet, if there is one; it is the last."""
        return self.askings[-1] if self.askings and self.askings[-1].answered_at is None else None

    @property
    def done_at(self) -> datetime | None:
        """When we had the last word, if we had it."""
        return self.last_ours if self.last_ours and self.last_at and self.last_ours >= self.last_at else None


def exchanges(said: Iterable[Theirs | Ours]) -> list[Exchange]:
    """The exchanges of one conversation, given in order of time.

    Where several people write in it, our next words answer all who wait.
    """
    found: dict[int, Exchange] = {}
    for one in said:
        if isinstance(one, Ours):
            for exchange in found.values():
                _answer(exchange, one)
        else:
            exchange = found.setdefault(one.identity, Exchange(one.identity, one.id, one.at))
            _hear(exchange, one)
    return list(found.values())


def _answer(exchange: Exchange, ours: Ours) -> None:
    exchange.last_ours = ours.at
    if asking := exchange.waits:
        asking.answered_at, asking.by = ours.at, ours.by


def _hear(exchange: Exchange, theirs: Theirs) -> None:
    exchange.messages.append(theirs.id)
    exchange.last_at = theirs.at
    if theirs.asks and exchange.waits is None:
        exchange.askings.append(Asking(theirs.id, theirs.at, not exchange.askings))

"""What a kind that can be brought in as a table offers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from armature.crm.channels.port import Account, Envelope


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a list that nothing can be made of: its line, counted from 1, and why."""

    line: int
    why: str


@runtime_checkable
class Imports(Protocol):
    """A kind whose interactions can also be brought in as a table.

    One with several layouts names them in ``layouts``: what ``import_rows`` is told, with words for people.
    """

    def import_rows(
        self, account: Account, rows: Iterable[str], layout: str, zone: str, now: datetime
    ) -> Iterator[Envelope | BadRow]:
        """Each row as an envelope, or what is wrong with it; times without a zone are meant in ``zone``.

        The same row again is the same ``event_key``. Raises ``ValueError`` when it is no such table at all.
        """

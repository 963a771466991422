"""What is looked at, the same for each step: the newest that was judged, of a period, a brand, a channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from armature.arm.course import Moment
from armature.arm.interaction import Interaction
from armature.crm.learn.replays import past

USUAL, MOST = 1000, 10_000
"""Interactions of a sample."""
NAMES = ("last", "since", "until", "brand", "channel", "upto")
FURTHEST = 2**63 - 1


@dataclass(slots=True)
class Sample:
    """A part of the past, read once for all steps. ``over`` holds any of ``NAMES``.

    ``upto`` is the number of the newest interaction looked at: with it a list shows what a figure counted, whatever
    came in since.
    """

    over: dict[str, Any]
    numbers: list[int] = field(default_factory=list)
    _found: list[tuple[Interaction, int, list[Moment]]] | None = None

    def __post_init__(self) -> None:
        most = min(self.over.get("last") or USUAL, MOST)
        self.numbers = past.newest(self.over, self.over.get("upto") or FURTHEST, most)

    @property
    def upto(self) -> int:
        """The number of its newest interaction; 0 of none."""
        return self.numbers[0] if self.numbers else 0

    def found(self) -> Sequence[tuple[Interaction, int, list[Moment]]]:
        """Each interaction with its channel's number and its judgements, newest first."""
        if self._found is None:
            self._found = past.Past().of(self.numbers) if self.numbers else []
        return self._found

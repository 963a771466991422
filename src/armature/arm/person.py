"""What we know: facts about whoever spoke, and what they said before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from armature.arm.interaction import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One known thing with its source and age; verified and inferred facts are never mixed."""

    value: Value
    source: str = ""
    verified: bool = True
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Something the same identity said earlier, with the intent it was read or confirmed as."""

    occurred_at: datetime
    id: int
    intent: str
    confirmed: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        """Where it stands in time, comparable with ``Interaction.order``."""
        return self.occurred_at, self.id


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known about one identity when a batch is judged.

    ``facts`` go by the key of the fact catalogue (followers, tier, last_product ...). ``past`` may hold interactions of
    the batch itself: each counts once, by id.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    past: tuple[Past, ...] = ()


NOBODY = Known()
"""What is known about somebody we have never met."""

"""What was said or done: one interaction, online or offline."""

from dataclasses import dataclass
from datetime import datetime

Value = str | int | float | bool | None
"""What a fact, a cell or an answer can hold."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing said or done towards the company, as the judgement sees it.

    ``id`` breaks ties between things of the same moment and is unique in a batch. ``text`` holds the new words only
    (quoted history is cut off before). ``occurred_at`` is aware. ``automatic`` names why no person wrote it
    (auto-reply, bounce, mailing list), or is empty. ``language`` is the tag the platform gave, or empty.
    ``heard`` holds the keys of the listening queries that matched, a space between them. ``survey`` is the kind of the
    survey that was answered (csat, nps, ces, own), ``score`` the rating that was given there. ``historic`` is what was
    said before we listened here: it is read, so that it counts, and asks for nothing. ``ours`` is what we started
    ourselves; ``identity`` is then whom we reached. ``call`` is how a call ended (``arm.call.RESULTS``).
    """

    id: int
    channel: str
    public: bool
    text: str
    occurred_at: datetime
    identity: int = 0
    conversation: int = 0
    brand: int = 0
    kind: str = "message"
    automatic: str = ""
    language: str = ""
    author: str = ""
    external_id: str = ""
    heard: str = ""
    survey: str = ""
    score: int | None = None
    historic: bool = False
    ours: bool = False
    call: str = ""

    @property
    def order(self) -> tuple[datetime, int]:
        """Where it stands in time: counters count what has a smaller order."""
        return self.occurred_at, self.id

"""Why they said it: the catalogues that ship, and one reading of one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from armature.arm.interaction import Value

INTENTS: dict[str, str] = {
    "complaint": "Complaint",
    "problem": "Problem: something does not work",
    "question": "Question",
    "praise": "Praise",
    "thanks": "Thanks",
    "purchase": "Purchase interest",
    "cancel": "Cancellation",
    "suggestion": "Suggestion",
    "partner": "Press or partner request",
    "privacy": "Data request (privacy)",
    "spam": "Spam",
    "other": "Something else",
}
"""The twelve intents that ship, key to words on a screen; the company may change them."""

ISSUE_TYPES: dict[str, str] = {
    "support": "Support",
    "delivery": "Delivery",
    "billing": "Billing",
    "sales": "Sales",
    "product": "Product",
    "marketing": "Marketing",
    "legal": "Legal",
    "jobs": "Jobs",
    "other": "Something else",
}
"""The kinds of issue that ship; each goes to the team that handles it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the text that led to the reading: ``text[start:end]``, and how much they weighed (0 to 1)."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text was understood. A suggestion, until a person confirmed it.

    ``confidence`` is 0 to 1, ``sentiment`` -1 (angry) to 1 (delighted), ``language`` a two-letter tag or ``unknown``.
    ``by`` is the version of the reader, or the person's name when ``confirmed``.
    """

    intent: str
    issue_type: str
    sentiment: float
    language: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    by: str = ""
    confirmed: bool = False

    @property
    def facts(self) -> dict[str, Value]:
        """What the rules can test of it."""
        return {
            "intent": self.intent,
            "issue_type": self.issue_type,
            "sentiment": self.sentiment,
            "language": None if self.language == "unknown" else self.language,
            "confidence": self.confidence,
            "judged_by_person": self.confirmed,
        }


class Reader(Protocol):
    """Whatever can suggest why something was said. ``version`` is kept with every reading."""

    version: str

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading per text, in order, each independent of the others; ``languages`` are known tags, or empty."""

"""The cast of the tests of the core: the baseline as a company runs it that measured its reader, a reader of keywords,
a short way to say something.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files

from armature.arm import Calendar, Interaction, Judgement, Known, Reading, Turn, compile_plan, judge


def automatic(body: bytes, *rows: str) -> bytes:
    """The table with nobody to judge what falls on these rows."""
    raw = json.loads(body)
    for one in raw["rows"]:
        one["then"]["judging"] = "automatic" if one["id"] in rows else one["then"]["judging"]
    return json.dumps(raw).encode()


BASELINE = files("armature.arm") / "baseline"
SHIPPED = {key: (BASELINE / f"{key}.json").read_bytes() for key in ("who_judges", "business_rules", "action_details")}
TABLES = {**SHIPPED, "who_judges": automatic(SHIPPED["who_judges"], "J04")}
"""As a company has them that measured its reader: nobody is asked where it is sure, in private."""
MAP = (BASELINE / "reactive.bpmn").read_bytes()
PLAN = compile_plan(MAP, TABLES)
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
OFFICE = Calendar((((540, 1020),),) * 5 + ((), ()), UTC)


class KeywordReader:
    """Reads the first intent whose name stands in the text; as sure as the number behind it says."""

    version = "keywords-1"

    def __init__(self) -> None:
        self.asked = 0

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        self.asked += len(texts)
        return [self._read(text, language) for text, language in zip(texts, languages, strict=True)]

    def _read(self, text: str, language: str) -> Reading:
        words = text.lower().split()
        intents = ("complaint", "problem", "question", "praise", "thanks", "purchase", "cancel", "spam")
        intent = next((word for word in words if word in intents), "other")
        sentiment = -0.9 if "furious" in words else 0.8 if intent in ("praise", "thanks") else 0.0
        confidence = 0.4 if "perhaps" in words else 0.95
        return Reading(intent, "support", sentiment, language or "en", confidence, by=self.version)


def said(
    text: str,
    number: int = 1,
    *,
    at: datetime = NOW,
    channel: str = "email",
    public: bool = False,
    identity: int = 7,
    conversation: int = 70,
    automatic: str = "",
    language: str = "",
) -> Interaction:
    """One interaction; what is not given is a private e-mail of identity 7."""
    return Interaction(
        number,
        channel,
        public,
        text,
        at,
        identity=identity,
        conversation=conversation,
        automatic=automatic,
        language=language,
    )


def judged(*turns: Turn, knowledge: Mapping[int, Known] | None = None) -> list[Judgement]:
    """The judgements of one batch through the baseline."""
    return judge(turns, knowledge or {}, PLAN, KeywordReader(), {0: OFFICE}, NOW)

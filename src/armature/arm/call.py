"""What a call was, told by its steps in whatever order they were heard."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

STEPS = ("start", "answer", "end", "recording", "disposition")
"""It began to ring, somebody took it, it was over, it can be listened to, whoever took it says what it came to."""
RESULTS = ("answered", "missed", "busy", "failed", "voicemail")
"""How a call can end. All but ``answered`` are work when they came in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of them; ``known`` holds agent, result, recording, disposition, note, talked (seconds), as far as it says."""

    step: str
    at: datetime
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """A call. Seconds are -1 where nobody can know them."""

    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: str = ""
    agent: str = ""
    recording: str = ""
    disposition: str = ""
    note: str = ""
    talked: int = -1
    rang: int = -1


def told_by(steps: Iterable[Step]) -> Call:
    """All of it together. Of two steps of a kind the later holds; so too where two say the same thing."""
    found = sorted(steps, key=lambda one: (one.at, STEPS.index(one.step), sorted(one.known.items())))
    last = {one.step: one.at for one in found}
    known = {name: value for one in found for name, value in one.known.items() if value}
    started, answered, ended = (last.get(step) for step in STEPS[:3])
    given = known.get("talked", "")
    result = known.get("result", "")
    talked = int(given) if given.isdecimal() else _seconds(answered, ended) if result == "answered" else -1
    return Call(
        started, answered, ended, result, known.get("agent", ""), known.get("recording", ""),
        known.get("disposition", ""), known.get("note", ""), talked, _seconds(started, answered or ended),
    )  # fmt: skip


def _seconds(since: datetime | None, until: datetime | None) -> int:
    return max(0, round((until - since).total_seconds())) if since and until else -1

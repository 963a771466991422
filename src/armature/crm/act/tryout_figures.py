"""What a tryout tells: how much of what, when, what would be done with it, who waits longest, what nobody answered."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from armature.crm.act.own_addresses import is_ours

Said = Mapping[str, Any]
ANGRY, GLAD = -0.25, 0.25
_ANSWER = ("re:", "aw:", "wg:", "fw:", "sv:", "fwd:", "ant:")


@dataclass(frozen=True, slots=True)
class Open:
    """A message that waits: since when its conversation waits, for how long up to the end of the file."""

    said: Said
    since: datetime
    waited: timedelta
    more: int
    answered_before: bool


@dataclass(slots=True)
class Figures:
    """All numbers of a report. Only what others said is counted, and machines apart."""

    heard: int = 0
    ours: int = 0
    machines: int = 0
    people: int = 0
    conversations: int = 0
    first: datetime | None = None
    last: datetime | None = None
    intents: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    tones: Counter[str] = field(default_factory=Counter)
    teams: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    does: Counter[str] = field(default_factory=Counter)
    person: int = 0
    approval: int = 0
    in_public: int = 0
    settled: int = 0
    waiting: list[Open] = field(default_factory=list)
    newest: list[Said] = field(default_factory=list)

    @property
    def unanswered(self) -> list[Open]:
        """Conversations in which nobody of ours ever said a word."""
        return [one for one in self.waiting if not one.answered_before]

    @property
    def tells_waits(self) -> bool:
        """Whether the file holds answers and times, so that it can tell what has none."""
        return bool(self.ours and self.first)


def of(said: Sequence[Said], ours: Collection[str], zone: ZoneInfo) -> Figures:
    """Everything counted once through."""
    found = Figures()
    talks: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        talks[_talk(one, ours)].append(one)
        if is_ours(one, ours):
            found.ours += 1
        elif one["automatic"]:
            found.machines += 1
        else:
            _count(found, one, zone)
    times = [datetime.fromisoformat(one["at"]) for one in said if one["at"]]
    found.first, found.last = min(times, default=None), max(times, default=None)
    heard = [one for one in said if not is_ours(one, ours) and not one["automatic"]]
    found.people, found.conversations = len({one["who"] for one in heard}), len(talks)
    found.newest = heard[::-1]
    if found.tells_waits and found.last:
        waits = [wait for talk in talks.values() if (wait := _waits(talk, ours, found.last))]
        found.waiting = sorted(waits, key=lambda wait: wait.since)
    return found


def _count(found: Figures, one: Said, zone: ZoneInfo) -> None:
    found.heard += 1
    found.intents[one["intent"]] += 1
    found.domains[one["who"].rpartition("@")[2] if "@" in one["who"] else ""] += 1
    found.tones["angry" if one["sentiment"] < ANGRY else "glad" if one["sentiment"] > GLAD else "even"] += 1
    found.does[one["does"]] += 1
    if one["at"]:
        found.hours[datetime.fromisoformat(one["at"]).astimezone(zone).hour] += 1
    if one["team"]:
        found.teams[one["team"]] += 1
    if rule := one["rows"].get("business_rules"):
        found.rules[rule] += 1
    found.person += one["person"]
    found.approval += one["approval"]
    found.in_public += one["in_public"]
    found.settled += one["outcome"] == "no_response"


def _talk(one: Said, ours: Collection[str]) -> str:
    """What stands together: as the file says, else all with one party about one thing."""
    if one["talk"]:
        return str(one["talk"])
    others = [to for to in one["to"] if to not in ours]
    party = others[0] if is_ours(one, ours) and others else one["who"]
    bare = one["subject"].casefold().strip()
    while begins := next((word for word in _ANSWER if bare.startswith(word)), ""):
        bare = bare.removeprefix(begins).strip()
    return f"{party}\0{bare}"


def _waits(talk: Sequence[Said], ours: Collection[str], end: datetime) -> Open | None:
    """What a conversation waits with: all they said since we last did, unless none of it asks for an answer."""
    dated = sorted((one for one in talk if one["at"]), key=lambda one: str(one["at"]))
    answered, since_then = False, list[Said]()
    for one in dated:
        if is_ours(one, ours):
            answered, since_then = True, []
        elif not one["automatic"] and one["outcome"] != "no_response" and one["intent"] != "spam":
            since_then.append(one)
    if not since_then:
        return None
    since = datetime.fromisoformat(since_then[0]["at"])
    return Open(since_then[-1], since, end - since, len(since_then) - 1, answered)

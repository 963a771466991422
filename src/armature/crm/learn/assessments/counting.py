"""What a chunk of conversations adds to the counts, and which exchanges stand behind them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from armature.arm.assessment import Asking, Exchange, Ours, Theirs, exchanges
from armature.crm.act.clocks import passed
from armature.crm.learn.assessments import evidence, sums
from armature.crm.learn.assessments.frame import Frame
from armature.crm.learn.assessments.past import Chunk, Said, Suggested, Work
from armature.crm.learn.assessments.sides import MOST, REST
from armature.crm.learn.cells import bucket_of

QUIET = ("spam", "thanks")
"""Intents that ask for no answer."""
LEFT = ("spam", "no_response")
"""How somebody ends a case when they decide that nothing is answered."""


class Kept(NamedTuple):
    """An exchange behind a figure, in the order of the columns of `AssessmentExchange`."""

    kind: str
    interaction: int
    conversation: int
    identity: int
    channel: int
    intent: str
    at: datetime
    minutes: float


@dataclass(slots=True)
class Counted:
    """Counts that grow chunk by chunk. ``longest`` is the longest wait by channel and intent, in minutes."""

    frame: Frame
    sums: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    answerers: set[str] = field(default_factory=set)

    def chunk(self, found: Chunk) -> None:
        """Count all conversations of a chunk, as far as their owner may."""
        for conversation, said in found.said.items():
            self._conversation(conversation, said, found)

    def _conversation(self, conversation: int, said: Sequence[Said], found: Chunk) -> None:
        brand, secret = self.frame.channels[said[0].channel].brand, conversation in found.restricted
        theirs = [
            (exchange, work)
            for exchange in exchanges(self._words(said))
            if self.frame.scope.counts(
                (work := found.work.get((conversation, exchange.identity), Work())).team, brand, restricted=secret
            )
        ]
        if not theirs and not self.frame.scope.counts("", brand, restricted=secret):
            return
        for one in said:
            if self.inside(one.at) and one.user >= 0 and (one.ours or not one.counts):
                self.sums[sums.OURS if one.ours and one.counts else sums.MACHINES] += 1
        them = {one.id: one for one in said}
        for exchange, work in theirs:
            _Counting(self, them, found, work, exchange).count()

    def inside(self, at: datetime) -> bool:
        """Whether a moment lies in the days that are assessed."""
        return self.frame.since <= at < self.frame.until

    def _words(self, said: Sequence[Said]) -> Iterator[Theirs | Ours]:
        for one in said:
            if one.user < 0 or not one.counts:
                continue
            if one.ours:
                yield Ours(one.at, self.frame.sides.who(one.user, one.author))
            else:
                yield Theirs(one.id, one.at, one.identity, one.intent not in QUIET)

    def answerer(self, who: str) -> str:
        """The name under which somebody is counted."""
        if who in self.answerers or len(self.answerers) < MOST:
            self.answerers.add(who)
            return who
        return REST


@dataclass(slots=True)
class _Counting:
    """One exchange."""

    into: Counted
    said: Mapping[int, Said]
    found: Chunk
    work: Work
    exchange: Exchange
    _reckoned: dict[tuple[datetime, datetime], float] = field(default_factory=dict)

    def count(self) -> None:
        """Everything about it."""
        for number in self.exchange.messages:
            if self.into.inside(self.said[number].at):
                self._message(self.said[number])
        first = self.said[self.exchange.askings[0].first if self.exchange.asked else self.exchange.first]
        if not self.into.inside(first.at):  # it counts on the day on which it first asked for something
            return self._askings()
        stands = self._stands(first)
        self.into.sums[sums.name(sums.EXCHANGE, stands, first.channel, first.intent)] += 1
        if stands == sums.ANSWERED:
            self._lengths(first)
        return self._askings()

    def _message(self, one: Said) -> None:
        there = one.at.astimezone(self.into.frame.zone)
        for key in (
            sums.MESSAGES, sums.name(sums.CHANNEL, one.channel), sums.name(sums.INTENT, one.intent),
            sums.name(sums.HOUR, there.isoweekday(), there.hour), sums.name(sums.LANGUAGE, sums.plain(one.language)),
            sums.name(sums.MONTH, f"{there:%Y-%m}"),
        ):  # fmt: skip
            self.into.sums[key] += 1
        if one.by_person:
            evidence.differs(self.into.sums, self.into.frame, one, self._read_as(one))

    @property
    def _left(self) -> bool:
        return self.work.merged or self.work.status in LEFT

    def _stands(self, first: Said) -> str:
        if not self.exchange.asked:
            return sums.QUIET
        if self.exchange.answered:
            return sums.ANSWERED
        return sums.DECIDED if self._left else sums.NEVER

    def _lengths(self, first: Said) -> None:
        """Until the first answer, and until it was done."""
        opening = self.exchange.askings[0]
        done = self.exchange.done_at if first.historic else None
        if not first.historic and self.work.status in ("resolved", "closed"):
            done = self.work.ended_at
        for kind, since, at in ((sums.FIRST, opening.at, opening.answered_at), (sums.DONE, self.exchange.at, done)):
            if at and at >= since:
                self._length(kind, first, since, at)
        if opening.answered_at:
            self._keep(sums.FIRST, opening.first, opening.answered_at)

    def _length(self, kind: str, first: Said, since: datetime, at: datetime) -> None:
        for way, minutes in ((sums.CLOCK, _minutes(since, at)), (sums.BUSINESS, self._business(first, since, at))):
            bucket = bucket_of(minutes)
            for split, which in (("all", ""), (sums.CHANNEL, first.channel), (sums.INTENT, first.intent)):
                self.into.sums[sums.name(kind, split, way, which, bucket)] += 1

    def _business(self, first: Said, since: datetime, at: datetime) -> float:
        """Minutes of business time, reckoned once; an opening asking also begins its exchange."""
        if (since, at) not in self._reckoned:
            frame = self.into.frame
            hours = frame.opening.hours_of(frame.channels[first.channel].brand, self.work.team)
            self._reckoned[since, at] = passed(hours, since, at, False)
        return self._reckoned[since, at]

    def _askings(self) -> None:
        for asking in self.exchange.askings:
            first = self.said[asking.first]
            there = asking.at.astimezone(self.into.frame.zone)
            if not self.into.inside(asking.at):
                continue
            if asking.answered_at is not None:
                self._answered(first, there, asking)
            elif not self._left:
                self._waits(first, there, opening=asking.opening)
                if asking.opening:
                    evidence.asking(
                        self.into.sums, self.into.frame, first, self._read_as(first), "", None, opening=True
                    )

    def _read_as(self, one: Said) -> Suggested | None:
        return self.found.suggested.get(one.id)

    def _waits(self, first: Said, there: datetime, *, opening: bool) -> None:
        counts, frame = self.into.sums, self.into.frame
        counts[sums.name(sums.OPEN_ASKING, there.isoweekday(), there.hour)] += 1
        never = opening and not self.exchange.answered
        if not never:
            counts[sums.name(sums.AGAIN, first.channel, first.intent)] += 1
        end = frame.ends.get(first.channel, frame.until) if first.historic else frame.until
        self._keep(sums.NEVER if never else sums.AGAIN, first.id, min(end, frame.until))

    def _answered(self, first: Said, there: datetime, asking: Asking) -> None:
        assert asking.answered_at is not None
        counts, frame, at = self.into.sums, self.into.frame, asking.answered_at
        side = self.into.answerer(frame.sides.side(asking.by, self.work.team))
        who, bucket = self.into.answerer(asking.by), bucket_of(_minutes(first.at, at))
        counts[sums.name(sums.ASKING, there.isoweekday(), there.hour)] += 1
        for key, which in (("hour", there.hour), ("weekday", there.isoweekday()), ("side", side),
                           ("place", f"{first.channel} {first.intent}")):  # fmt: skip
            counts[sums.name(sums.WAIT, key, which, bucket)] += 1
        counts[sums.name(sums.BY, who, first.intent)] += 1
        counts[sums.name(sums.KIND, who, first.issue_type)] += 1
        took = self._business(first, first.at, at)
        evidence.asking(counts, frame, first, self._read_as(first), side, took, opening=asking.opening)
        self._longest(first, _minutes(first.at, at))

    def _longest(self, first: Said, minutes: float) -> None:
        place = f"{first.channel} {first.intent}"
        self.into.longest[place] = max(self.into.longest.get(place, 0.0), round(minutes, 1))

    def _keep(self, kind: str, number: int, until: datetime) -> None:
        one = self.said[number]
        minutes = max(0.0, _minutes(one.at, until))
        self.into.kept.append(
            Kept(kind, one.id, one.conversation, self.exchange.identity, one.channel, one.intent, one.at, minutes)
        )
        if kind != sums.FIRST:
            self._longest(one, minutes)


def _minutes(since: datetime, at: datetime) -> float:
    return (at - since) / timedelta(minutes=1)

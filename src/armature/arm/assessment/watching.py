"""Rows for the table that says who judges: where a person should look at what the machine made of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from armature.arm.assessment.evidence import ENOUGH, Judged, Share
from armature.arm.assessment.proposal import Proposal

DIFFERS = 0.15
"""The least share (Wilson, 95 %) in which people said otherwise than the reader."""
LATE = 0.3
"""The least share that was answered too late or never, of kinds in which much is at stake."""
GRAVE = frozenset(("complaint", "cancel", "partner", "privacy"))
"""Intents in which much is at stake."""
MOST = 20
Fits = Callable[[Mapping[str, Any], str], bool]
Kind = tuple[str, bool, str, float]


def watching(judged: Sequence[Judged], order: Sequence[str], fits: Fits) -> list[Proposal]:
    """Proposals, those with the most cases first; none where a person looks already."""
    kinds: dict[Kind, list[Judged]] = defaultdict(list)
    for one in judged:
        kinds[one.channel, one.public, one.intent, one.low].append(one)
    found = [made for kind, them in kinds.items() for made in _proposed(kind, them, order, fits)]
    return sorted(found, key=lambda one: (-one.weight, str(one.when)))[:MOST]


def _proposed(kind: Kind, them: Sequence[Judged], order: Sequence[str], fits: Fits) -> Iterator[Proposal]:
    channel, public, intent, low = kind
    unseen = [one for one in them if not one.looks and one.row in order]
    if not unseen or not intent or not channel:
        return
    above = min({one.row for one in unseen}, key=order.index)
    why, share = _strongest(intent, unseen)
    high = _next(low)
    confidence = {**({">=": low} if low else {}), **({"<": high} if high else {})}
    when: dict[str, Any] = {"channel": {"one_of": [channel]}, "public": public, "intent": {"one_of": [intent]}}
    if confidence:
        when["confidence"] = confidence
    if not why or not fits(when, above):
        return
    numbers = {
        "count": share.count, "of": share.of, "percent": share.percent, "least": share.least_percent,
        "channel": channel, "public": public, "intent": intent, "low": low, "high": high, "row": above,
    }  # fmt: skip
    yield Proposal("judging", "", why, numbers, above, when, {}, share.of)


def _strongest(intent: str, unseen: Sequence[Judged]) -> tuple[str, Share]:
    differs = Share(sum(one.differs for one in unseen), sum(one.said for one in unseen))
    late = Share(sum(one.late for one in unseen), sum(one.asked for one in unseen))
    if differs.of >= ENOUGH and differs.least >= DIFFERS:
        return "differs", differs
    if intent in GRAVE and late.of >= ENOUGH and late.least >= LATE:
        return "late", late
    return "", late


LOWS = (0.0, 0.5, 0.8)
"""Where ranges of confidence begin."""


def range_of(confidence: float) -> float:
    """Where the range begins that a confidence falls into."""
    return max(low for low in LOWS if low <= max(0.0, confidence))


def _next(low: float) -> float | None:
    return next((one for one in LOWS if one > low), None)


def looks(outputs: Mapping[str, Any]) -> bool | None:
    """Whether a row has a person look, as the table says it; None when it does not say."""
    if outputs.get("judging") is not None:
        return bool(outputs["judging"] != "automatic")
    needs = outputs.get("needs_evaluation")
    return None if needs is None else bool(needs)


def having_a_person_look(outputs: Sequence[str], then: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same outputs, but a person looks; never the other way. None: the table has no word for it."""
    if "judging" in outputs:
        return {**then, "judging": "suggest"}
    return {**then, "needs_evaluation": True} if "needs_evaluation" in outputs else None

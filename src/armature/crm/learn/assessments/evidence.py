"""What proposals are made of, counted: who answered what the rules send where, where the machine was wrong or late."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from armature.arm.assessment import Judged, Proposal, Routed, lanes, routing, watching
from armature.arm.assessment.evidence import promise_of
from armature.arm.assessment.watching import having_a_person_look, looks, range_of
from armature.arm.rule import CompiledTable
from armature.arm.rule.finding import errors
from armature.arm.rule.rewriting import TooMany
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.table_check import check
from armature.crm.decide import company_facts
from armature.crm.learn.assessments import drawing, sums
from armature.crm.learn.assessments.frame import Frame
from armature.crm.learn.assessments.past import Said, Suggested
from armature.crm.learn.assessments.ruled import Rules, fired

SAID, DIFFERS, ASKED, LATE = "said", "differs", "asked", "late"


def asking(
    counts: Counter[str], frame: Frame, first: Said, suggested: Suggested | None, side: str, took: float | None, *,
    opening: bool,
) -> None:  # fmt: skip
    """An asking with what the rules in force do with the words that began it: who answered it, and, if it opened its
    exchange, whether that was sooner than they promise. ``took`` is business time; None: nobody answered.
    """
    place = frame.channels[first.channel]
    row, says = fired(frame.rules.routing, frame.rules.facts(first, place.place, frame.hours.get(place.brand)))
    if took is not None:
        parts = (place.place, first.intent, first.issue_type, side, row, says.get("team") or "", promise_of(took))
        counts[sums.name(sums.ROUTE, *parts)] += 1
    if opening:
        promise = says.get("sla_minutes")
        late = took is None or (isinstance(promise, int | float) and took > promise)
        read = _as_read(first, suggested) if suggested else first
        _judged(counts, frame, read, ASKED, *([LATE] if late else []))


def differs(counts: Counter[str], frame: Frame, one: Said, suggested: Suggested | None) -> None:
    """A message whose intent a person gave, beside what the reader had made of it."""
    if suggested is not None:
        other = [DIFFERS] if suggested.intent != one.intent else []
        _judged(counts, frame, _as_read(one, suggested), SAID, *other)


def _as_read(one: Said, suggested: Suggested) -> Said:
    return one._replace(
        intent=suggested.intent, issue_type=suggested.issue_type, sentiment=suggested.sentiment, sure=suggested.sure,
        by_person=False,
    )  # fmt: skip


def _judged(counts: Counter[str], frame: Frame, one: Said, *what: str) -> None:
    place = frame.channels[one.channel]
    row, says = fired(frame.rules.judging, frame.rules.facts(one, place.place, frame.hours.get(place.brand)))
    seen = int(looks(says) is not False)
    for each in what:
        parts = (place.place, int(one.public), one.intent, range_of(one.sure or 0.0), row, seen, each)
        counts[sums.name(sums.JUDGED, *parts)] += 1


def all_routed(counts: Mapping[str, int]) -> list[Routed]:
    """The counts as the core takes them."""
    return [Routed(*_six(rest), int(rest[6]), count) for rest, count in sums.of(counts, sums.ROUTE)]


def _six(rest: list[str]) -> tuple[str, str, str, str, str, str]:
    channel, intent, issue_type, side, row, team = rest[:6]
    return channel, intent, issue_type, side, row, team


def all_judged(counts: Mapping[str, int]) -> list[Judged]:
    """The same of what was judged."""
    found: dict[tuple[str, ...], Counter[str]] = {}
    for rest, count in sums.of(counts, sums.JUDGED):
        found.setdefault(tuple(rest[:6]), Counter())[rest[6]] += count
    return [
        Judged(channel, public == "1", intent, float(low), row, seen == "1", n[SAID], n[DIFFERS], n[ASKED], n[LATE])
        for (channel, public, intent, low, row, seen), n in found.items()
    ]


@dataclass(frozen=True, slots=True)
class _Fits:
    """Whether a row can stand above another one in a table, so that each row is left something to take."""

    table: DecisionTable
    then: Mapping[str, Any]

    def __call__(self, when: Mapping[str, Any], above: str) -> bool:
        try:
            tried, _row = drawing.with_row(self.table, above, when, self.then, "")
        except (LookupError, TooMany):
            return False
        return not errors(check(tried, company_facts.for_running()))


def proposals(counts: Mapping[str, int], rules: Rules, drawn: set[str]) -> list[Proposal]:
    """All that the numbers speak for: lanes, then rows of the two tables. ``drawn`` are the teams that have a lane."""
    said = all_routed(counts)
    found = lanes(said, drawn)
    if rules.routing is not None:
        found += routing(said, _order(rules.routing), _Fits(rules.routing.table, {}))
    if rules.judging is not None:
        then = having_a_person_look(rules.judging.table.outputs, {})
        if then is not None:
            found += watching(all_judged(counts), _order(rules.judging), _Fits(rules.judging.table, then))
    return found


def _order(table: CompiledTable) -> list[str]:
    return [rule.id for rule in table.rules]

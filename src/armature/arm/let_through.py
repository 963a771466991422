"""What a table of who judges would let through without a person, counted on messages whose reading a person checked.

A sample is drawn by chance and labelled; of each of its messages the table is asked with what was known when it was
judged. How often the reader was right is then told of each row apart, with what can be promised of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from armature.arm.rule.cell import Cell
from armature.arm.rule.compiled import CompiledTable, Facts, Rule
from armature.arm.rule.table import DecisionTable
from armature.arm.understand.learned.sure import FEWEST, ONE_SIDED_95, interval

JUDGING, BEFORE, AUTOMATIC = "judging", "needs_evaluation", "automatic"
"""The output that says how a step is judged, and the one in which earlier tables said only whether."""
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MOST_WANTED = 100_000
Tests = frozenset[tuple[str, Cell]]
"""What a row tests."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One message of the sample: what was known of it, and whether a person said what the reader had said.

    "I do not know" of a person is no agreement.
    """

    facts: Facts
    agrees: bool


@dataclass(frozen=True, slots=True)
class Count:
    """``agree`` of ``cases`` agree; of the messages looked at, ``through`` fall there."""

    cases: int = 0
    agree: int = 0
    through: int = 0

    @property
    def lower(self) -> float:
        """Not below this lies the true share, with a certainty of 95 % (Wilson, one-sided); 0 of no cases."""
        return float(interval(self.agree, self.cases, ONE_SIDED_95)[0]) if self.cases else 0.0

    @property
    def upper(self) -> float:
        """Not above this, with the same certainty; 1 of no cases."""
        return float(interval(self.agree, self.cases, ONE_SIDED_95)[1]) if self.cases else 1.0

    def keeps(self, bound: float) -> bool:
        """Whether it may go without a person: cases enough, and the lower bound not below the company's."""
        return self.cases >= FEWEST and self.lower >= bound

    def missing(self, bound: float) -> int:
        """How many more labelled messages it takes if every one of them agrees; 0 when it keeps the bound."""
        if self.keeps(bound):
            return 0
        low, high = 0, MOST_WANTED
        while high - low > 1:
            middle = (low + high) // 2
            kept = Count(self.cases + middle, self.agree + middle).keeps(bound)
            low, high = (low, middle) if kept else (middle, high)
        return high


def is_automatic(rule: Rule) -> bool:
    """Whether nobody judges what falls on this row, in the words of today or of earlier tables."""
    if JUDGING in rule.outputs:
        return rule.outputs[JUDGING] == AUTOMATIC
    return rule.outputs.get(BEFORE) is False


def judges(table: DecisionTable) -> bool:
    """Whether a table says who judges."""
    return JUDGING in table.outputs or BEFORE in table.outputs


def by_row(table: CompiledTable, sample: Iterable[Checked], messages: Iterable[Facts]) -> dict[str, Count]:
    """The count of each row, in their order. Each message falls on exactly one."""
    found = {rule.id: [0, 0, 0] for rule in table.rules}
    for one in sample:
        count = found[table.fire(one.facts).id]
        count[0] += 1
        count[1] += one.agrees
    for facts in messages:
        found[table.fire(facts).id][2] += 1
    return {row: Count(*count) for row, count in found.items()}


def by_confidence(
    table: CompiledTable, sample: Iterable[Checked], messages: Iterable[Facts]
) -> dict[str, list[tuple[float, Count]]]:
    """For each row what each least confidence would let fall on it: its other tests hold, and no row above takes it."""
    places = {rule.id: number for number, rule in enumerate(table.rules)}
    checked = [(places[table.fire(one.facts).id], one.facts, one.agrees) for one in sample]
    heard = [(places[table.fire(facts).id], facts) for facts in messages]
    found = {}
    for at, rule in enumerate(table.rules):
        rest = [(key, cell) for key, cell in rule.cells.items() if key != "confidence"]
        theirs = [(_sure(facts), ok) for place, facts, ok in checked if place >= at and _fits(facts, rest)]
        new = [_sure(facts) for place, facts in heard if place >= at and _fits(facts, rest)]
        found[rule.id] = [(least, _count(theirs, new, least)) for least in BANDS]
    return found


def _fits(facts: Facts, tests: Iterable[tuple[str, Cell]]) -> bool:
    return all(cell.matches(facts.get(key)) for key, cell in tests)


def _sure(facts: Facts) -> float:
    sure = facts.get("confidence")
    return float(sure) if isinstance(sure, (int, float)) else -1.0


def _count(checked: Iterable[tuple[float, bool]], heard: Iterable[float], least: float) -> Count:
    sure = [agrees for confidence, agrees in checked if confidence >= least]
    return Count(len(sure), sum(sure), sum(confidence >= least for confidence in heard))


def newly_automatic(table: CompiledTable, before: CompiledTable | None) -> list[str]:
    """The rows that take something from people which the version ``before`` left to them.

    A row that was automatic stays so while every row above it that was not still stands above it: then nothing falls on
    it that a person judged before.
    """
    were = _automatic_before(before) if before else []
    above: set[Tests] = set()
    found = []
    for rule in table.rules:
        tests = frozenset(rule.cells.items())
        if is_automatic(rule) and not any(tests == held and people <= above for held, people in were):
            found.append(rule.id)
        above.add(tests)
    return found


def _automatic_before(table: CompiledTable) -> list[tuple[Tests, frozenset[Tests]]]:
    """The tests of each automatic row, and those of the rows of people above it."""
    people: set[Tests] = set()
    found = []
    for rule in table.rules:
        if is_automatic(rule):
            found.append((frozenset(rule.cells.items()), frozenset(people)))
        else:
            people.add(frozenset(rule.cells.items()))
    return found

"""One step of the process alone: what it said of an interaction, held against what people did or what is known today.

Each comparison is a ``Pair``; shares are counted of them by what is compared and by class. The whole is a replay.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from armature.arm import listen
from armature.arm.course import Moment
from armature.arm.interaction import Interaction, Value
from armature.arm.let_through import AUTOMATIC, BEFORE, JUDGING
from armature.arm.rule import FACTS, CompiledTable, Rule

WHERE = ("channel", "public", "business_hours")
KNOWN = ("tier", "customer", "followers", "complaints_30d", "last_product")
"""How many complaints nobody confirmed is left out: that says how far people came with judging, not what is known."""
RULES = (JUDGING, "team", "mode", "priority", "reply", "then_private", "approval")
"""Outputs of tables about which people decide something that is recorded."""
WHOLE, PERSON = "whole", "person"
"""Compared, and no facts: a decision of the machine that was looked over, and whether somebody is one person."""
FOUND_BY = {"where": "channel", "known": "complaints_30d"}
"""The fact that a step always finds: where it stands among the facts, the step was taken."""
ANSWER, NO_ANSWER = "answer", "none"
ANSWERS = ("micro", "executive")
"""Modes that promise words of ours."""


class Pair(NamedTuple):
    """One comparison: the step ``said`` this, and ``held`` is held against it. ``key`` is its class."""

    interaction: int
    output: str
    key: str
    said: Value
    held: Value

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.said == self.held


class Answer(NamedTuple):
    """What the rules said for one output, and the row that did, as ``table:row``."""

    value: Value
    row: str


Answers = Mapping[str, Answer]


def found(moments: Sequence[Moment], step: str) -> Mapping[str, Value] | None:
    """The facts of the first judgement for which the step was taken; None where it never was."""
    sign = FOUND_BY[step]
    return next((one.facts for one in moments if one.facts.get(sign) is not None), None)


def facts(number: int, keys: Iterable[str], then: Mapping[str, Value], now: Mapping[str, Value]) -> Iterator[Pair]:
    """What was found then beside what is found today; what was known at neither time is not compared."""
    for key in keys:
        if then.get(key) is not None or now.get(key) is not None:
            yield Pair(number, key, klass(key, then.get(key)), then.get(key), now.get(key))


def klass(key: str, value: Value) -> str:
    """The class of a fact: its value; of numbers only whether it was known. Empty for what was not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "known" if FACTS[key].type == "number" else str(value)


def answers(interaction: Interaction, moments: Sequence[Moment], draft: CompiledTable | None = None) -> Answers:
    """What the rows that fired said; with a draft, what its row would have said with the facts known then."""
    said: dict[str, Answer] = {}
    last = moments[-1]
    for table, row in last.rows.items():
        compiled = last.plan.tables.get(table)
        rule: Rule | None = next((one for one in compiled.rules if one.id == row), None) if compiled else None
        if draft is not None and draft.table.key == table:
            rule = draft.fire({**_asked(moments, table).facts, **listen.said(interaction)})
        if rule is not None:
            said.update({_today(key): Answer(value, f"{table}:{rule.id}") for key, value in rule.outputs.items()})
    return said


def _today(output: str) -> str:
    """An output by the name that tables of today have for it."""
    return JUDGING if output == BEFORE else output


def _asked(moments: Sequence[Moment], table: str) -> Moment:
    """The latest judgement that asked a table."""
    asks = (one for one in reversed(moments) if any(_table(one, element) == table for element in one.path))
    return next(asks, moments[-1])


def _table(moment: Moment, element: str) -> str:
    node = moment.plan.nodes.get(element)
    return node.table if node is not None else ""


def rules(number: int, said: Answers, stood: Answers, did: Mapping[str, Value]) -> Iterator[Pair]:
    """What rules said beside what people did, output by output, where they did something.

    ``stood`` is what the rules in force said then: whoever acted and left the priority as it stood agreed to that.
    """
    acted: dict[str, Value] = {key: value for key, value in did.items() if value is not None}
    if "mode" in acted and "priority" not in acted and "priority" in stood:
        acted["priority"] = stood["priority"].value
    for key in RULES:
        if key in acted and key in said:
            yield Pair(number, key, said[key].row, _as_done(key, said[key].value), acted[key])
    if WHOLE in acted:
        row = next((said[key].row for key in ("mode", "team") if key in said), "")
        yield Pair(number, WHOLE, row, True, acted[WHOLE])


def _as_done(key: str, value: Value) -> Value:
    """As people's side tells it: of what happens only whether somebody is answered, of judging whether a person did."""
    if key == JUDGING:
        return value if isinstance(value, bool) else value != AUTOMATIC
    if key == "mode":
        return ANSWER if value in ANSWERS else NO_ANSWER
    return value


class Count(NamedTuple):
    """Of so many comparisons of one class, so many agree."""

    output: str
    key: str
    cases: int
    agree: int


def counts(pairs: Iterable[Pair], by: Callable[[Pair], tuple[str, str]]) -> list[Count]:
    """Counted by what ``by`` tells apart, those with most comparisons first."""
    summed: dict[tuple[str, str], list[int]] = {}
    for one in pairs:
        sums = summed.setdefault(by(one), [0, 0])
        sums[0] += 1
        sums[1] += one.agrees
    told = [Count(*name, cases, agree) for name, (cases, agree) in summed.items()]
    return sorted(told, key=lambda one: (-one.cases, one.output, one.key))


def by_output(pair: Pair) -> tuple[str, str]:
    """All classes of an output together."""
    return pair.output, ""


def by_class(pair: Pair) -> tuple[str, str]:
    """Each class of an output by itself."""
    return pair.output, pair.key

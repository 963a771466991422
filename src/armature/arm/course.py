"""The whole way of one interaction through its judgements, and what differs between two such ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from armature.arm.action import Ask, End
from armature.arm.interaction import Value
from armature.arm.judgement import Judgement
from armature.arm.process_map import FORMS, Plan
from armature.arm.rule import FACTS

PEOPLE = frozenset(FORMS)
"""Forms that people answer."""
OUTPUTS = tuple(key for key, field in FACTS.items() if field.step == "table")
"""What tables say, and what a difference is told of."""


class Stop(NamedTuple):
    """Where it stopped: ``kind`` is ask, would_ask, end or joined; ``outcome`` of a wait is its form."""

    kind: str
    element: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One judgement as it was recorded. ``rows`` are the latest of each table on the whole way, as they are kept."""

    plan: Plan
    path: tuple[str, ...]
    rows: Mapping[str, str]
    facts: Mapping[str, Value]
    stop: Stop


@dataclass(frozen=True, slots=True)
class Course:
    """The whole way of one interaction: its steps, the rows that decided, what they said, and where it stands.

    ``asked`` are the forms it waited for, in order. ``moments`` are the parts of the way, as recorded ones are.
    """

    path: tuple[str, ...]
    rows: Mapping[str, str]
    said: Mapping[str, Value]
    asked: tuple[str, ...]
    stop: Stop
    moments: Sequence[Moment]

    @property
    def person(self) -> bool:
        """Whether a person was needed."""
        return not PEOPLE.isdisjoint(self.asked)

    @property
    def public(self) -> bool:
        """Whether it came to words of ours that go out in public."""
        return self.said.get("reply") == "public" and not {"response", "executive", "send"}.isdisjoint(self.asked)


def course(moments: Sequence[Moment]) -> Course:
    """What judgements come to together; the same for recorded ones and for those of a replay."""
    last = moments[-1]
    return Course(
        tuple(element for one in moments for element in one.path),
        last.rows,
        {key: value for key in OUTPUTS if (value := last.facts.get(key)) is not None},
        tuple(one.stop.outcome for one in moments if one.stop.kind in ("ask", "would_ask")),
        last.stop,
        moments,
    )


def difference(before: Course, after: Course) -> dict[str, tuple[Value, Value]]:
    """What differs, by name: ``way``, ``rule``, ``ends``, and outputs of tables by their key.

    The way differs where other steps were passed; a choice that leads on to the same steps changes nothing for anybody.
    """
    found: dict[str, tuple[Value, Value]] = {}
    if before.rows != after.rows:
        found["rule"] = _fired(before.rows), _fired(after.rows)
    for key in sorted(before.said.keys() | after.said.keys()):
        if before.said.get(key) != after.said.get(key):
            found[key] = before.said.get(key), after.said.get(key)
    if _steps(before) != _steps(after):
        found["way"] = " ".join(before.path), " ".join(after.path)
    if before.stop != after.stop:
        found["ends"] = " ".join(before.stop), " ".join(after.stop)
    return found


def _steps(way: Course) -> list[str]:
    """The steps that were passed, without the choices between them."""
    return [key for one in way.moments for key in one.path if not _parts(one.plan, key)]


def _parts(plan: Plan, key: str) -> bool:
    return key in plan.nodes and plan.nodes[key].kind == "gateway"


def _fired(rows: Mapping[str, str]) -> str:
    return " ".join(f"{table}:{row}" for table, row in sorted(rows.items()))


def moment(plan: Plan, judgement: Judgement, before: Moment | None = None) -> Moment:
    """A judgement of the core as it would be recorded, behind the one before it."""
    stop = judgement.stop
    rows = {**(before.rows if before else {}), **judgement.rows}
    if isinstance(stop, Ask):
        kept = Stop("ask", stop.element, stop.form)
    elif isinstance(stop, End):
        kept = Stop("end", stop.element, stop.outcome, stop.reason)
    else:
        kept = Stop("joined", stop.element, "merged")
    return Moment(plan, judgement.path, rows, judgement.facts, kept)

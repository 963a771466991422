"""Act: what should happen at an element, and what an answer there means. Nothing is carried out here."""

from collections.abc import Mapping

from armature.arm.action import Ask, Do, Due, End
from armature.arm.interaction import Value
from armature.arm.process_map import VOIDED, Node
from armature.arm.rule import Catalogue

ORDINARY = 3
"""The priority of what no rule gave one."""

A_WORKING_DAY = 480
"""Minutes of business time within which people are asked for where no timer of the map and no rule says it."""
WORK = ("intent", "response", "executive")
"""Work that must not wait without an end. What approves, sends or listens is hurried by what it is about."""

_CARRIED = ("team", "priority", "sla_minutes", "template", "intent", "issue_type", "feedback", "copy_team")


def do(node: Node, facts: Mapping[str, Value]) -> Do:
    """The automatic step at ``node``, with the facts it works with."""
    values = {key: value for key in _CARRIED if (value := facts.get(key)) is not None}
    return Do(node.step, node.id, values | {"what": node.value} if node.value else values)


def ask(node: Node, facts: dict[str, Value]) -> Ask:
    """The wait at ``node``: who answers, how urgent it is, what hurries it."""
    timers = [
        Due(timer.element, minutes, timer.interrupts, timer.after.round_the_clock, timer.clock)
        for timer in node.timers
        if (minutes := timer.after.of(facts)) is not None
    ]
    timers.sort(key=lambda due: (due.minutes, due.element))
    team, priority = facts.get(node.team_from) if node.team_from else node.team, facts.get("priority")
    return Ask(
        node.id,
        node.form,
        str(team or ""),
        ORDINARY if priority is None else int(priority),
        timers[0].minutes if timers else _unsaid(node, facts),
        tuple(timers),
    )


def _unsaid(node: Node, facts: Mapping[str, Value]) -> int | None:
    """The minutes of work that has no timer: what the rules promised for an answer, else a working day."""
    promised = facts.get("sla_minutes") if node.form == "response" else None
    if node.form not in WORK:
        return None
    return int(promised) if isinstance(promised, (int, float)) else A_WORKING_DAY


def end(node: Node, facts: Mapping[str, Value]) -> End:
    """The end at ``node``; one without a response says why."""
    reason = node.reason or (str(facts.get("reason") or "") if node.outcome == "no_response" else "")
    return End(node.id, node.outcome, reason)


def answered(node: Node, answer: Mapping[str, Value], catalogue: Catalogue) -> dict[str, Value]:
    """What is known because somebody answered at ``node``. Raises ``ValueError`` naming a field that cannot be so."""
    for key, value in answer.items():
        if key not in catalogue or (value is not None and not catalogue[key].accepts(value)):
            wants = catalogue[key].wants if key in catalogue else "a field"
            raise ValueError(f"The answer at {node.name or node.id} gives {key} = {value!r}, which is not {wants}")
    facts = dict(answer)
    if node.form == "intent":
        facts["judged_by_person"] = True
    if node.writes:
        facts.update({**dict.fromkeys(VOIDED), "written_at": node.id})
    return facts

"""A judgement as words: each component with its why, for a reader at the terminal or for another program."""

from typing import Any, TextIO

from armature.arm import listen
from armature.arm.action import Ask, End
from armature.arm.interaction import Interaction
from armature.arm.judgement import Judgement
from armature.arm.process_map import Plan
from armature.arm.rule import FACTS

WIDTH = 46


def as_object(interaction: Interaction, judgement: Judgement, plan: Plan) -> dict[str, Any]:
    """The seven parts of a judgement, each with its why."""
    return {
        "external_id": interaction.external_id,
        "said": {"text": interaction.text, "by": interaction.author, "at": interaction.occurred_at.isoformat(),
                 "why": f"a {interaction.kind} by {interaction.author} through {interaction.channel}"},
        "where": _where(judgement),
        "intent": _intent(interaction, judgement),
        "known": _known(judgement),
        "rules": [_rule(interaction, judgement, plan, table) for table in judgement.rows],
        "path": {"elements": list(judgement.path), "why": " > ".join(plan.nodes[key].name for key in judgement.path)},
        "action": _action(judgement, plan),
    }  # fmt: skip


def _where(judgement: Judgement) -> dict[str, Any]:
    facts = judgement.facts
    hours = {True: "in business hours", False: "outside business hours", None: "business hours not known"}
    place = "in public" if facts.get("public") else "in private"
    return {
        "channel": facts.get("channel"), "public": facts.get("public"), "business_hours": facts.get("business_hours"),
        "why": f"{facts.get('channel')}, {place}, {hours[facts.get('business_hours')]}",  # type: ignore[index]
    }  # fmt: skip


def _intent(interaction: Interaction, judgement: Judgement) -> dict[str, Any]:
    reading = judgement.reading
    if reading is None:
        return {"intent": None, "why": "set aside before it was read: no person wrote it"}
    words = [interaction.text[e.start : e.end] for e in reading.evidence]
    quoted = ", ".join(f'"{word}"' for word in words)
    return {
        "intent": reading.intent, "issue_type": reading.issue_type, "sentiment": round(reading.sentiment, 3),
        "language": reading.language, "confidence": round(reading.confidence, 3), "evidence": words,
        "why": f"suggested by {reading.by or 'the reader'}" + (f" from {quoted}" if words else ""),
    }  # fmt: skip


def _known(judgement: Judgement) -> dict[str, Any]:
    facts = {key: judgement.facts.get(key) for key, field in FACTS.items() if field.step == "known"}
    told = [f"{FACTS[key].label}: {FACTS[key].say(value)}" for key, value in facts.items() if value is not None]
    return {**facts, "why": "; ".join(told) or "nothing is known about them"}


def _rule(interaction: Interaction, judgement: Judgement, plan: Plan, table: str) -> dict[str, Any]:
    compiled, row = plan.tables[table], judgement.rows[table]
    missed = compiled.why({**judgement.facts, **listen.said(interaction)})
    above = [
        {"row": name, "because": f"{FACTS[field].label} is {FACTS[field].say(found)}, not {cell}"}
        for name, field, cell, found in missed
    ]
    return {"table": table, "row": row, "why": compiled.sentence(row), "not_above": above}


def _action(judgement: Judgement, plan: Plan) -> dict[str, Any]:
    stop = judgement.stop
    name = plan.nodes[stop.element].name
    done = [action.step for action in judgement.actions]
    if isinstance(stop, Ask):
        within = f", within {stop.minutes} minutes" if stop.minutes is not None else ""
        return {"does": "ask", "element": stop.element, "team": stop.team, "priority": stop.priority,
                "minutes": stop.minutes, "done": done, "why": f"{name}: {stop.team}{within}"}  # fmt: skip
    if isinstance(stop, End):
        return {"does": "end", "element": stop.element, "outcome": stop.outcome, "done": done,
                "why": f"{name}{': ' + stop.reason if stop.reason else ''}"}  # fmt: skip
    return {"does": "join", "element": stop.element, "done": done, "why": f"answers what waits at {name}"}


class Table:
    """Judgements as lines that a person reads, one block each."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.out.write(f"{'said':<{WIDTH}}  {'where':<10} {'intent':<20} {'rule':<5} action\n")

    def row(self, interaction: Interaction, judgement: Judgement, plan: Plan) -> None:
        """One judgement on one line."""
        said = " ".join(interaction.text.split())
        said = said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"
        reading = judgement.reading
        intent = f"{reading.intent} {reading.confidence:.0%}" if reading else "-"
        rule = judgement.rows.get("business_rules") or next(iter(judgement.rows.values()), "-")
        action = _action(judgement, plan)["why"]
        self.out.write(f"{said:<{WIDTH}}  {interaction.channel:<10} {intent:<20} {rule:<5} {action}\n")

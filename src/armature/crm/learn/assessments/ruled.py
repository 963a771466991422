"""What the rules in force do with what was said: the map's table that routes, and the one that says who judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from armature.arm.calendar import Calendar
from armature.arm.interaction import Value
from armature.arm.process_map import Plan
from armature.arm.rule import CompiledTable
from armature.arm.rule.words import word_line
from armature.crm.decide import plans
from armature.crm.learn.assessments.past import Said

ROUTING, JUDGING = "business_rules", "who_judges"
"""The keys under which these tables ship; in another map it is the first table that says the same."""


@dataclass(slots=True)
class Rules:
    """The tables of a map, each None where the map has none."""

    routing: CompiledTable | None = None
    judging: CompiledTable | None = None
    blank: Mapping[str, Value] | None = None

    def facts(self, one: Said, place: str, hours: Calendar | None) -> dict[str, Value]:
        """What was known of it by itself; who said it counts as somebody unknown."""
        at: datetime = one.at
        return {
            **(self.blank or {}), "said": word_line(one.text), "heard": word_line(""), "channel": place,
            "author": one.author.casefold() or None, "kind": one.kind, "public": one.public,
            "business_hours": hours.is_open(at) if hours else None, "intent": one.intent or None,
            "issue_type": one.issue_type or None, "sentiment": one.sentiment, "language": one.language or None,
            "confidence": one.sure, "judged_by_person": one.by_person,
        }  # fmt: skip


def of_map(number: int | None) -> Rules:
    """The tables of this map."""
    if number is None:
        return Rules()
    plan = plans.load([number])[number]
    return Rules(
        _saying(plan, ROUTING, ("team", "sla_minutes")), _saying(plan, JUDGING, ("judging", "needs_evaluation")),
        dict.fromkeys(plan.catalogue),
    )  # fmt: skip


def _saying(plan: Plan, key: str, outputs: tuple[str, ...]) -> CompiledTable | None:
    if key in plan.tables:
        return plan.tables[key]
    return next((one for one in plan.tables.values() if set(outputs) & set(one.table.outputs)), None)


def fired(table: CompiledTable | None, facts: Mapping[str, Value]) -> tuple[str, Mapping[str, Any]]:
    """The row that takes it and what it says; nothing without a table."""
    if table is None:
        return "", {}
    rule = table.fire(facts)
    return rule.id, rule.outputs

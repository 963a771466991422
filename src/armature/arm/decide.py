"""Decide: the business rules, and which way it goes."""

from armature.arm.interaction import Value
from armature.arm.process_map import Node
from armature.arm.rule import CompiledTable


def apply(table: CompiledTable, facts: dict[str, Value]) -> str:
    """Ask the table; its outputs are known from here on. Returns the id of the row that fired."""
    rule = table.fire(facts)
    facts.update(rule.outputs)
    return rule.id


def way(node: Node, facts: dict[str, Value]) -> str:
    """The element behind a gateway: along the first arrow whose condition holds, else along the default."""
    for branch in node.branches:
        if not branch.field or branch.cell.matches(facts[branch.field]):
            return branch.to
    return node.to

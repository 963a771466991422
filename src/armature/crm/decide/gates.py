"""What later steps have to say before a table is put in force: they hand it in here, so that no road leads around it.

This step knows nothing of them; what is measured, for one, is known where people's words are counted.
"""

from collections.abc import Callable

from armature.arm.rule.finding import Finding
from armature.arm.rule.table import DecisionTable

Gate = Callable[[DecisionTable, bool], list[Finding]]
"""Findings about a table as it would be in force; with figures only where whoever reads them may know them."""

_GATES: dict[str, Gate] = {}


def hand_in(name: str, gate: Gate) -> None:
    """Ask this whenever a table is looked at or published; once for each name."""
    _GATES[name] = gate


def findings(table: DecisionTable, *, figures: bool) -> list[Finding]:
    """What all of them find."""
    return [one for gate in _GATES.values() for one in gate(table, figures)]

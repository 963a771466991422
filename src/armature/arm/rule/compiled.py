"""A published table as one Python function, and the slow reading of it that says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from armature.arm.interaction import Value
from armature.arm.rule.cell import Cell
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Unfit, errors
from armature.arm.rule.sentence import sentence
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.table_check import check, read_row

Facts = Mapping[str, Value]
Missed = tuple[str, str, str, Value]
"""Why a row did not fire: its id, the first field that failed, the cell in words, the value found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row, typed: what it tests and what it says."""

    id: str
    cells: Mapping[str, Cell]
    outputs: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table that can be asked. ``fire`` takes facts by key (missing: not known) and returns the row that wins."""

    table: DecisionTable
    catalogue: Catalogue
    rules: tuple[Rule, ...]
    fire: Callable[[Facts], Rule]

    def why(self, facts: Facts) -> tuple[Missed, ...]:
        """For each row above the one that fires: the first of its tests that failed."""
        missed: list[Missed] = []
        for rule in self.rules[: self.rules.index(self.fire(facts))]:
            failed = next(key for key, cell in rule.cells.items() if not cell.matches(facts.get(key)))
            words = rule.cells[failed].words(self.catalogue[failed])
            missed.append((rule.id, failed, words, facts.get(failed)))
        return tuple(missed)

    def tests(self, row: str) -> tuple[str, ...]:
        """The facts that the rule with this id tests; ``KeyError`` when there is none."""
        return tuple({rule.id: rule for rule in self.rules}[row].cells)

    def sentence(self, row: str) -> str:
        """The rule with this id as one English sentence; ``KeyError`` when there is none."""
        rule = {rule.id: rule for rule in self.rules}[row]
        return sentence(rule.cells, rule.outputs, self.catalogue)


def compile_table(table: DecisionTable, catalogue: Catalogue) -> CompiledTable:
    """The table ready to be asked; raises ``Unfit`` with all errors when it must not be published."""
    if faults := errors(check(table, catalogue)):
        raise Unfit(faults)
    rules = tuple(Rule(row.id, *read_row(row, table, catalogue)) for row in table.rows)
    return CompiledTable(table, catalogue, rules, _function(table, rules))


def _function(table: DecisionTable, rules: tuple[Rule, ...]) -> Callable[[Facts], Rule]:
    """Generated source: names are numbered, literals come from ``repr`` of typed cells; no author's text is code."""
    used = [key for key in table.inputs if any(key in rule.cells for rule in rules)]
    names = {key: f"v{number}" for number, key in enumerate(used)}
    lines = ["def fire(facts):", " try:", "  pass", *(f"  {name} = facts[{key!r}]" for key, name in names.items())]
    lines += [" except KeyError:", "  return fire({**blank, **facts})"]
    for number, rule in enumerate(rules):
        tests = " and ".join(cell.code(names[key]) for key, cell in rule.cells.items()) or "True"
        lines.append(f" if {tests}: return r{number}")
    scope = {"blank": dict.fromkeys(used), **{f"r{number}": rule for number, rule in enumerate(rules)}}
    exec("\n".join(lines), scope)  # noqa: S102 - see the docstring
    return scope["fire"]  # type: ignore[return-value]

"""A published map, ready to be walked: what every element does, as plain values."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from armature.arm.process_map.approval_check import check_approval
from armature.arm.process_map.bpmn import parse
from armature.arm.process_map.map_check import check_drawing
from armature.arm.process_map.node import Node, node
from armature.arm.process_map.reading import Tables
from armature.arm.process_map.records import ProcessMap
from armature.arm.process_map.road_check import check_roads
from armature.arm.process_map.steps import STEPS
from armature.arm.rule.catalogue import FACTS
from armature.arm.rule.compiled import CompiledTable, compile_table
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding, Unfit, errors
from armature.arm.rule.table import DecisionTable, read_table
from armature.arm.rule.table_check import check


@dataclass(frozen=True, slots=True)
class Plan:
    """A map with its tables. ``hash`` names exactly this map, these tables and this catalogue.

    ``reading`` are the elements behind which a text is read before the next wait; ``listening`` are those that wait for
    feedback. ``incident`` is the start for incidents, or empty.
    """

    process: ProcessMap
    nodes: Mapping[str, Node]
    tables: Mapping[str, CompiledTable]
    catalogue: Catalogue
    start: str
    incident: str
    reading: frozenset[str]
    listening: frozenset[str]
    hash: str


def examine(xml: bytes, tables: Mapping[str, bytes], catalogue: Catalogue = FACTS) -> list[Finding]:
    """All findings in a map and in the tables it names, before anything is published. Never raises."""
    return _read(xml, tables, catalogue)[2]


def compile_plan(xml: bytes, tables: Mapping[str, bytes], catalogue: Catalogue = FACTS) -> Plan:
    """The plan for a map and its tables, by key; raises ``Unfit`` with all errors."""
    process, read, findings = _read(xml, tables, catalogue)
    if faults := errors(findings):
        raise Unfit(faults)
    nodes = {element.id: node(process, element, catalogue) for element in process.elements.values()}
    used = {item.table for item in nodes.values() if item.kind == "table"}
    starts = [item for item in nodes.values() if item.kind == "start"]
    return Plan(
        process,
        nodes,
        {key: compile_table(read[key], catalogue) for key in used},
        catalogue,
        next(item.id for item in starts if not item.incident),
        next((item.id for item in starts if item.incident), ""),
        frozenset(key for key in nodes if _reads(nodes, nodes[key].targets)),
        frozenset(key for key, item in nodes.items() if item.form == "feedback"),
        _hash(xml, tables, used, catalogue),
    )


def _read(xml: bytes, tables: Mapping[str, bytes], catalogue: Catalogue) -> tuple[ProcessMap, Tables, list[Finding]]:
    process, findings = parse(xml)
    named = {element.own.get("table") for element in process.elements.values() if element.kind == "businessRuleTask"}
    read: dict[str, DecisionTable] = {}
    for key in sorted(tables.keys() & named):
        table, faults = read_table(tables[key])
        faults += check(table, catalogue) if table else []
        label = table.label if table else key
        findings += [Finding(key, fault.field, f'Table "{label}": {fault.words}', fault.error) for fault in faults]
        if table:
            read[key] = table
    if process.elements:
        findings += check_drawing(process, catalogue, tables)
        findings += check_roads(process, catalogue, read) + check_approval(process, catalogue, read)
    elif not findings:
        findings.append(Finding("", "startEvent", "The map is empty: begin with a start where interactions arrive"))
    return process, read, findings


def _reads(nodes: Mapping[str, Node], begin: Iterable[str]) -> bool:
    """Whether a text is read behind these elements before the process waits again."""
    seen, todo = set[str](), list(begin)
    while todo:
        item = nodes[todo.pop()]
        if item.step == "intent" and item.kind == "step":
            return True
        if item.id not in seen and item.kind != "ask":
            todo += item.targets
        seen.add(item.id)
    return False


def _hash(xml: bytes, tables: Mapping[str, bytes], used: Iterable[str], catalogue: Catalogue) -> str:
    digest = hashlib.sha256(xml)
    for key in sorted(used):
        digest.update(b"\0" + key.encode() + b"\0" + tables[key])
    for key, field in sorted(catalogue.items()):
        digest.update(
            repr((key, field.type, field.step, sorted(field.values), field.open, field.low, field.high)).encode()
        )
    digest.update(repr(sorted(STEPS)).encode())
    return digest.hexdigest()

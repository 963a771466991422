"""Business rules: typed decision tables from a closed vocabulary, checked when written, compiled when published."""

from armature.arm.rule.catalogue import CHANNELS, FACTS, catalogue
from armature.arm.rule.compiled import CompiledTable, Facts, Missed, Rule, compile_table
from armature.arm.rule.field import Catalogue, Field
from armature.arm.rule.finding import Finding, Unfit, errors
from armature.arm.rule.table import DecisionTable, Row, read_table
from armature.arm.rule.table_check import check

__all__ = [
    "CHANNELS",
    "FACTS",
    "Catalogue",
    "CompiledTable",
    "DecisionTable",
    "Facts",
    "Field",
    "Finding",
    "Missed",
    "Row",
    "Rule",
    "Unfit",
    "catalogue",
    "check",
    "compile_table",
    "errors",
    "read_table",
]

"""The core: everything that is said or done towards a company is judged here, without framework, database or clock.

``judge`` is the process on one page; maps and tables come in as bytes and are checked and compiled by ``compile_plan``.
"""

from armature.arm.action import Ask, Do, Due, End, Joined
from armature.arm.calendar import Calendar
from armature.arm.intent import INTENTS, ISSUE_TYPES, Evidence, Reader, Reading
from armature.arm.interaction import Interaction, Value
from armature.arm.judge import judge
from armature.arm.judgement import Judgement, Turn
from armature.arm.map_picture import draw
from armature.arm.person import NOBODY, Fact, Known, Past
from armature.arm.process_map import Plan, ProcessMap, compile_plan, examine, parse
from armature.arm.rule import (
    FACTS,
    CompiledTable,
    DecisionTable,
    Field,
    Finding,
    Unfit,
    catalogue,
    check,
    compile_table,
    errors,
    read_table,
)

__all__ = [
    "FACTS",
    "INTENTS",
    "ISSUE_TYPES",
    "NOBODY",
    "Ask",
    "Calendar",
    "CompiledTable",
    "DecisionTable",
    "Do",
    "Due",
    "End",
    "Evidence",
    "Fact",
    "Field",
    "Finding",
    "Interaction",
    "Joined",
    "Judgement",
    "Known",
    "Past",
    "Plan",
    "ProcessMap",
    "Reader",
    "Reading",
    "Turn",
    "Unfit",
    "Value",
    "catalogue",
    "check",
    "compile_plan",
    "compile_table",
    "draw",
    "errors",
    "examine",
    "judge",
    "parse",
    "read_table",
]

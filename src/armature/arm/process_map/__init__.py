"""The process map: BPMN 2.0 in a restricted profile, parsed safely, checked with clear words, compiled once."""

from armature.arm.process_map.bpmn import OURS, parse
from armature.arm.process_map.node import Branch, Node, Timer
from armature.arm.process_map.plan import Plan, compile_plan, examine
from armature.arm.process_map.reading import Tables
from armature.arm.process_map.records import Arrow, Bounds, Element, Lane, ProcessMap
from armature.arm.process_map.road_check import known_before
from armature.arm.process_map.steps import FORMS, OUTCOMES, STARTS, STEPS, VOIDED, Step
from armature.arm.process_map.terms import Condition, Duration

__all__ = [
    "FORMS",
    "OURS",
    "OUTCOMES",
    "STARTS",
    "STEPS",
    "VOIDED",
    "Arrow",
    "Bounds",
    "Branch",
    "Condition",
    "Duration",
    "Element",
    "Lane",
    "Node",
    "Plan",
    "ProcessMap",
    "Step",
    "Tables",
    "Timer",
    "compile_plan",
    "examine",
    "known_before",
    "parse",
]

"""What a replay counts, by name: one flat table of numbers, which chunks add to.

differs:NAME            interactions in which this differs (team, rule, way, ends, priority ...)
move:FROM>TO            teams
load:SIDE:TEAM:HOUR     answers promised, by the hour of the day at which it was said; SIDE is before or after
minutes:SIDE:TEAM       minutes promised, together
person:new, person:gone a person is needed now and was not; the other way round
public:SIDE, public:new, approval:SIDE, approval:new, approval:gone
would_ask:FORM          it would wait where nobody was asked
stop:OUTCOME            how it ends, after
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from armature.arm.course import Course
from armature.arm.interaction import Value

ANSWERS = ("response", "executive")


def count(sums: Counter[str], before: Course, after: Course, found: Mapping[str, object], at: datetime) -> list[str]:
    """Add one interaction, said ``at`` (in the zone of the company); the kinds under which it is listed."""
    for side, course in (("before", before), ("after", after)):
        _load(sums, side, course, at.hour)
        sums[f"public:{side}"] += course.public
        sums[f"approval:{side}"] += course.said.get("approval") is True
    if not found:
        return []
    kinds = [f"differs:{name}" for name in found]
    if "team" in found:
        kinds.append(f"move:{before.said.get('team', '')}>{after.said.get('team', '')}")
    kinds += _turned("person", before.person, after.person)
    kinds += _turned("public", before.public, after.public)
    kinds += _turned("approval", before.said.get("approval") is True, after.said.get("approval") is True)
    if (was := _promised(before)) != (then := _promised(after)):
        kinds += sorted({f"load:{one[0]}" for one in (was, then) if one})
    if after.stop.kind == "would_ask":
        kinds.append(f"would_ask:{after.stop.outcome}")
    sums.update(kinds)
    return kinds


def _promised(course: Course) -> tuple[str, int] | None:
    """The team that owes an answer, and within how many minutes."""
    minutes: Value = course.said.get("sla_minutes")
    if minutes is None or not any(form in ANSWERS for form in course.asked):
        return None
    return str(course.said.get("team", "")), int(minutes)


def _load(sums: Counter[str], side: str, course: Course, hour: int) -> None:
    if promised := _promised(course):
        sums[f"load:{side}:{promised[0]}:{hour}"] += 1
        sums[f"minutes:{side}:{promised[0]}"] += promised[1]


def _turned(name: str, before: bool, after: bool) -> list[str]:
    return [] if before == after else [f"{name}:{'new' if after else 'gone'}"]

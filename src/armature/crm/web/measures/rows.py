"""The words of the rows behind a number: what each kind is called, what one row says, what narrows a list of them."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.week import DAYS
from armature.crm.act.models import ClockName, Delivery
from armature.crm.act.models.case import Status
from armature.crm.decide import publishing
from armature.crm.learn import cells, ways
from armature.crm.learn.figures import Narrow
from armature.crm.learn.models import Measured
from armature.crm.web.measures.decisions import HOW
from armature.crm.web.measures.figure import Asked
from armature.crm.web.measures.outcomes import KINDS as RESPONSES
from armature.crm.web.measures.outcomes import VERDICTS
from armature.crm.web.measures.volume import MOODS
from armature.crm.web.shipped_words import short_intent

MESSAGES = gettext_lazy("Messages")
KINDS: dict[str, Any] = {
    cells.HEARD: MESSAGES, cells.HOUR: MESSAGES, cells.RULE: MESSAGES, cells.OVERRIDE: MESSAGES,
    cells.FIRST: gettext_lazy("First responses"), cells.RESOLUTION: gettext_lazy("Resolutions"),
    cells.APPROVAL: gettext_lazy("Approvals"), cells.OUTCOME: gettext_lazy("Outcomes"),
    cells.RULE_OUTCOME: gettext_lazy("Outcomes"), cells.DELIVERY: gettext_lazy("Deliveries"),
    cells.PROMISE: gettext_lazy("Promises"), cells.WAY: gettext_lazy("Ways through the map"),
    cells.STAY: gettext_lazy("Stays at a step of the map"),
}  # fmt: skip
KEPT = {"kept": gettext_lazy("kept"), "broken": gettext_lazy("broken")}
LABELS: dict[str, dict[str, Any]] = {
    cells.HEARD: MOODS, cells.APPROVAL: HOW, cells.OUTCOME: VERDICTS,
    cells.DELIVERY: dict(Delivery.State.choices), cells.PROMISE: dict(ClockName.choices),
}  # fmt: skip
OF_WAYS: dict[str, Any] = dict(Status.choices) | {
    "ask": gettext_lazy("waits"), "joined": gettext_lazy("joined what waited"),
    "merged": gettext_lazy("joined what waited"),
    "answered": gettext_lazy("answered"), "internal": gettext_lazy("acted on inside"),
    "no_response": gettext_lazy("no response"), "noted": gettext_lazy("told or raised"),
}  # fmt: skip
OF_STAYS: dict[str, Any] = {
    "person": gettext_lazy("a person went on"), "process": gettext_lazy("it went on by itself"),
    "timer": gettext_lazy("time ran out"), "by_hand": gettext_lazy("ended by hand"),
}  # fmt: skip
MORE: dict[str, Any] = {**KEPT, **RESPONSES}


def words_of(one: Measured) -> str:
    """What came of it, in words."""
    if one.kind == cells.WAY:
        return str(OF_WAYS.get(one.more, one.more))
    if one.kind == cells.STAY:
        how, _space, late = one.more.partition(" ")
        return ", ".join([str(OF_STAYS.get(how, how)), *([_("too long")] if late else [])])
    label = LABELS.get(one.kind, {}).get(one.label, one.label)
    parts = [str(label), str(MORE.get(one.more, one.more)), _("brought in from before") if one.past else "",
             _("otherwise decided") if one.overridden else ""]  # fmt: skip
    return ", ".join(part for part in parts if part)


def chips(asked: Asked, narrowed: Narrow) -> list[str]:
    """What the list is narrowed to, in words: the part of the company, then the number that was pressed."""
    scope = asked.scope
    of_map = str(narrowed.values.get("map", ""))
    steps = ways.step_names(of_map) if of_map else {}
    part = {"brand": scope.brand, "team": scope.team, "channel": scope.channel}
    words: dict[str, Callable[[str], object]] = {
        "brand": lambda value: asked.brands.get(int(value)), "team": asked.team,
        "channel": lambda value: asked.channels.get(int(value)), "rule": lambda value: value.replace(":", ", "),
        "intent": lambda value: short_intent(value) or _("not read"), "more": lambda value: MORE.get(value),
        "label": _label, "on": lambda value: date_format(scope.since.fromisoformat(value), "D j M Y"),
        "weekday": lambda value: DAYS[int(value) - 1] if 1 <= int(value) <= 7 else value,
        "hour": lambda value: f"{value}:00–{value}:59", "overridden": lambda value: _("otherwise decided"),
        "how": lambda value: OF_STAYS.get(value), "late": lambda value: _("too long"),
        "hand": lambda value: _("ended by hand"), "version": lambda value: _("version {n}").format(n=value),
        "map": publishing.map_names().get if of_map else str, "step": steps.get,
        "then": lambda value: f"→ {steps.get(value, value)}",
    }  # fmt: skip
    given = {name: str(value) for name, value in part.items() if value} | dict(narrowed.values)
    found = [str(words[name](value) or value) for name, value in given.items()]
    return found + ([] if scope.past else [_("without what was brought in from before")])


def _label(value: str) -> object:
    return next((labels[value] for labels in LABELS.values() if value in labels), None)

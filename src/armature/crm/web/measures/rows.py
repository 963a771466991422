"""The words of the rows behind a number: what each kind is called, what one row says, what narrows a list of them."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.week import DAYS
from armature.crm.act.models import ClockName, Delivery
from armature.crm.learn import cells
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
    cells.PROMISE: gettext_lazy("Promises"),
}  # fmt: skip
KEPT = {"kept": gettext_lazy("kept"), "broken": gettext_lazy("broken")}
LABELS: dict[str, dict[str, Any]] = {
    cells.HEARD: MOODS, cells.APPROVAL: HOW, cells.OUTCOME: VERDICTS,
    cells.DELIVERY: dict(Delivery.State.choices), cells.PROMISE: dict(ClockName.choices),
}  # fmt: skip
MORE: dict[str, Any] = {**KEPT, **RESPONSES}


def words_of(one: Measured) -> str:
    """What came of it, in words."""
    label = LABELS.get(one.kind, {}).get(one.label, one.label)
    parts = [str(label), str(MORE.get(one.more, one.more)), _("brought in from before") if one.past else "",
             _("otherwise decided") if one.overridden else ""]  # fmt: skip
    return ", ".join(part for part in parts if part)


def chips(asked: Asked, narrowed: Narrow) -> list[str]:
    """What the list is narrowed to, in words: the part of the company, then the number that was pressed."""
    scope = asked.scope
    part = {"brand": scope.brand, "team": scope.team, "channel": scope.channel}
    words: dict[str, Callable[[str], object]] = {
        "brand": lambda value: asked.brands.get(int(value)), "team": asked.team,
        "channel": lambda value: asked.channels.get(int(value)), "rule": lambda value: value.replace(":", ", "),
        "intent": lambda value: short_intent(value) or _("not read"), "more": lambda value: MORE.get(value),
        "label": _label, "on": lambda value: date_format(scope.since.fromisoformat(value), "D j M Y"),
        "weekday": lambda value: DAYS[int(value) - 1] if 1 <= int(value) <= 7 else value,
        "hour": lambda value: f"{value}:00–{value}:59", "overridden": lambda value: _("otherwise decided"),
    }  # fmt: skip
    given = {name: str(value) for name, value in part.items() if value} | dict(narrowed.values)
    found = [str(words[name](value) or value) for name, value in given.items()]
    return found + ([] if scope.past else [_("without what was brought in from before")])


def _label(value: str) -> object:
    return next((labels[value] for labels in LABELS.values() if value in labels), None)

"""Figures of what came of it: by intent, rule, kind of response and team; and what became of deliveries."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.learn.cells import DELIVERY, OUTCOME, RULE_OUTCOME
from armature.crm.learn.figures import tally
from armature.crm.web.measures.figure import Asked, Figure, Line, Total, counted, number, percent, points
from armature.crm.web.shipped_words import short_intent

VERDICTS = {"satisfied": gettext_lazy("satisfied"), "not_satisfied": gettext_lazy("not satisfied"),
            "silence": gettext_lazy("silence")}  # fmt: skip
KINDS = {"micro": gettext_lazy("to one person"), "macro": gettext_lazy("to many at once"),
         "notice": gettext_lazy("automatic notice")}  # fmt: skip
STATES = ("sent", "failed", "unknown")
MEANING = gettext_lazy(
    "What each response came to, by what came back last: a reply or a rating that says satisfied or not, or silence "
    "for 14 days. One for each response, on the day it was known."
)


def _by(
    key: str,
    title: Any,
    what: Any,
    column: str,
    name: Callable[[Asked, str], str],
    kind: str = OUTCOME,
    narrow: str = "",
) -> Callable[[Asked], Figure]:
    """Outcomes by one column of the sums, whose rows are found by ``narrow``."""

    def make(asked: Asked) -> Figure:
        now, before = (tally(one, kind, column, "label") for one in (asked.scope, asked.scope.before))
        values = Counter[str]()
        for (value, _verdict), count in now.items():
            values[value] += count
        lines = [
            Line(name(asked, value), [
                *(number(now[value, how], asked.rows(kind, **{narrow or column: value, "label": how}))
                  for how in VERDICTS),
                percent(now[value, "satisfied"], count), _before(before, value),
            ], hint=asked.sentences.get(value, "") if kind == RULE_OUTCOME else "")
            for value, count in sorted(values.items(), key=lambda one: (-one[1], one[0]))
        ]  # fmt: skip
        columns = [str(what), *(str(words) for words in VERDICTS.values()), _("Satisfied"), _("Satisfied before")]
        return Figure(
            key, str(title), str(MEANING), columns, lines, _totals(asked), keys=kind == RULE_OUTCOME
        )  # fmt: skip

    return make


def _before(before: Counter[tuple[Any, ...]], value: str) -> Any:
    return percent(before[value, "satisfied"], sum(before[value, how] for how in VERDICTS))


def _totals(asked: Asked) -> list[Total]:
    now, before = (tally(one, OUTCOME, "label") for one in (asked.scope, asked.scope.before))
    whole, whole_before = sum(now.values()), sum(before.values())
    return [
        counted(_("responses with an outcome"), whole, whole_before, asked.rows(OUTCOME)),
        *(Total(_("of these responses: %(verdict)s") % {"verdict": words},
                percent(now[how,], whole, asked.rows(OUTCOME, label=how)), percent(before[how,], whole_before).text,
                points(now[how,], whole, before[how,], whole_before)) for how, words in VERDICTS.items()),
    ]  # fmt: skip


by_intent = _by("outcomes", gettext_lazy("Outcomes by intent"), gettext_lazy("Intent"), "intent",
                lambda asked, value: short_intent(value) or value or _("not read"))  # fmt: skip
by_rule = _by("outcomes-of-rules", gettext_lazy("Outcomes by rule"), gettext_lazy("Rule"), "more",
              lambda asked, value: value.partition(":")[2], RULE_OUTCOME, "rule")  # fmt: skip
by_kind = _by("outcomes-of-kinds", gettext_lazy("Outcomes by kind of response"), gettext_lazy("Kind of response"),
              "more", lambda asked, value: str(KINDS.get(value, value)))  # fmt: skip
by_team = _by("outcomes-of-teams", gettext_lazy("Outcomes by team"), gettext_lazy("Team"), "team",
              lambda asked, value: asked.team(value))  # fmt: skip


def deliveries(asked: Asked) -> Figure:
    """What became of what we sent, by channel."""
    now, before = (tally(one, DELIVERY, "channel", "label") for one in (asked.scope, asked.scope.before))
    lines = []
    for channel in sorted({channel for channel, _state in now}, key=lambda one: asked.channels.get(one, "")):
        counts = [now[channel, state] for state in STATES]
        rows = [asked.rows(DELIVERY, channel=channel, label=state) for state in STATES]
        was = sum(before[channel, state] for state in STATES)
        cells = [number(count, row) for count, row in zip(counts, rows, strict=True)]
        cells += [percent(counts[1] + counts[2], sum(counts)), percent(was - before[channel, "sent"], was)]
        lines.append(Line(asked.channels.get(channel, ""), cells))
    sums = [Counter({state: sum(n for (_c, how), n in found.items() if how == state) for state in STATES})
            for found in (now, before)]  # fmt: skip
    named = ((_("sent"), "sent"), (_("failed"), "failed"), (_("outcome unknown"), "unknown"))
    totals = [counted(words, sums[0][how], sums[1][how], asked.rows(DELIVERY, label=how)) for words, how in named]
    return Figure(
        "deliveries", _("Deliveries"),
        _("What became of what left in the period: the other side took it, refused it, or nobody knows yet. One for "
          "each delivery, on the day that was known, by the channel it went out on."),
        [_("Channel"), _("Sent"), _("Failed"), _("Outcome unknown"), _("Failed or unknown"), _("Period before")], lines,
        totals,
    )  # fmt: skip

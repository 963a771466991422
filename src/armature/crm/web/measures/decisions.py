"""Figures of what was decided: approvals, rules, and where a person decided otherwise."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.learn.cells import APPROVAL, HEARD, OPEN, OVERRIDE, RULE
from armature.crm.learn.figures import lengths, tally
from armature.crm.web.measures.answers import HOW_EXACT, NONE
from armature.crm.web.measures.figure import (
    Asked,
    Cell,
    Figure,
    Line,
    Total,
    change,
    counted,
    length,
    longer,
    number,
    percent,
    points,
)

HOW = {
    "approved": gettext_lazy("released as written"),
    "edited": gettext_lazy("released with other words"),
    "rejected": gettext_lazy("sent back"),
}


def approvals(asked: Asked) -> Figure:
    """What came of responses that somebody had to approve."""
    now, before = (tally(one, APPROVAL, "label") for one in (asked.scope, asked.scope.before))
    open_now, open_before, clock_now, clock_before = (
        lengths(one, kind).get(None, NONE).median
        for kind in (OPEN[APPROVAL], APPROVAL) for one in (asked.scope, asked.scope.before)
    )  # fmt: skip
    whole, whole_before = sum(now.values()), sum(before.values())
    by_label = lengths(asked.scope, OPEN[APPROVAL], "label")
    lines = [
        Line(str(words), [number(now[how,], asked.rows(APPROVAL, label=how)), percent(now[how,], whole),
                          length(by_label.get(how, NONE).median), number(before[how,]),
                          Cell(change(now[how,], before[how,]))])
        for how, words in HOW.items()
    ]  # fmt: skip
    totals = [
        counted(_("decided"), whole, whole_before, asked.rows(APPROVAL)),
        *(Total(str(HOW[how]), percent(now[how,], whole), percent(before[how,], whole_before).text,
                points(now[how,], whole, before[how,], whole_before)) for how in ("edited", "rejected")),
        Total(_("median, business hours"), length(open_now), length(open_before).text, longer(open_now, open_before)),
        Total(_("median, round the clock"), length(clock_now), length(clock_before).text,
              longer(clock_now, clock_before)),
    ]  # fmt: skip
    meaning = _(
        "Each word of somebody on a response that waited for approval, on the day it was given. The time runs from "
        "when the words were handed in. What nobody decided within 72 hours is not counted."
    )
    return Figure(
        "approvals", _("Approvals"), f"{meaning} {HOW_EXACT}",
        [_("Decision"), _("Number"), _("Share"), _("Median, business hours"), _("Period before"), _("Change")],
        lines, totals,
    )  # fmt: skip


def rules(asked: Asked) -> Figure:
    """How often each row of the tables decided, and how often a person decided otherwise."""
    now, before = (tally(one, RULE, "label") for one in (asked.scope, asked.scope.before))
    other, other_before = (tally(one, OVERRIDE, "label") for one in (asked.scope, asked.scope.before))
    most = max(now.values(), default=0)
    lines = [
        Line(rule.replace("_", " ").replace(":", ", "), [
            number(now[rule,], asked.rows(RULE, rule=rule), round(100 * now[rule,] / most, 1) if most else 0),
            number(other[rule,], asked.rows(OVERRIDE, rule=rule, overridden=1)), percent(other[rule,], now[rule,]),
            number(before[rule,]), percent(other_before[rule,], before[rule,]),
        ], hint=asked.sentences.get(rule, ""))
        for rule, in sorted(now.keys() | before.keys(), key=lambda one: (one[0].partition(":")[0], -now[one], one))
    ]  # fmt: skip
    return Figure(
        "rules", _("Rules"),
        _("For how many messages each row of a table was the one that decided last; one message is decided by a row of "
          "each table. Otherwise decided: a person gave its case to another team, gave it another priority, ended it "
          "without an answer, or called the decision wrong in “To look over”."),
        [_("Table and row"), _("Messages"), _("Otherwise decided"), _("Share"), _("Messages before"),
         _("Share before")],
        lines, [counted(_("messages"), tally(asked.scope, HEARD)[()], tally(asked.scope.before, HEARD)[()],
                        asked.rows(HEARD))], "bars", keys=True,
    )  # fmt: skip

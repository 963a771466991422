"""Figures of this moment: what waits, what is due, what waits for approval, what nobody knows."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.act import waiting
from armature.crm.act.models import ClockName
from armature.crm.web.filters import CLOCK_WORDS, FORM_WORDS
from armature.crm.web.measures.figure import Asked, Cell, Figure, Line, Total, number
from armature.crm.web.templatetags.moments import long_since


def _since(at: datetime | None) -> Cell:
    """How long ago, for people; the moment, for a spreadsheet."""
    if at is None:
        return Cell("–", bare=" ")
    return Cell(long_since(at), bare=timezone.localtime(at).isoformat(timespec="minutes"))


def waits(asked: Asked) -> Figure:
    """Open cases by team and step."""
    found = waiting.waiting(asked.scope.user, asked.filters)
    most = max((one.number for one in found), default=0)
    lines = [
        Line(f"{asked.team(one.team)}: {FORM_WORDS[one.form] if one.form else _('nothing')}", [
            number(one.number, asked.cases("open", team=one.team, form=one.form), round(100 * one.number / most, 1)),
            _since(one.oldest), number(one.long),
        ]) for one in found
    ]  # fmt: skip
    totals = [
        Total(_("waiting now"), number(sum(one.number for one in found), asked.cases("open"))),
        Total(_("the oldest waits since"), _since(waiting.oldest(found))),
        Total(_("waiting for more than a day"), number(sum(one.long for one in found))),
    ]
    return Figure(
        "waiting", _("Waiting now"),
        _("Cases in which it is our turn: new and open ones, as the list “All open” shows them, also those that "
          "another team owns while it is your team's turn. How long somebody waits is counted from their last words. "
          "Snoozed cases and those that wait for the customer are not among them. It says how things are now, whatever "
          "the period; how they were before is not kept: what waits for more than a day waited then already."),
        [_("Team and step"), _("Number"), _("Oldest"), _("For more than a day")], lines, totals, "bars", now=True,
    )  # fmt: skip


def due(asked: Asked) -> Figure:
    """What is overdue and what will be, by team."""
    found = waiting.due(asked.scope.user, asked.filters)
    lines = [
        Line(asked.team(one.team), [
            number(getattr(one, when), asked.cases("open", team=one.team, due=key))
            for when, key in (("late", "late"), ("hour", "hour"), ("today", "today"))
        ]) for one in found
    ]  # fmt: skip
    totals = [
        Total(_("overdue"), number(sum(one.late for one in found), asked.cases("open", due="late"))),
        Total(
            _("due within the hour, or overdue"),
            number(sum(one.hour for one in found), asked.cases("open", due="hour")),
        ),
        Total(_("due today, or overdue"), number(sum(one.today for one in found), asked.cases("open", due="today"))),
    ]  # fmt: skip
    return Figure(
        "due", _("Due and overdue"),
        _("Open cases whose work or first promise runs out before the time named; each number holds those left of it. "
          "Promises are set under Hours. The day ends at midnight of the company's clock."),
        [_("Team"), _("Overdue"), _("Within the hour"), _("Today")], lines, totals, now=True,
    )  # fmt: skip


def clocks(asked: Asked) -> Figure:
    """Promises that still run, by what was promised and by team."""
    found = waiting.clocks(asked.scope.user, asked.filters)
    lines = [
        Line(f"{ClockName(name).label}: {asked.team(team)}", [
            number(counts.get(when, 0), asked.cases("open", team=team, clock=f"{name}-{when}"))
            for when in ("late", "today")
        ]) for (name, team), counts in sorted(
            found.items(), key=lambda one: (ClockName.values.index(one[0][0]), -one[1].get("late", 0), one[0][1]))
    ]  # fmt: skip
    totals = [
        Total(str(CLOCK_WORDS[f"{name}-late"]),
              number(sum(counts.get("late", 0) for (one, _team), counts in found.items() if one == name),
                     asked.cases("open", clock=f"{name}-late")))
        for name in ClockName.values
    ]  # fmt: skip
    return Figure(
        "clocks", _("Promises that run"),
        _("Open cases with a clock that has run out, or will today, by what was promised. A case can have two of them. "
          "What was kept and broken in a period stands under Answers."),
        [_("Promise and team"), _("Overdue"), _("Due today, or overdue")], lines, totals, now=True,
    )  # fmt: skip


def approvals(asked: Asked) -> Figure:
    """Responses that wait for somebody's word."""
    found = waiting.to_approve(asked.scope.user, asked.filters)
    lines = [
        Line(asked.team(one.team), [number(one.number, asked.cases("open", team=one.team, form="approval")),
                                    _since(one.oldest)]) for one in found
    ]  # fmt: skip
    everything = sum(one.number for one in found)
    totals = [
        Total(_("waiting for approval"), number(everything, asked.cases("open", form="approval"))),
        Total(_("the oldest waits since"), _since(min((one.oldest for one in found if one.oldest), default=None))),
    ]
    return Figure(
        "to-approve", _("Waiting for approval"),
        _("Responses that somebody wrote and somebody else has to release. The time runs from when they were handed "
          "in."),
        [_("Team"), _("Number"), _("Oldest")], lines, totals, now=True,
    )  # fmt: skip


def doubts(asked: Asked) -> Figure:
    """Deliveries that are in doubt now, by channel."""
    found = waiting.in_doubt(asked.scope.user, asked.filters)
    by_name: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for channel, count in found.items():
        by_name[asked.channels.get(channel, "")] = (channel, count)
    lines = [
        Line(name, [number(count, asked.cases("unknown", channel=str(channel)))])
        for name, (channel, count) in sorted(by_name.items(), key=lambda one: -one[1][1])
    ]
    total = Total(_("outcome unknown"), number(sum(found.values()), asked.cases("unknown")))
    return Figure(
        "unknown", _("Outcome unknown"),
        _("Responses of which nobody knows whether they went out. They are never sent again by themselves: a person "
          "looks."),
        [_("Channel"), _("Number")], lines, [total], now=True,
    )  # fmt: skip

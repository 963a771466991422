"""Figures of how fast we are: first answers, ends, promises; in business hours and round the clock."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.act.models import ClockName
from armature.crm.learn.cells import FIRST, OPEN, PROMISE, RESOLUTION
from armature.crm.learn.figures import Lengths, lengths, tally
from armature.crm.web import charts
from armature.crm.web.measures.figure import (
    Asked,
    Figure,
    Line,
    Total,
    counted,
    length,
    longer,
    number,
    percent,
    points,
)

NONE = Lengths()
HOW_EXACT = gettext_lazy(
    "Counts are exact. Times are kept in steps: up to 20 minutes at most half a minute off, beyond that at most 2.5 %."
)
QUANTILES: tuple[tuple[Any, Callable[[Lengths], float | None]], ...] = (
    (gettext_lazy("median"), lambda found: found.median),
    (gettext_lazy("nine in ten within"), lambda found: found.p90),
)


def _took(asked: Asked, key: str, kind: str, title: str, meaning: str) -> Figure:
    """How long it took, in total and by team, in business hours and round the clock."""
    now = {one: lengths(asked.scope, one) for one in (OPEN[kind], kind)}
    before = {one: lengths(asked.scope.before, one) for one in (OPEN[kind], kind)}
    by_team = {one: lengths(asked.scope, one, "team") for one in (OPEN[kind], kind)}
    all_now, all_before = now[kind].get(None, NONE), before[kind].get(None, NONE)
    totals = [counted(_("cases"), all_now.number, all_before.number, asked.rows(kind))]
    for one, hours in ((OPEN[kind], _("business hours")), (kind, _("round the clock"))):
        for name, value in QUANTILES:
            took, was = value(now[one].get(None, NONE)), value(before[one].get(None, NONE))
            totals.append(Total(f"{name}, {hours}", length(took), length(was).text, longer(took, was)))
    lines = [
        Line(asked.team(team), [
            number(clock.number, asked.rows(kind, team=team)),
            *(length(value(found)) for found in (by_team[OPEN[kind]].get(team, NONE), clock)
              for _name, value in QUANTILES),
        ]) for team, clock in sorted(by_team[kind].items(), key=lambda one: -one[1].number)
    ]  # fmt: skip
    columns = [_("Team"), _("Cases"), _("Median, business hours"), _("Nine in ten, business hours"),
               _("Median, round the clock"), _("Nine in ten, round the clock")]  # fmt: skip
    return Figure(key, title, f"{meaning} {HOW_EXACT}", columns, lines, totals, "course", *_course(asked, kind))


def _course(asked: Asked, kind: str) -> tuple[Any, str]:
    """The median of each day in business hours, as a line; none where no day has any."""
    by_day = lengths(asked.scope, OPEN[kind], "day")
    medians = {day: by_day.get(day, NONE).median for day in asked.scope.days}
    known = [value for value in medians.values() if value is not None]
    if len(known) < 2:
        return None, ""
    course = charts.course(medians, 0, max(known) or 1)
    return (course, length(max(known)).text), _("Median of each day in business hours.")


def first(asked: Asked) -> Figure:
    """First answers."""
    return _took(asked, "first", FIRST, _("First response"), _(
        "From when a case was opened until a person's first answer went out, counted on the day of that answer. "
        "Automatic notices are no answers. Business hours are those of its team at that time. What was brought in from "
        "before, and what was not answered yet, is left out: see what waits."))  # fmt: skip


def resolution(asked: Asked) -> Figure:
    """Ends."""
    return _took(asked, "resolution", RESOLUTION, _("Resolution"), _(
        "From when a case was opened until it was resolved or closed, counted on the day it ended. A case that is "
        "reopened is taken out until it ends again. Spam, cases that needed no response and merged ones are left "
        "out."))  # fmt: skip


def promises(asked: Asked) -> Figure:
    """Promises kept and broken, by what was promised and by team."""
    now, before = (tally(one, PROMISE, "label", "team", "more") for one in (asked.scope, asked.scope.before))
    lines = []
    for name, team in sorted({group[:2] for group in now}, key=lambda one: (ClockName.values.index(one[0]), one[1])):
        kept, broken = now[name, team, "kept"], now[name, team, "broken"]
        lines.append(Line(f"{ClockName(name).label}: {asked.team(team)}", [
            number(kept, asked.rows(PROMISE, label=name, team=team, more="kept")),
            number(broken, asked.rows(PROMISE, label=name, team=team, more="broken")), percent(kept, kept + broken),
            percent(before[name, team, "kept"], before[name, team, "kept"] + before[name, team, "broken"]),
        ]))  # fmt: skip
    kept, broken, kept_before, broken_before = (
        sum(count for group, count in found.items() if group[2] == how)
        for found in (now, before) for how in ("kept", "broken")
    )  # fmt: skip
    totals = [
        Total(_("kept in time"), percent(kept, kept + broken), percent(kept_before, kept_before + broken_before).text,
              points(kept, kept + broken, kept_before, kept_before + broken_before)),
        counted(_("broken"), broken, broken_before, asked.rows(PROMISE, more="broken")),
    ]  # fmt: skip
    return Figure(
        "promises", _("Promises"),
        _("Clocks that stopped in the period, in time or too late, by what was promised. A clock that is overdue and "
          "still runs stands under “Due and overdue”."),
        [_("Promise and team"), _("Kept"), _("Broken"), _("Kept in time"), _("Period before")], lines, totals,
    )  # fmt: skip

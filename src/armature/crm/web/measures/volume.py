"""Figures of what was said to us: by day, channel, brand, intent, hour of the week, and how it was meant."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.week import DAYS
from armature.crm.learn.cells import HEARD, HOUR
from armature.crm.learn.figures import tally
from armature.crm.web import charts
from armature.crm.web.measures.figure import (
    Asked,
    Cell,
    Figure,
    Line,
    Maker,
    Words,
    bars,
    change,
    compared,
    counted,
    iso,
    number,
)
from armature.crm.web.shipped_words import short_intent

MOODS = {"unhappy": gettext_lazy("unhappy"), "calm": gettext_lazy("calm"), "happy": gettext_lazy("happy"),
         "unread": gettext_lazy("not read")}  # fmt: skip
MEANING = gettext_lazy(
    "Messages of people to us: one for each, edited or not, counted on the day it was said. What machines wrote "
    "(out of office, mailing lists) is left out."
)


def days(asked: Asked) -> Figure:
    """Messages by day."""
    now, before = tally(asked.scope, HEARD, "day"), tally(asked.scope.before, HEARD, "day")
    counts = {day: now[day,] for day in asked.scope.days}
    earlier = [before[day,] for day in asked.scope.before.days]
    lines = [
        Line(date_format(day, "D j M Y"), [number(count, asked.rows(HEARD, on=iso(day))), number(was),
                                           Cell(change(count, was))])
        for (day, count), was in zip(counts.items(), earlier, strict=True)
    ]  # fmt: skip
    total = counted(_("messages"), sum(counts.values()), sum(earlier), asked.rows(HEARD))
    return Figure(
        "volume", _("Messages"), str(MEANING), [_("Day"), _("Messages"), _("As long before"), _("Change")], lines,
        [total], "days", charts.days(counts), _("Messages by day; the same numbers stand in the table."),
    )  # fmt: skip


def _split(key: str, title: Words, what: Words, column: str, name: Callable[[Asked, Any], str]) -> Maker:
    """A figure of messages by one column."""

    def make(asked: Asked) -> Figure:
        now, before = tally(asked.scope, HEARD, column), tally(asked.scope.before, HEARD, column)
        lines = bars([
            (name(asked, value), now[value,], before[value,], asked.rows(HEARD, **{column: value}))
            for value, in sorted(now.keys() | before.keys(), key=lambda one: (-now[one], -before[one], str(one)))
        ])  # fmt: skip
        total = counted(_("messages"), sum(now.values()), sum(before.values()), asked.rows(HEARD))
        return Figure(key, str(title), str(MEANING), compared(what), lines, [total], "bars")

    return make


channels = _split("channels", gettext_lazy("Messages by channel"), gettext_lazy("Channel"), "channel",
                  lambda asked, value: asked.channels.get(value, ""))  # fmt: skip
brands = _split("brands", gettext_lazy("Messages by brand"), gettext_lazy("Brand"), "brand",
                lambda asked, value: asked.brands.get(value, ""))  # fmt: skip
teams = _split("teams", gettext_lazy("Messages by team"), gettext_lazy("Team"), "team",
               lambda asked, value: asked.team(value))  # fmt: skip
intents = _split("intents", gettext_lazy("Messages by intent"), gettext_lazy("Intent"), "intent",
                 lambda asked, value: short_intent(value) or value or _("not read"))  # fmt: skip


def week(asked: Asked) -> Figure:
    """Messages by hour of the week."""
    found: Counter[tuple[int, int]] = Counter()
    for (day, hour), count in tally(asked.scope, HOUR, "day", "hour").items():
        found[day.isoweekday(), hour] += count
    shades = charts.heat(found)
    lines = [
        Line(str(name), [number(found[day, hour], asked.rows(HOUR, weekday=day, hour=hour)) for hour in range(24)],
             shade=[shades[day, hour] for hour in range(24)])
        for day, name in enumerate(DAYS, 1)
    ]  # fmt: skip
    before = sum(tally(asked.scope.before, HOUR).values())
    total = counted(_("messages"), sum(found.values()), before, asked.rows(HOUR))
    return Figure(
        "week", _("Messages by hour of the week"),
        _("The same messages by weekday and hour of the company's clock. The darker, the more; the number says how "
          "many."),
        [_("Day"), *(f"{hour:02}" for hour in range(24))], lines, [total], "heat",
    )  # fmt: skip


def sentiment(asked: Asked) -> Figure:
    """How messages were meant, by day."""
    now, before = tally(asked.scope, HEARD, "day", "label"), tally(asked.scope.before, HEARD, "label")
    parts = {mood: {day: now[day, mood] for day in asked.scope.days} for mood in MOODS}
    named = {str(MOODS[mood]): counts for mood, counts in parts.items() if any(counts.values())}
    lines = bars(
        [(str(MOODS[mood]), sum(counts.values()), before[mood,], asked.rows(HEARD, label=mood))
         for mood, counts in parts.items()], kinds=range(len(MOODS)),
    )  # fmt: skip
    total = counted(
        _("unhappy"), sum(parts["unhappy"].values()), before["unhappy",], asked.rows(HEARD, label="unhappy")
    )
    return Figure(
        "sentiment", _("Sentiment"),
        _("How messages were meant, as the machine read them: a hint, not measured on your own messages. "
          "What nobody had to read (a survey without words) is “not read”."),
        compared(_("Sentiment")), lines, [total], "stacks", _stacked(named),
        _("Sentiment by day; the sums stand in the table."),
    )  # fmt: skip


def _stacked(named: Mapping[str, Mapping[Any, int]]) -> charts.Stacks:
    return charts.stacks(named, [str(words) for words in MOODS.values()])

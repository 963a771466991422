"""Figures of what was said: by month, channel, intent, language, and hour of the week."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from armature.crm.accounts.week import DAYS
from armature.crm.learn.assessments import sums
from armature.crm.web import charts
from armature.crm.web.assessments.counts import Counts
from armature.crm.web.assessments.names import language
from armature.crm.web.measures.figure import Cell, Figure, Line, number, percent

LINES = 15
"""Lines of a figure; what is beyond is added up in one more."""


def figures(counts: Counts) -> list[Figure]:
    """All of them; in each the numbers add up to all messages."""
    names = counts.names
    return [
        _split(counts, sums.CHANNEL, _("By channel"), _("Channel"), names.channel),
        _split(counts, sums.INTENT, _("By intent"), _("Intent"), names.intent),
        _split(counts, sums.LANGUAGE, _("By language"), _("Language"), language),
        _months(counts), _week(counts),
    ]  # fmt: skip


def shared(found: Sequence[tuple[str, int]]) -> list[Line]:
    """Lines with a bar each, and their share of all."""
    total, most = sum(count for _l, count in found), max((count for _l, count in found), default=0)
    return [
        Line(label, [number(count, share=round(100 * count / most, 1) if most else 0), percent(count, total)])
        for label, count in found
    ]


def topmost(found: Counter[str], called: Callable[[str], str], most: int = LINES) -> list[tuple[str, int]]:
    """The most frequent ones by name, and the sum of the rest."""
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    rest = sum(count for _key, count in ranked[most:])
    return [(called(key), count) for key, count in ranked[:most]] + ([(_("all others"), rest)] if rest else [])


def _split(counts: Counts, key: str, title: str, what: str, called: Callable[[str], str]) -> Figure:
    lines = shared(topmost(counts.one(key), called))
    return Figure(f"f-{key}", title, "", [what, _("Messages"), _("Share")], lines, shape="bars")


def _months(counts: Counts) -> Figure:
    """Month after month, the newest 36."""
    found = sorted(counts.one(sums.MONTH).items())
    shown = [(date_format(date.fromisoformat(f"{key}-01"), "M Y"), count) for key, count in found[-36:]]
    before = sum(count for _key, count in found[:-36])
    lines = shared([(_("before"), before), *shown] if before else shown)
    return Figure("f-month", _("By month"), "", [_("Month"), _("Messages"), _("Share")], lines, shape="bars")


def _week(counts: Counts) -> Figure:
    found = {(int(day), int(hour)): count for (day, hour), count in counts.by(sums.HOUR, 0, 1).items()}
    shades = charts.heat(found)
    lines = [
        Line(str(name), [Cell(str(found.get((day, hour), 0))) for hour in range(24)],
             shade=[shades[day, hour] for hour in range(24)])
        for day, name in enumerate(DAYS, 1)
    ]  # fmt: skip
    meaning = _("The darker, the more; the number says how many.")
    hours = [f"{hour:02}" for hour in range(24)]
    return Figure("f-week", _("By hour of the week"), meaning, [_("Day"), *hours], lines if found else [], shape="heat")

"""The first look of the morning: one number of each kind, each with what it was before and the way to more of it."""

from django.utils.translation import gettext as _

from armature.crm.learn.cells import APPROVAL, DELIVERY, FIRST, HEARD, OPEN, OUTCOME, PROMISE, RESOLUTION
from armature.crm.learn.figures import lengths, tally
from armature.crm.web.measures.answers import NONE
from armature.crm.web.measures.figure import Asked, Cell, Figure, Line, Total, counted, length, longer, percent, points


def overview(asked: Asked) -> Figure:
    """What a lead asks first."""
    totals = [
        *(_count(asked, name, kind) for name, kind in (
            (_("messages"), HEARD), (_("first responses"), FIRST), (_("cases ended"), RESOLUTION),
        )),
        _median(asked, _("first response, median, business hours"), FIRST),
        _median(asked, _("resolution, median, business hours"), RESOLUTION),
        _share(asked, _("promises kept in time"), PROMISE, "more", "kept"),
        _share(asked, _("satisfied, of responses with an outcome"), OUTCOME, "label", "satisfied"),
        _share(asked, _("sent back, of what waited for approval"), APPROVAL, "label", "rejected"),
        _count(asked, _("deliveries that failed"), DELIVERY, "failed"),
    ]  # fmt: skip
    lines = [Line(one.name, [one.now, Cell(one.before), Cell(one.change)]) for one in totals]
    return Figure(
        "overview", _("In these days"),
        _("One number of each page of figures, with the same of as many days before. What each counts exactly is said "
          "there."),
        [_("Figure"), _("Number"), _("Period before"), _("Change")], lines, totals, "totals",
    )  # fmt: skip


def _count(asked: Asked, name: str, kind: str, label: str = "") -> Total:
    def number(before: bool) -> int:
        found = tally(asked.scope.before if before else asked.scope, kind, "label")
        return found[label,] if label else sum(found.values())

    return counted(name, number(False), number(True), asked.rows(kind, **({"label": label} if label else {})))


def _median(asked: Asked, name: str, kind: str) -> Total:
    now, before = (lengths(one, OPEN[kind]).get(None, NONE).median for one in (asked.scope, asked.scope.before))
    shown = length(now)
    rows = asked.rows(kind) if now is not None else ""
    return Total(name, Cell(shown.text, rows, shown.bare), length(before).text, longer(now, before))


def _share(asked: Asked, name: str, kind: str, column: str, value: str) -> Total:
    now, before = (tally(one, kind, column) for one in (asked.scope, asked.scope.before))
    shown = percent(now[value,], sum(now.values()))
    rows = asked.rows(kind, **{column: value}) if now[value,] else ""
    was = before[value,], sum(before.values())
    return Total(
        name, Cell(shown.text, rows, shown.bare), percent(*was).text, points(now[value,], sum(now.values()), *was)
    )

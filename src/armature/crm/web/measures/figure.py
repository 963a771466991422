"""What every figure is: what it means, a table of numbers that lead to their rows, what it was before, a picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from armature.crm.accounts.models import Brand, Team
from armature.crm.act.filters import Filters
from armature.crm.decide import plans, versions
from armature.crm.learn.figures import Scope
from armature.crm.listen.models import Channel
from armature.crm.web.templatetags.moments import span

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as it is shown, and where its rows are; ``bare`` is what a spreadsheet gets."""

    text: str
    link: str = ""
    bare: str = ""
    share: float | None = None

    @property
    def plain(self) -> str:
        """For a spreadsheet."""
        return self.bare or self.text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table of a figure. ``kind`` numbers its pattern where a picture has several.

    ``hint`` is what a rule says, as it was written down.
    """

    label: str
    cells: Sequence[Cell]
    kind: int = 0
    shade: Sequence[int] = ()
    hint: str = ""

    @property
    def shaded(self) -> list[tuple[Cell, int]]:
        """Its cells with how dark each is, for a heat map."""
        return list(zip(self.cells, self.shade, strict=True))


@dataclass(frozen=True, slots=True)
class Total:
    """One number of the whole period, the same of the period before, and what changed between them."""

    name: str
    now: Cell
    before: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a page. ``shape`` is how it is drawn: bars, days, stacks, course, heat, totals, or table alone.

    ``now``: it is of this moment, whatever the period. ``keys``: its lines are named by keys, which
    have no translation.
    """

    key: str
    title: str
    meaning: str
    columns: Sequence[str]
    lines: Sequence[Line] = ()
    totals: Sequence[Total] = ()
    shape: str = "table"
    picture: Any = None
    said: str = ""
    now: bool = False
    keys: bool = False


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see, with the names of things and the ways to the rows."""

    scope: Scope
    query: str
    chosen: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def teams(self) -> dict[str, str]:
        """Names of teams."""
        return dict(Team.objects.values_list("key", "name"))

    @cached_property
    def channels(self) -> dict[int, str]:
        """Names of channels."""
        return dict(Channel.objects.values_list("pk", "name"))

    @cached_property
    def brands(self) -> dict[int, str]:
        """Names of brands."""
        return dict(Brand.objects.values_list("pk", "name"))

    @cached_property
    def sentences(self) -> dict[str, str]:
        """What each row of the tables says that are in force, by table and row."""
        row = versions.for_the_rest()
        if row is None:
            return {}
        tables = plans.load([row.pk])[row.pk].tables
        return {f"{key}:{rule.id}": table.sentence(rule.id) for key, table in tables.items() for rule in table.rules}

    def team(self, key: str) -> str:
        """The name of a team."""
        return self.teams.get(key) or key or _("no team")

    def rows(self, kind: str, **narrow: object) -> str:
        """Where the rows of a number are."""
        more = urlencode({f"n_{name}": value for name, value in narrow.items()})
        return f"{reverse('measure-rows', args=[kind])}?{'&'.join(part for part in (self.query, more) if part)}"

    @property
    def filters(self) -> Filters:
        """The part of the company as a list of cases is narrowed by it."""
        part = {"brand": self.scope.brand, "team": self.scope.team, "channel": self.scope.channel}
        return Filters({name: str(value) for name, value in part.items() if value})

    def cases(self, view: str, **more: str) -> str:
        """The list of cases with the same filters."""
        query = urlencode({**self.filters.values, **more})
        return f"{reverse('cases', args=[view])}{'?' if query else ''}{query}"


Maker = Callable[[Asked], Figure]


def number(count: int, link: str = "", share: float | None = None) -> Cell:
    """A number that leads to its rows; nought leads nowhere."""
    return Cell(f"{count:,}".replace(",", "\u202f"), link if count else "", str(count), share)


def length(minutes: float | None) -> Cell:
    """A length of time; a dash where there is none. A spreadsheet gets minutes."""
    if minutes is None:
        return Cell("–", bare=" ")
    return Cell(span(timedelta(minutes=minutes)) if minutes >= 1 else _("under 1 min"), bare=f"{minutes:.1f}")


def percent(part: int, whole: int, link: str = "") -> Cell:
    """A share in percent, which leads to the rows of the part; a dash where there is nothing to share."""
    return Cell(f"{round(100 * part / whole)} %" if whole else "–", link if part else "", "" if whole else " ")


ENOUGH = 10
"""Of fewer no percent are told: two more than one are no 200 % of anything."""


def change(now: int, before: int) -> str:
    """What changed, as a number and in percent."""
    if now == before:
        return _("unchanged")
    more = f"{now - before:+,}".replace(",", "\u202f").replace("-", "\u2212")
    share = f" ({round(100 * (now - before) / before):+} %)".replace("-", "\u2212") if before >= ENOUGH else ""
    return f"{more}{share}"


def points(part: int, whole: int, part_before: int, whole_before: int) -> str:
    """What changed in a share, in points of percent."""
    if not (whole and whole_before):
        return ""
    more = round(100 * part / whole) - round(100 * part_before / whole_before)
    if not more:
        return _("unchanged")
    return ngettext("{n} point", "{n} points", abs(more)).format(n=f"{more:+}".replace("-", "\u2212"))


def longer(now: float | None, before: float | None) -> str:
    """What changed in a length of time."""
    if now is None or before is None:
        return ""
    if abs(now - before) < 1:
        return _("unchanged")
    words = _("{time} longer") if now > before else _("{time} shorter")
    return words.format(time=span(timedelta(minutes=abs(now - before))))


def counted(name: Words, now: int, before: int, link: str = "") -> Total:
    """A count of the period beside the one before."""
    return Total(str(name), number(now, link), number(before).text, change(now, before))


def bars(asked: Sequence[tuple[str, int, int, str]], kinds: Sequence[int] | None = None) -> list[Line]:
    """Lines with a bar each: label, now, before, where the rows are."""
    whole, most = sum(now for _l, now, _b, _r in asked), max((now for _l, now, _b, _r in asked), default=0)
    return [
        Line(label, [number(now, link, round(100 * now / most, 1) if most else 0), percent(now, whole), number(before),
                     Cell(change(now, before))], kinds[at] if kinds else 0)
        for at, (label, now, before, link) in enumerate(asked)
    ]  # fmt: skip


def compared(what: Words) -> list[str]:
    """The columns of such lines."""
    return [str(what), _("Number"), _("Share"), _("Period before"), _("Change")]


def iso(day: date) -> str:
    """A day as an address has it."""
    return day.isoformat()

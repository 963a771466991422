"""The pages of measures: groups of figures, the rows behind a number, and both to take away."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts import audit
from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act.listing import Place
from armature.crm.learn import figures
from armature.crm.learn.figures import Narrow
from armature.crm.learn.models import Measured
from armature.crm.listen.models import Channel
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.measures import answers, decisions, now, outcomes, overview, volume
from armature.crm.web.measures.asking import asked
from armature.crm.web.measures.figure import Asked, Maker, length
from armature.crm.web.measures.rows import KINDS, chips, words_of
from armature.crm.web.survey_results import _safe as safe

GROUPS: dict[str, tuple[Any, dict[str, Maker]]] = {
    "now": (gettext_lazy("Now"), {
        "overview": overview.overview, "waiting": now.waits, "due": now.due, "clocks": now.clocks,
        "to-approve": now.approvals, "unknown": now.doubts,
    }),
    "volume": (gettext_lazy("Volume"), {
        "volume": volume.days, "channels": volume.channels, "intents": volume.intents, "teams": volume.teams,
        "brands": volume.brands, "week": volume.week, "sentiment": volume.sentiment,
    }),
    "answers": (gettext_lazy("Answers"), {
        "first": answers.first, "resolution": answers.resolution, "promises": answers.promises,
    }),
    "decisions": (gettext_lazy("Approvals and rules"), {"approvals": decisions.approvals, "rules": decisions.rules}),
    "outcomes": (gettext_lazy("Outcomes"), {
        "outcomes": outcomes.by_intent, "outcomes-of-rules": outcomes.by_rule, "outcomes-of-kinds": outcomes.by_kind,
        "outcomes-of-teams": outcomes.by_team, "deliveries": outcomes.deliveries,
    }),
}  # fmt: skip
FIGURES = {key: make for _name, makers in GROUPS.values() for key, make in makers.items()}


def lead_or_404(request: HttpRequest) -> User:
    """Measures are for those who lead a team; for everybody else there is no such page."""
    user = user_of(request)
    if not rights_of(user).anywhere(Role.LEAD):
        raise Http404
    return user


@require_safe
@in_company_time
def shown(request: HttpRequest, group: str = "now") -> HttpResponse:
    """One group of figures."""
    user = lead_or_404(request)
    if group not in GROUPS:
        raise Http404
    wanted, form = asked(request, user)
    context = {
        "at": "measures", "group": group, "groups": [(key, name) for key, (name, _makers) in GROUPS.items()],
        "form": form, "scope": wanted.scope, "query": wanted.query, "printed": timezone.now(),
        "figures": [make(wanted) for make in GROUPS[group][1].values()],
    }  # fmt: skip
    return render(request, "web/measures/group.html", context, status=400 if form.errors else 200)


@require_safe
@in_company_time
def rows(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows that a number counts, latest first, with how many there are."""
    wanted, narrowed = _rows_asked(request, kind)
    found = figures.behind(wanted.scope, kind, narrowed)
    page = figures.page(found, given.place(request))
    shown, more = page[: figures.PAGE], len(page) > figures.PAGE
    query = _query(wanted, narrowed)
    context = {
        "at": "measures", "kind": kind, "title": KINDS[kind], "total": found.count(), "query": query,
        "scope": wanted.scope, "chips": chips(wanted, narrowed),
        "lines": [(one, words_of(one), length(one.open_minutes) if one.minutes is not None else None) for one in shown],
        "more": str(Place(shown[-1].pk, shown[-1].at)) if more else "", "most": figures.MOST_ROWS,
    }  # fmt: skip
    return render(request, "web/measures/rows.html", context)


def _rows_asked(request: HttpRequest, kind: str) -> tuple[Asked, Narrow]:
    user = lead_or_404(request)
    if kind not in KINDS:
        raise Http404
    return asked(request, user)[0], figures.narrow(request.GET.dict())


def _query(wanted: Asked, narrowed: Narrow) -> str:
    more = urlencode({f"n_{name}": value for name, value in narrowed.values.items()})
    return "&".join(part for part in (wanted.query, more) if part)


@require_POST
@in_company_time
def take(request: HttpRequest, key: str) -> HttpResponse:
    """A figure as CSV. It is a deed: the log keeps who took what away."""
    user = lead_or_404(request)
    if key not in FIGURES:
        raise Http404
    wanted, _form = asked(request, user)
    figure = FIGURES[key](wanted)
    audit.log(user, "took a figure away", f"figure {key}", {"asked": wanted.query, "lines": len(figure.lines)})
    lines = [[line.label, *(cell.plain for cell in line.cells)] for line in figure.lines]
    return _sheet(figure.columns, lines, f"{key}-{wanted.scope.since}-{wanted.scope.until}")


@require_POST
@in_company_time
def take_rows(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows behind a number as CSV."""
    wanted, narrowed = _rows_asked(request, kind)
    found = figures.page(figures.behind(wanted.scope, kind, narrowed), None, figures.MOST_ROWS)[: figures.MOST_ROWS]
    values = {"asked": _query(wanted, narrowed), "rows": len(found)}
    audit.log(wanted.scope.user, "took rows of a figure away", f"figure {kind}", values)
    head = [
        _("When"),
        _("Case"),
        _("Channel"),
        _("Team"),
        _("Intent"),
        _("What"),
        _("Minutes"),
        _("Minutes, business hours"),
    ]
    return _sheet(head, map(_row, found), f"{kind}-{wanted.scope.since}-{wanted.scope.until}")


def _row(one: Measured) -> list[str]:
    at = timezone.localtime(one.at).isoformat(timespec="seconds")
    took = ["" if minutes is None else f"{minutes:.1f}" for minutes in (one.minutes, one.open_minutes)]
    channel: Channel = one.channel
    return [at, str(one.case_id), channel.name, one.team, one.intent, words_of(one), *took]


def _sheet(head: Sequence[str], lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Cells that no spreadsheet runs."""
    text = io.StringIO()
    sheet = csv.writer(text)
    for line in (head, *lines):
        sheet.writerow([safe(cell.strip()) if not _is_number(cell) else cell for cell in line])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdecimal()

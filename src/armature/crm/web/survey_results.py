"""What came of a survey: figures, charts, the latest answers, its links, and all of it as a table to take away."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts import audit
from armature.crm.act import survey_results, surveys
from armature.crm.act.survey_results import AnswerLine, Figures
from armature.crm.channels.survey.wording import OWN, said
from armature.crm.channels.talks import is_handle
from armature.crm.listen.surveys.models import Survey
from armature.crm.web import charts, given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.surveys import open_link, survey_or_404

SPANS = (30, 90, 365)
PATTERNS = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a spreadsheet takes for the beginning of a formula or of a command."""


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """The figures of some days, how they went, and the latest answers."""
    user = user_of(request)
    one = survey_or_404(user, number)
    span = given.span(request, SPANS)
    began = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=span - 1), time.min))
    figures = survey_results.figures(user, one, began)
    questions = survey_results.questions_of(survey_results.wordings_of(one))
    context = {
        "at": "surveys", "one": one, "span": span, "spans": SPANS, "figures": figures, "may": surveys.may(user, one),
        "ratings": charts.shares([(str(score), count) for score, count in figures.ratings.items()]),
        "open": surveys.is_open(one), "link": open_link(request, one), **_course(request, one, began, span),
        "told": [(each.question, charts.shares([(_word(label), n) for label, n in each.counts]))
                 for each in survey_results.by_question(user, one, questions, began)],
        **_page(survey_results.answers(user, one, given.place(request))),
    }  # fmt: skip
    return render(request, "web/surveys/results.html", context)


def _word(label: str) -> str:
    return str(PATTERNS.get(label, label))


def _page(found: list[AnswerLine]) -> dict[str, Any]:
    answers = found[: survey_results.PAGE]
    return {"answers": answers, "more": str(answers[-1].stands) if len(found) > len(answers) else ""}


def _course(request: HttpRequest, one: Survey, began: datetime, span: int) -> dict[str, Any]:
    """How many answered and how it went, by day; over a year by week."""
    unit = "week" if span > 90 else "day"
    zone = timezone.get_current_timezone_name()
    found = survey_results.over_time(user_of(request), one, began, zone, unit=unit)
    days = _days(timezone.localdate(began), unit)
    counts = {day: found[day].answers if day in found else 0 for day in days}
    if one.kind == OWN:
        return {"volume": charts.days(counts), "by_day": _lines(days, found), "unit": unit}
    results = {day: found[day].result if day in found else None for day in days}
    course = charts.course(results, *survey_results.ends(one.kind))
    return {"volume": charts.days(counts), "course": course, "by_day": _lines(days, found), "unit": unit}


def _days(first: date, unit: str) -> list[date]:
    if unit == "week":
        first -= timedelta(days=first.weekday())
    step = 7 if unit == "week" else 1
    return [first + timedelta(days=n) for n in range(0, (timezone.localdate() - first).days + 1, step)]


def _lines(days: list[date], found: dict[date, Figures]) -> list[tuple[date, Figures]]:
    return [(day, found[day]) for day in days if day in found]


@require_safe
def code(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The link of a survey as a square code for paper."""
    one = survey_or_404(user_of(request), number)
    if form not in FORMS:
        raise Http404
    picture, drawn = io.BytesIO(), segno.make(open_link(request, one), error="m", micro=False)
    drawn.save(picture, kind=form, scale=10 if form == "png" else 4, border=4)
    response = HttpResponse(picture.getvalue(), content_type=FORMS[form])
    how = "inline" if "shown" in request.GET else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="survey-{one.pk}.{form}"'
    return response


@require_POST
@in_company_time
def export(request: HttpRequest, number: int) -> HttpResponse:
    """All answers in cases one may see, as CSV. It is a deed: the log keeps who took what away."""
    user = user_of(request)
    one = survey_or_404(user, number)
    if not surveys.may(user, one):
        raise Http404
    questions = survey_results.questions_of(survey_results.wordings_of(one))
    found = survey_results.answers(user, one, None, survey_results.MOST_ROWS)[: survey_results.MOST_ROWS]
    audit.log(user, "took the answers of a survey away", f"survey {one.pk}", {"answers": len(found)})
    text = io.StringIO()
    sheet = csv.writer(text)
    head = [_("When"), _("Rating"), *(each.label for each in questions), _("Name"), _("Address"), _("Case")]
    sheet.writerow([_safe(cell) for cell in head])
    for line in found:
        told = [said(line.given.get(each.key)) for each in questions]
        address = "" if is_handle(line.address) else line.address
        at = timezone.localtime(line.at).isoformat(timespec="seconds")
        rating = "" if line.score is None else str(line.score)
        sheet.writerow([_safe(cell) for cell in (at, rating, *told, line.who, address, str(line.case))])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="survey-{one.pk}.csv"'
    return response


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs: what begins like a formula gets a sign before it, as OWASP advises."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell

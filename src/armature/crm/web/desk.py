"""The desk: views at the left, cases, the conversation with its composer, the spine at the right."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.web import case_list, filters, first_steps, opened, views_of_cases
from armature.crm.web.desk_parts import user_of, view_or_404
from armature.crm.web.local_time import in_company_time

PARTS = {"rail": "web/_rail.html", "list": "web/_list_alone.html", "rows": "web/_rows.html", "case": "web/_case.html"}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The view with work in it."""
    numbers = views_of_cases.counts(user_of(request))
    first = next((key for key in ("mine", "approve", "intent", "open") if numbers[key]), "open")
    return redirect("cases", view=first)


@require_safe
@in_company_time
def cases(request: HttpRequest, view: str) -> HttpResponse:
    """One view; the rail, the list or a further page of it alone when only that is asked for."""
    if "" in request.GET.values():  # a form names what was left open too: the address shows what was chosen
        return redirect(f"{reverse('cases', args=[view])}?{filters.query(filters.of(request))}")
    part = _part(request) if _part(request) in ("rail", "list", "rows") else ""
    shown = case_list.around if part == "rail" else case_list.context
    steps = {} if part else first_steps.context(user_of(request))
    return _render(request, part, shown(user_of(request), view_or_404(view), request) | steps)


@require_safe
@in_company_time
def case(request: HttpRequest, view: str, number: int) -> HttpResponse:
    """One case opened in a view; the case alone when only that is asked for, nothing when it has not changed."""
    user, chosen = user_of(request), view_or_404(view)
    opened_case = case_or_404(user, number)
    if (into := opened_case.merged_into_id) and queries.cases_for(user).filter(pk=into).exists():
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse('case', args=[view, into])}{'?' if query else ''}{query}")
    part = "case" if _part(request) == "case" else ""
    if part and (seen := request.GET.get("seen")) and seen == opened.stamp(opened_case):
        return HttpResponse(status=204)
    shown = {
        "view": chosen,
        "part": part,
        "query": filters.query(filters.of(request)),
        **opened.context(request, user, opened_case),
    }
    return _render(request, part, shown if part else shown | case_list.context(user, chosen, request, number))


def case_or_404(user: User, number: int) -> Case:
    """A case this user may see; whether others exist is not told."""
    try:
        return queries.case_for(user, number)
    except Case.DoesNotExist:
        raise Http404 from None


def _render(request: HttpRequest, part: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, PARTS.get(part, "web/desk.html"), context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _part(request: HttpRequest) -> str:
    return request.GET.get("part", "") if request.headers.get("HX-Request") else ""

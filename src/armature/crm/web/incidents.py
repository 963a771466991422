"""The pages of incidents: those that are open, a new one, one with its words and who joined it; what is done there."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import RANK, NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, Team, User
from armature.crm.act import incident_rows, incident_sight, incidents, queries, spreading, statements
from armature.crm.act.models import Case, Incident, Statement
from armature.crm.act.work import Refused
from armature.crm.web.bar import PRIORITIES
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.local_time import in_company_time
from armature.crm.web.snooze_times import chosen

CANNOT = (Refused, NotAllowed)


def incident_or_404(request: HttpRequest, number: int) -> Incident:
    """One of their teams'; whether there are others is not told."""
    try:
        return incident_sight.incident_for(user_of(request), number)
    except Incident.DoesNotExist:
        raise Http404 from None


def _before(request: HttpRequest) -> int:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else 0


@require_safe
@in_company_time
def listed(request: HttpRequest) -> HttpResponse:
    """Those that are open, or those that are closed."""
    user, closed = user_of(request), request.GET.get("closed") == "1"
    found = incident_rows.listed(user, _before(request), closed=closed)
    shown = found[: incident_rows.PAGE]
    return render(request, "web/incidents/list.html", {
        "at": "incidents", "lines": shown, "closed": closed, "may": bool(_teams(user)),
        "more": shown[-1][0].pk if len(found) > len(shown) else 0,
    })  # fmt: skip


def _teams(user: User) -> list[Team]:
    """The teams in which a user may open an incident."""
    held = {team for team, _brand, role in rights_of(user).roles if RANK[role] >= RANK[Role.AGENT]}
    return list(Team.objects.filter(Q() if None in held else Q(key__in=held)).order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def new(request: HttpRequest) -> HttpResponse:
    """Open one, for a case when it was asked for from there; what was typed stays when something is wrong with it."""
    user = user_of(request)
    case = _case(user, (request.POST if request.method == "POST" else request.GET).get("case", ""))
    context: dict[str, Any] = {
        "at": "incidents", "teams": _teams(user), "brands": Brand.objects.order_by("name"), "case": case,
        "priorities": PRIORITIES, "priority": number(request, "priority") or 2, "typed": request.POST,
        "team": words(request, "team") or (case.team if case else ""),
        "brand": number(request, "brand") or (case.conversation.channel.brand_id if case else 0),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "web/incidents/new.html", context)
    try:
        one = _begun(request, user)
        if case:
            incidents.join(user, case, one)
    except CANNOT as problem:
        return render(request, "web/incidents/new.html", context | {"problem": str(problem)}, status=422)
    return redirect("incident", number=one.pk)


def _begun(request: HttpRequest, user: User) -> Incident:
    team = Team.objects.filter(key=words(request, "team")).first()
    brand = Brand.objects.filter(pk=number(request, "brand")).first()
    if team is None or brand is None:
        raise Refused(_("Choose a team and a brand of the lists."))
    at = request.POST.get("due", "")
    due = chosen("at", at) if at else None
    if at and due is None:
        raise Refused(_("Write the time of the statement as a day and a time."))
    return incidents.begin(
        user, title=words(request, "title", 500), about=words(request, "about", 5000), team=team, brand=brand,
        priority=number(request, "priority"), due=due,
    )  # fmt: skip


def _case(user: User, asked: str) -> Case | None:
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 16):
        return None
    return queries.cases_for(user).filter(pk=int(asked)).first()


@require_safe
@in_company_time
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What it is about, its words, and who joined it."""
    incident = incident_or_404(request, number)
    if request.headers.get("HX-Request") and request.GET.get("part"):
        return render(request, "web/incidents/_how_far.html", _joined(request, incident))
    return _page(request, incident)


def _joined(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """Who joined, as far as this user sees them, and how far its words are."""
    user, before = user_of(request), _before(request)
    found = incident_rows.page(user, incident, before)
    shown = found[: incident_rows.PAGE]
    return {
        "incident": incident, "counts": incident_rows.counts(user, incident), "shown": shown, "before": before,
        "more": shown[-1][0].pk if len(found) > len(shown) else 0, "open": incident.closed_at is None,
        "may_work": incident_sight.may(user, incident, Role.AGENT),
    }  # fmt: skip


def _page(request: HttpRequest, incident: Incident, problem: str = "", **kept: str) -> HttpResponse:
    user, statement = user_of(request), statements.of(incident)
    context = {
        **_joined(request, incident), "at": "incidents", "statement": statement, "problem": problem, "kept": kept,
        "may_write": incident_sight.may(user, incident, Role.DRAFT_ONLY),
        "may_release": bool(statement) and incident_sight.may_release(user, _author(statement), incident),
        "mine": bool(statement) and _author(statement) == user.pk,
    }  # fmt: skip
    return render(request, "web/incidents/one.html", context, status=422 if problem else 200)


def _author(statement: Statement | None) -> int:
    return statement.author_id if statement else 0


@require_POST
@in_company_time
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Keep its words, or hand them in."""
    incident, text = incident_or_404(request, number), words(request, "text", statements.LONGEST + 1)
    hand_in = request.POST.get("act") == "hand-in"
    try:
        statements.keep(user_of(request), incident, text=text, version=_version(request), hand_in=hand_in)
    except CANNOT as problem:
        return _page(request, incident, str(problem), text=text)
    messages.success(request, _("Handed in. Somebody else releases it.") if hand_in else _("Kept as a draft."))
    return redirect("incident", number=number)


def _version(request: HttpRequest) -> int:
    return number(request, "version")


@require_POST
@in_company_time
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Release its words, send them back to their writer, or take one's own back."""
    incident, user, reason = incident_or_404(request, number), user_of(request), words(request, "reason", 500)
    digest = words(request, "digest")
    try:
        if request.POST.get("act") == "release":
            sent = statements.release(user, incident, digest=digest)
            spreading.spread()
            messages.success(request, _("Released. It leaves now, to as many as joined: %s.") % sent)
        else:
            statements.send_back(user, incident, digest=digest, reason=reason)
            messages.success(request, _("It is with its writer again."))
    except CANNOT as problem:
        return _page(request, incident, str(problem), reason=reason)
    return redirect("incident", number=number)


@require_POST
@in_company_time
def send_on(request: HttpRequest, number: int) -> HttpResponse:
    """Its words leave for those as well who joined since."""
    incident = incident_or_404(request, number)
    try:
        sent = statements.send_to_rest(user_of(request), incident)
        spreading.spread()
    except CANNOT as problem:
        return _page(request, incident, str(problem))
    messages.success(request, _("It leaves now for those who joined since: %s.") % sent)
    return redirect("incident", number=number)


@require_POST
@in_company_time
def membership(request: HttpRequest, number: int) -> HttpResponse:
    """A case joins, or leaves."""
    incident, user, given = incident_or_404(request, number), user_of(request), words(request, "case").strip("# ")
    case = _case(user, given)
    try:
        if case is None:
            raise Refused(_("There is no case of this number that you may see."))
        if request.POST.get("act") == "leave":
            incidents.leave(user, case, incident)
            messages.success(request, _("Case %s is no longer part of it.") % case.pk)
        else:
            incidents.join(user, case, incident)
            messages.success(request, _("Case %s is part of it.") % case.pk)
    except CANNOT as problem:
        return _page(request, incident, str(problem), case=given)
    return redirect("incident", number=number)


@require_POST
@in_company_time
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Nobody joins it any more."""
    incident = incident_or_404(request, number)
    try:
        incidents.close(user_of(request), incident)
    except CANNOT as problem:
        return _page(request, incident, str(problem))
    messages.success(request, _("It is closed."))
    return redirect("incident", number=number)

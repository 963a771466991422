"""The page on which leads set what a case asks for when it ends, and for how long an answer reopens it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Team
from armature.crm.act import case_settings
from armature.crm.act.cases import REOPEN_DAYS
from armature.crm.act.models import CaseField, ReopenRule
from armature.crm.act.work import Refused
from armature.crm.web.desk_parts import user_of


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """All fields and days; what they may not change has no button."""
    user = user_of(request)
    teams = list(Team.objects.order_by("name"))
    mine = {team.pk for team in teams if case_settings.may_set(user, team)}
    everywhere = case_settings.may_set(user, None)
    days = {rule.team_id: rule.days for rule in ReopenRule.objects.filter(brand=None)}
    context = {
        "at": "case-settings",
        "fields": [
            (one, one.team_id in mine if one.team_id else everywhere)
            for one in CaseField.objects.select_related("team").order_by("team__name", "order", "pk")
        ],
        "teams": [team for team in teams if team.pk in mine], "everywhere": everywhere, "kinds": CaseField.Kind.choices,
        "days": [(team, days[team.pk]) for team in teams if team.pk in days], "usual": days.get(None, REOPEN_DAYS),
    }  # fmt: skip
    return render(request, "web/case_settings.html", context)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A field more."""
    text = {key: request.POST.get(key, "").replace("\x00", "") for key in ("label", "kind", "choices")}

    def act() -> str:
        case_settings.add_field(
            user_of(request), label=text["label"], kind=text["kind"], choices=text["choices"].splitlines(),
            team=_team(request), at_end=request.POST.get("at_end") == "1",
        )  # fmt: skip
        return _("Field added.")

    return _do(request, act)


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """A field less."""
    field = CaseField.objects.select_related("team").filter(pk=number).first()
    if field is None:
        raise Http404

    def act() -> str:
        case_settings.remove_field(user_of(request), field)
        return _("Field removed. What stands in cases is untouched.")

    return _do(request, act)


@require_POST
def days(request: HttpRequest) -> HttpResponse:
    """For how long an answer reopens a case."""
    given = request.POST.get("days", "")

    def act() -> str:
        wanted = int(given) if given.isdecimal() and len(given) < 6 else -1
        case_settings.set_reopen_days(user_of(request), team=_team(request), days=wanted)
        return _("Kept.")

    return _do(request, act)


def _team(request: HttpRequest) -> Team | None:
    key = request.POST.get("team", "").replace("\x00", " ")  # no team, and not all of them
    if not key:
        return None
    found = Team.objects.filter(key=key).first()
    if found is None:
        raise Refused(_("Choose a team of the list."))
    return found


def _do(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except (Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
    return redirect("case-settings")

"""Who sees a case: the page on which a lead restricts it and names people."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Team, User
from armature.crm.act import queries, restricted
from armature.crm.act.models import Case
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.local_time import in_company_time


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """Everybody who sees it, and how to change that."""
    user = user_of(request)
    case = case_or_404(user, number)
    restriction = restricted.of(case)
    readers = [one.user for one in restriction.readers.all()] if restriction else []
    others = restricted.could_read(case).exclude(pk__in=[one.pk for one in readers])
    team = Team.objects.filter(key=case.team).values_list("name", flat=True).first() or case.team
    context = {
        "case": case,
        "team": team,
        "restriction": restriction,
        "readers": readers,
        "may": restricted.may(user, case),
    }
    return render(request, "web/sight.html", {**context, "others": others, "admins": restricted.administrators(case)})


def _deed(act: Callable[[HttpRequest, User, Case], str]) -> Callable[..., HttpResponse]:
    @require_POST
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        user = user_of(request)
        case = case_or_404(user, number)
        try:
            messages.success(request, act(request, user, case))
        except (NotAllowed, Refused) as refused:
            messages.error(request, str(refused))
        if queries.cases_for(user).filter(pk=number).exists():
            return redirect("sight", number=number)
        return redirect("desk")

    return handle


@_deed
def restrict(request: HttpRequest, user: User, case: Case) -> str:
    """Only named people from now on."""
    restricted.restrict(user, case, reason=words(request, "reason", 300))
    return _("Only the people named here see it now.")


@_deed
def lift(request: HttpRequest, user: User, case: Case) -> str:
    """The team again."""
    restricted.lift(user, case)
    return _("The whole team sees it again.")


@_deed
def name(request: HttpRequest, user: User, case: Case) -> str:
    """One more."""
    reader = _colleague(request)
    restricted.name(user, case, reader)
    return _("{name} sees it now.").format(name=reader.name)


@_deed
def unname(request: HttpRequest, user: User, case: Case) -> str:
    """One less."""
    reader = _colleague(request)
    restricted.unname(user, case, reader)
    return _("{name} sees it no longer.").format(name=reader.name)


def _colleague(request: HttpRequest) -> User:
    found = User.objects.filter(pk=number(request, "user")).first()
    if found is None:
        raise Http404
    return found

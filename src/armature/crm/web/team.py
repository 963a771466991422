"""People, teams and brands, for administrators. For everybody else these pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts import commands, factors, invitations, queries
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, Role, Team, User
from armature.crm.web import letters
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as numbered
from armature.crm.web.given import words

Page = Callable[..., HttpResponse]
MOST = 200
"""Of more people one looks for a name."""


def administrators(page: Page, home: str = "team") -> Page:
    """Only administrators of something get there; what is not theirs is not there. Refusals are said on the page.

    Whoever changes something showed lately that it is they; if not they are asked, and then it goes on.
    """

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponse:
        if not rights_of(user_of(request)).anywhere(Role.ADMIN):
            raise Http404
        if request.method == "POST":
            raise_if_reauthentication_required(request, app="")
        try:
            return page(request, **named)
        except ObjectDoesNotExist:
            raise Http404 from None
        except (NotAllowed, Refused) as refused:
            messages.error(request, str(refused))
            return redirect(request.POST.get("back") or home) if _known(request) else redirect(home)

    return handle


def _known(request: HttpRequest) -> bool:
    return request.POST.get("back", "") in ("team", "teams", "brands")


@require_safe
@administrators
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, or whom the words fit, with their roles; and the invitations that wait."""
    user, asked = user_of(request), request.GET.get("q", "")[:100]
    found = list(queries.people_for(user, asked)[: MOST + 1])
    shown = {"people": found[:MOST], "more": len(found) > MOST, "q": asked, "most": MOST}
    return _shown(request, "team", **shown, invitations=queries.invitations_for(user), **_choices(user))


@require_safe
@administrators
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One colleague: roles, account."""
    user = user_of(request)
    other, rights = queries.person_for(user, number), rights_of(user)
    held = [
        (one, rights.administers(one.team.key if one.team else None, one.brand_id)) for one in other.memberships.all()
    ]
    return _shown(request, "colleague", other=other, held=held, presence=other.presence(), **_choices(user))


@require_POST
@administrators
def give_role(request: HttpRequest, number: int) -> HttpResponse:
    """One more role, or another one where they have one."""
    user = user_of(request)
    other = queries.person_for(user, number)
    team, brand, role = _wanted(request)
    commands.give_role(user, other, team=team, brand=brand, role=role)
    return _done(request, other, _("{name} has the role now.").format(name=other.name))


@require_POST
@administrators
def end_role(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role away."""
    user = user_of(request)
    held = queries.membership_for(user, number)
    commands.end_role(user, held)
    return _done(request, held.user, _("The role is ended."))


def _about(act: Callable[[User, User], object], words: str) -> Page:
    """A deed that is done to one colleague."""

    def handle(request: HttpRequest, number: int) -> HttpResponse:
        other = queries.person_for(user_of(request), number)
        act(user_of(request), other)
        return _done(request, other, _(words))

    return require_POST(administrators(handle))


close = _about(commands.deactivate, "The account is closed. They are logged out everywhere.")
reopen = _about(commands.reactivate, "The account is open again.")
log_out = _about(commands.end_sessions, "They are logged out everywhere.")
drop_factors = _about(factors.drop, "They log in by password alone until they add a factor.")


@require_POST
@administrators
def password_link(request: HttpRequest, number: int) -> HttpResponse:
    """A link for a new password, shown once to an administrator of the company, who hands it over."""
    user = user_of(request)
    other = queries.person_for(user, number)
    return _shown(request, "link", link=letters.password_link(request, user, other), other=other)


@require_POST
@administrators
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to work here; the link is mailed when this installation can, and shown once."""
    email = words(request, "email", 254).strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("This is no e-mail address.")) from None
    made, token = invitations.invite(user_of(request), email=email, roles=[_wanted(request)])
    return _invited(request, made.email, token)


@require_POST
@administrators
def invite_again(request: HttpRequest, number: int) -> HttpResponse:
    """A new link in place of the old one."""
    user = user_of(request)
    made, token = invitations.again(user, queries.invitation_for(user, number))
    return _invited(request, made.email, token)


@require_POST
@administrators
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """The link leads nowhere any more."""
    user = user_of(request)
    invitations.revoke(user, queries.invitation_for(user, number))
    messages.success(request, _("The invitation is revoked."))
    return redirect("team")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def teams(request: HttpRequest) -> HttpResponse:
    """All teams, and a form for one more."""
    user = user_of(request)
    if request.method == "POST":
        commands.make_team(user, name=words(request, "name", 120))
        messages.success(request, _("The team is made."))
        return redirect("teams")
    mine = {team.pk for team in queries.teams_for(user)}
    found = list(Team.objects.select_related("next_team").order_by("name", "id"))
    return _shown(request, "teams", teams=[(one, one.pk in mine) for one in found], every=found)


@require_POST
@administrators
def change_team(request: HttpRequest, number: int) -> HttpResponse:
    """Name, and who takes over."""
    team = next((one for one in queries.teams_for(user_of(request)) if one.pk == number), None)
    if team is None:
        raise Http404
    after = Team.objects.filter(pk=numbered(request, "next_team")).first()
    commands.change_team(user_of(request), team, name=words(request, "name", 120), next_team=after)
    messages.success(request, _("Kept."))
    return redirect("teams")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def brands(request: HttpRequest) -> HttpResponse:
    """All brands this administrator has, and a form for one more."""
    user = user_of(request)
    if request.method == "POST":
        commands.make_brand(user, name=words(request, "name", 120))
        messages.success(request, _("The brand is made."))
        return redirect("brands")
    return _shown(request, "brands", brands=queries.brands_for(user), everywhere=settings.MFA_DEMANDED)


@require_POST
@administrators
def change_brand(request: HttpRequest, number: int) -> HttpResponse:
    """Name, and whether it wants two steps."""
    brand = next((one for one in queries.brands_for(user_of(request)) if one.pk == number), None)
    if brand is None:
        raise Http404
    name, two_steps = words(request, "name", 120), "demands_mfa" in request.POST
    commands.change_brand(user_of(request), brand, name=name, demands_mfa=two_steps)
    messages.success(request, _("Kept."))
    return redirect("brands")


def _wanted(request: HttpRequest) -> tuple[Team | None, Brand | None, str]:
    """Team, brand and role as chosen; a team or brand that is not there is no choice."""
    team, brand = numbered(request, "team"), numbered(request, "brand")
    return (
        Team.objects.get(pk=team) if team else None, Brand.objects.get(pk=brand) if brand else None,
        words(request, "role", 12),
    )  # fmt: skip


def _choices(user: User) -> dict[str, Any]:
    return {"teams": queries.teams_for(user), "brands": queries.brands_for(user), "roles": Role.choices}


def _shown(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    rights = rights_of(user_of(request))
    at = "team" if name in ("colleague", "link") else name
    return render(request, f"web/team/{name}.html", {"at": at, "rights": rights, "me": request.user, **context})


def _done(request: HttpRequest, other: User, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("colleague", number=other.pk)


def _invited(request: HttpRequest, email: str, token: str) -> HttpResponse:
    link, problem = letters.invitation(request, email, token)
    return _shown(request, "link", link=link, email=email, problem=problem)

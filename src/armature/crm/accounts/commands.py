"""What administrators do about people, teams and brands. Permission, change, log together."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from armature.crm import live
from armature.crm.accounts import audit, sessions
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, Membership, Role, Team, User


@transaction.atomic
def give_role(actor: User, user: User, *, team: Team | None, brand: Brand | None, role: str) -> Membership:
    """A role in a team for a brand (None: in every team, for every brand); an earlier one there is replaced."""
    _administers(actor, team, brand)
    if role not in Role.values:
        raise Refused(_("Choose one of the roles of the list."))
    before = Membership.objects.select_for_update().filter(user=user, team=team, brand=brand).first()
    if before and before.role == Role.ADMIN and role != Role.ADMIN:
        _not_the_last(before)
    held, _made = Membership.objects.update_or_create(user=user, team=team, brand=brand, defaults={"role": role})
    audit.log(actor, "gave a role", f"user {user.pk}", _named(held))
    live.tell()
    return held


@transaction.atomic
def end_role(actor: User, membership: Membership) -> None:
    """Take a role away."""
    _administers(actor, membership.team, membership.brand)
    if membership.role == Role.ADMIN:
        _not_the_last(membership)
    Membership.objects.filter(pk=membership.pk).delete()
    audit.log(actor, "ended a role", f"user {membership.user_id}", _named(membership))
    live.tell()


@transaction.atomic
def deactivate(actor: User, user: User) -> int:
    """Close an account: log-ins end at once, live screens with them; what they did stays. How many log-ins ended."""
    _of_all(actor)
    if actor.pk == user.pk:
        raise Refused(_("You cannot close your own account. Ask another administrator."))
    for held in Membership.objects.filter(user=user, team=None, brand=None, role=Role.ADMIN):  # one at most
        _not_the_last(held)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ended = sessions.end_all(user)
    audit.log(actor, "closed an account", f"user {user.pk}", {"sessions": ended})
    return ended


@transaction.atomic
def reactivate(actor: User, user: User) -> None:
    """Open a closed account again, with the roles it had."""
    _of_all(actor)
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.log(actor, "opened an account again", f"user {user.pk}", {})


@transaction.atomic
def end_sessions(actor: User, user: User) -> int:
    """Log somebody out everywhere; how many log-ins ended."""
    _of_all(actor)
    ended = sessions.end_all(user)
    audit.log(actor, "logged somebody out everywhere", f"user {user.pk}", {"sessions": ended})
    return ended


@transaction.atomic
def make_team(actor: User, *, name: str) -> Team:
    """A new team; its key is made of its name, and stays."""
    _of_all(actor)
    key = _key(name, set(Team.objects.values_list("key", flat=True)))
    team = Team.objects.create(key=key, name=name.strip())
    audit.log(actor, "made a team", f"team {team.pk}", {"key": key, "name": team.name})
    return team


@transaction.atomic
def change_team(actor: User, team: Team, *, name: str, next_team: Team | None) -> None:
    """Another name, or another team that takes over what this one let pass."""
    _administers(actor, team, None)
    if next_team and next_team.pk == team.pk:
        raise Refused(_("A team cannot take over from itself."))
    Team.objects.filter(pk=team.pk).update(name=_filled(name), next_team=next_team)
    after = {"name": name.strip(), "next_team": next_team.key if next_team else None}
    audit.log(actor, "changed a team", f"team {team.pk}", after)


@transaction.atomic
def make_brand(actor: User, *, name: str) -> Brand:
    """A new brand."""
    _of_all(actor)
    key = _key(name, set(Brand.objects.values_list("key", flat=True)))
    brand = Brand.objects.create(key=key, name=name.strip())
    audit.log(actor, "made a brand", f"brand {brand.pk}", {"key": key, "name": brand.name})
    return brand


@transaction.atomic
def change_brand(actor: User, brand: Brand, *, name: str, demands_mfa: bool) -> None:
    """Another name, or whether who works for it must log in in two steps."""
    _administers(actor, None, brand)
    Brand.objects.filter(pk=brand.pk).update(name=_filled(name), demands_mfa=demands_mfa)
    audit.log(actor, "changed a brand", f"brand {brand.pk}", {"name": name.strip(), "demands_mfa": demands_mfa})


def _administers(actor: User, team: Team | None, brand: Brand | None) -> None:
    if not rights_of(actor).administers(team.key if team else None, brand.pk if brand else None):
        where = team.name if team else _("all teams")
        raise NotAllowed(_("This needs the role “Administrator” in {where}.").format(where=where))


def _of_all(actor: User) -> None:
    if not rights_of(actor).of_all:
        raise NotAllowed(_("This needs an administrator of the whole company."))


def _not_the_last(membership: Membership) -> None:
    """Somebody must always be able to let others in. Two who go at once wait for each other here."""
    if membership.team_id or membership.brand_id:
        return
    everybody = Membership.objects.filter(team=None, brand=None, role=Role.ADMIN).order_by("pk")
    held = list(everybody.select_related("user").select_for_update(of=("self", "user")))
    if not any(one.pk != membership.pk and one.user.is_active for one in held):
        raise Refused(_("This is the last administrator. Make somebody else administrator of everything first."))


def _named(held: Membership) -> dict[str, object]:
    return {"team": held.team.key if held.team else None, "brand": held.brand_id, "role": held.role}


def _filled(name: str) -> str:
    if not name.strip():
        raise Refused(_("It needs a name."))
    return name.strip()


def _key(name: str, taken: set[str]) -> str:
    """A key made of a name, unlike all that are taken."""
    base = slugify(_filled(name)).replace("-", "_")[:40] or "name"
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (base, *numbered) if key not in taken)

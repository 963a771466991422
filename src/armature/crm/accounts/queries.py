"""Reads of who works here: for administrators, and for whoever gives work to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from armature.crm.accounts.access import RANK, Rights, rights_of
from armature.crm.accounts.models import Brand, BusinessHours, Invitation, Membership, Presence, Role, Team, User


def people_for(user: User, words: str = "") -> QuerySet[User]:
    """Everybody who works here or did (or whose name or address has these words), for administrators; else nobody."""
    fits = Q(name__icontains=words) | Q(email__icontains=words) if words else Q()
    found = User.objects.filter(fits) if rights_of(user).anywhere(Role.ADMIN) else User.objects.none()
    roles = Membership.objects.select_related("team", "brand").order_by("team__name", "brand__name", "id")
    return found.select_related("stand_in").prefetch_related(Prefetch("memberships", roles)).order_by("name", "id")


def person_for(user: User, number: int) -> User:
    """One colleague, for administrators; raises ``User.DoesNotExist``."""
    return people_for(user).get(pk=number)


def membership_for(user: User, number: int) -> Membership:
    """A role that this administrator may take away; raises ``Membership.DoesNotExist``."""
    found = Membership.objects.select_related("team", "brand", "user").get(pk=number)
    if not rights_of(user).administers(found.team.key if found.team else None, found.brand_id):
        raise Membership.DoesNotExist
    return found


def teams_for(user: User) -> list[Team]:
    """The teams in which this administrator may give roles."""
    rights = rights_of(user)
    return [team for team in Team.objects.order_by("name", "id") if _any_brand(rights, team.key)]


def _any_brand(rights: Rights, team: str) -> bool:
    return any(role == Role.ADMIN and held in (None, team) for held, _, role in rights.roles)


def brands_for(user: User) -> list[Brand]:
    """The brands for which this administrator may give roles."""
    held = {brand for _, brand, role in rights_of(user).roles if role == Role.ADMIN}
    return [brand for brand in Brand.objects.order_by("name", "id") if None in held or brand.pk in held]


def invitations_for(user: User) -> list[Invitation]:
    """Invitations that wait for an answer, all of whose roles this administrator may give."""
    rights = rights_of(user)
    found = (
        Invitation.objects.filter(revoked_at=None, joined=None).select_related("made_by").order_by("-made_at", "-id")
    )
    return [
        one
        for one in found.prefetch_related("roles__team", "roles__brand")
        if all(rights.administers(role.team.key if role.team else None, role.brand_id) for role in one.roles.all())
        and rights.anywhere(Role.ADMIN)
    ]


def invitation_for(user: User, number: int) -> Invitation:
    """One of them; raises ``Invitation.DoesNotExist``."""
    for one in invitations_for(user):  # a company has a few at a time
        if one.pk == number:
            return one
    raise Invitation.DoesNotExist


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given work of a team, and whether they take it now."""

    user: User
    role: str
    presence: str

    @property
    def here(self) -> bool:
        """Whether new work may be given to them now."""
        return self.presence == Presence.HERE

    @property
    def until(self) -> date | None:
        """The last day of their absence."""
        return self.user.absent_until if self.presence == Presence.ABSENT else None

    @property
    def stand_in(self) -> User | None:
        """Who does their work while they are absent."""
        return self.user.stand_in if self.presence == Presence.ABSENT else None


def colleagues(team: str, brand_id: int) -> list[Colleague]:
    """Whom a case of this team and brand can be given to: who is here first, then who is away, then who is absent."""
    held = (
        Membership.objects.filter(Q(team__key=team) | Q(team=None), Q(brand=brand_id) | Q(brand=None))
        .filter(user__is_active=True).select_related("user__stand_in")
    )  # fmt: skip
    today = timezone.localdate()
    best: dict[int, Colleague] = {}
    for one in held:
        if one.user_id not in best or RANK[one.role] > RANK[best[one.user_id].role]:
            best[one.user_id] = Colleague(one.user, one.role, one.user.presence(today))
    order = [Presence.HERE, Presence.AWAY, Presence.ABSENT]
    return sorted(best.values(), key=lambda one: (order.index(Presence(one.presence)), one.user.name, one.user.pk))


def takes_work(colleague: Colleague, among: Sequence[Colleague]) -> User | None:
    """Who gets what is given to this colleague now: they themselves, or whoever stands in and is here."""
    if colleague.presence != Presence.ABSENT:
        return colleague.user
    here = {one.user.pk: one.user for one in among if one.here}
    return here.get(colleague.user.stand_in_id or 0)


def company_zone() -> str:
    """The time zone that the company keeps."""
    zones = BusinessHours.objects.order_by("team_id", "brand_id", "id").values_list("timezone", flat=True)
    return zones.first() or "UTC"

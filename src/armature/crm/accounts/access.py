"""May this user get this? Every look-up for a user goes through a function named ``..._for``; each starts here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from armature.crm.accounts.models import Membership, Role, User

RANK = {role: rank for rank, role in enumerate(Role.values)}


class Refused(Exception):
    """It cannot be done as asked; the words say why and what to do."""


class NotAllowed(Exception):
    """The user may see this but may not do that; the words say who may."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What one user may do: a role for each (team, brand); None stands for every team or every brand."""

    roles: tuple[tuple[str | None, int | None, str], ...]

    def role_in(self, team: str, brand_id: int) -> str | None:
        """The highest role in that team for that brand; None when they have nothing to do with it."""
        held = [r for t, b, r in self.roles if t in (None, team) and b in (None, brand_id)]
        return max(held, key=lambda role: RANK[role], default=None)

    def at_least(self, role: str, team: str, brand_id: int) -> bool:
        """Whether they hold this role or a higher one there."""
        held = self.role_in(team, brand_id)
        return held is not None and RANK[held] >= RANK[role]

    def anywhere(self, role: str) -> bool:
        """Whether they hold this role or a higher one in some team."""
        return any(RANK[held] >= RANK[role] for _, _, held in self.roles)

    def administers(self, team: str | None, brand_id: int | None) -> bool:
        """Whether they are administrator of that team for that brand; None asks for every team or every brand."""
        return any(role == Role.ADMIN and t in (None, team) and b in (None, brand_id) for t, b, role in self.roles)

    @property
    def of_all(self) -> bool:
        """Whether they are administrator of the whole company."""
        return self.administers(None, None)

    def only(self, role: str) -> "Rights":
        """What is left when only roles from this one on count."""
        return Rights(tuple(held for held in self.roles if RANK[held[2]] >= RANK[role]))

    def ways(self, team_field: str, brand_field: str) -> list[Q]:
        """What they may see, as conditions of which one must hold: one for each team and brand, or all at once."""
        if any(team is None and brand is None for team, brand, _ in self.roles):
            return [ALL]
        places = dict.fromkeys((team, brand) for team, brand, _ in self.roles)
        return [Q(**_only({team_field: team, brand_field: brand})) for team, brand in places]


def _only(asked: dict[str, object]) -> dict[str, object]:
    return {field: value for field, value in asked.items() if value is not None}


ALL = Q(pk__isnull=False)
"""Every row; said without the brand, so that nothing is joined for whoever works for all brands."""


KEPT = "_kept_rights"


def keep_rights(user: User) -> None:
    """From now on this object (the user of one request that changes nothing) remembers the rights it has first."""
    setattr(user, KEPT, getattr(user, KEPT, None))


def keep_rights_of(users: Collection[User]) -> None:
    """The rights of several people at once; these objects remember them from now on."""
    held: dict[int, list[Membership]] = defaultdict(list)
    for one in Membership.objects.filter(user__in=[user.pk for user in users]).select_related("team"):
        held[one.user_id].append(one)
    for user in users:
        setattr(user, KEPT, rights_from(held[user.pk] if user.is_active else ()))


def are_kept(user: User) -> bool:
    """Whether this object belongs to a request that changes nothing."""
    return hasattr(user, KEPT)


def rights_of(user: User) -> Rights:
    """The rights of an active user, from their memberships: read anew, but once for a page that only shows."""
    if not user.is_active:
        return Rights(())
    kept: Rights | None = getattr(user, KEPT, None)
    if kept is None:
        kept = rights_from(Membership.objects.filter(user=user).select_related("team"))
        if are_kept(user):
            setattr(user, KEPT, kept)
    return kept


def rights_from(memberships: Iterable[Membership]) -> Rights:
    """Rights as a value."""
    return Rights(tuple((m.team.key if m.team else None, m.brand_id, m.role) for m in memberships))

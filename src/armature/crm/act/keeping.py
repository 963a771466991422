"""Who may take and change what a team keeps for the next time: canned responses and macros."""

from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from armature.crm.accounts.access import NotAllowed, Rights, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act.models import CannedResponse, Case, Macro

K = TypeVar("K", CannedResponse, Macro)
NONE = ""
"""Stands for no team and no brand in questions about rights: only whoever works for all of them holds a role there."""


def kept_for(user: User, kind: type[K]) -> QuerySet[K]:
    """What a user may take: what everybody keeps, and what their teams and brands keep."""
    mine = Q()
    for team, brand, _role in (rights := rights_of(user)).roles:
        mine |= _of(team, brand)
    found = kind.objects.select_related("team", "brand", "by")
    return found.filter(mine).order_by("name", "id") if rights.roles else found.none()


def _of(team: str | None, brand: int | None) -> Q:
    found = Q()
    if team is not None:
        found &= Q(team=None) | Q(team__key=team)
    if brand is not None:
        found &= Q(brand=None) | Q(brand=brand)
    return found


def for_case(user: User, case: Case, kind: type[K]) -> QuerySet[K]:
    """Of that, what belongs to the case: its teams, its brand."""
    brand = case.conversation.channel.brand_id
    here = Q(team=None) | Q(team__key__in=[case.team, case.asks])
    return kept_for(user, kind).filter(here).filter(Q(brand=None) | Q(brand=brand))


def may_keep(user: User, team: str | None, brand: int | None, rights: Rights | None = None) -> bool:
    """Whether a user may keep something for a team and a brand: its leads, and administrators of all for all."""
    held = rights or rights_of(user)
    return held.at_least(Role.LEAD, team or NONE, brand or 0)


def must_keep(user: User, one: CannedResponse | Macro) -> None:
    """Raises ``NotAllowed`` unless they may keep it where it stands."""
    if not may_keep(user, one.team.key if one.team else None, one.brand_id):
        raise NotAllowed(_("What a team keeps is changed by its leads; what all keep, by a lead of all."))

"""Views that people keep: a name for a set of filters, for oneself or for a team."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Role, Team, User
from armature.crm.act.filters import Filters
from armature.crm.act.models import SavedView
from armature.crm.act.work import Refused

MOST = 30
"""So many saved views a user may see; more are no help to anybody."""


def views_for(user: User) -> QuerySet[SavedView]:
    """A user's own views and those of their teams."""
    rights = rights_of(user)
    teams = {team for team, _brand, _role in rights.roles}
    shared = Q(team__isnull=False) if None in teams else Q(team__key__in=teams)
    return SavedView.objects.filter(Q(team=None, owner=user) | shared).select_related("team").order_by("name", "pk")


def keep(user: User, *, name: str, view: str, filters: Filters, team: Team | None) -> SavedView:
    """Keep these filters of a view under a name; for a team a lead of it may."""
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise Refused(_("Give the view a name of up to 60 characters."))
    if not filters.values:
        raise Refused(_("Choose at least one filter first."))
    if team and not may_share(user, team):
        raise NotAllowed(_("A lead of the team keeps views for it."))
    if views_for(user).count() >= MOST:
        raise Refused(_("You have %(most)s saved views already. Remove one first.") % {"most": MOST})
    with transaction.atomic():
        kept = SavedView.objects.create(name=name, owner=user, team=team, view=view, filters=dict(filters.values))
        audit.log(
            user, "saved a view", f"view {kept.pk}", {"name": name, "view": view, "filters": dict(filters.values)}
        )
    return kept


def may_share(user: User, team: Team) -> bool:
    """Whether somebody leads a team."""
    leads = rights_of(user).roles
    return any(held in (None, team.key) and role in (Role.LEAD, Role.EXECUTIVE, Role.ADMIN) for held, _b, role in leads)


def remove(user: User, view: SavedView) -> None:
    """A view is kept no longer: by its owner, or, when it is a team's, by a lead."""
    if view.owner_id != user.pk and not (view.team and may_share(user, view.team)):
        raise NotAllowed(_("Whoever kept it removes it, or a lead of the team."))
    with transaction.atomic():
        audit.log(user, "removed a view", f"view {view.pk}", {"name": view.name})
        view.delete()

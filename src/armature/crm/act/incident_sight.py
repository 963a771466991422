"""Whose business an incident is: whoever works in its team for its brand. For others there is none."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, Team, User
from armature.crm.act.models import Case, Incident, Response


def incidents_for(user: User) -> QuerySet[Incident]:
    """The incidents this user may see, and no others."""
    found = Incident.objects.none()
    for way in rights_of(user).ways("team__key", "brand_id"):
        found = found | Incident.objects.filter(way)
    return found.select_related("team", "brand", "opened_by")


def incident_for(user: User, number: int) -> Incident:
    """One of them; raises ``Incident.DoesNotExist``, whether it exists or not."""
    return incidents_for(user).get(pk=number)


def open_for(user: User) -> QuerySet[Incident]:
    """Those that can be joined, latest first."""
    return incidents_for(user).filter(closed_at=None).order_by("-id")


def may(user: User, incident: Incident, role: str) -> bool:
    """Whether a user holds this role or a higher one in the team of an incident."""
    return rights_of(user).at_least(role, incident.team.key, incident.brand_id)


def must(user: User, incident: Incident, role: str) -> None:
    """The same, as a condition: raises ``NotAllowed`` that says what it needs."""
    team_must(user, incident.team, incident.brand, role)


def team_must(user: User, team: Team, brand: Brand, role: str) -> None:
    """Whether a user may do this in a team for a brand; raises ``NotAllowed``."""
    if not rights_of(user).at_least(role, team.key, brand.pk):
        given = {"role": Role(role).label, "team": team.name}
        raise NotAllowed(_("This needs the role “%(role)s” in the team %(team)s.") % given)


def may_release(user: User, author_id: int, incident: Incident) -> bool:
    """Whether this user's word is what the words of its statement need: a lead's, and not their writer's."""
    return author_id != user.pk and may(user, incident, Role.LEAD)


def of_response(response: Response) -> Incident | None:
    """The incident whose statement this response brought to one person; None for any other response."""
    if response.kind != "macro":
        return None
    return Incident.objects.select_related("team", "brand").filter(joined__response=response).first()


def of_case(user: User, case: Case) -> list[Incident]:
    """The incidents that a case is or was part of, as far as this user may see them."""
    return list(incidents_for(user).filter(joined__case=case).order_by("-id")[:5])

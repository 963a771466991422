"""What a company asks for when a case ends, and for how long an answer reopens one: kept by the leads of a team."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import RANK, NotAllowed, rights_of
from armature.crm.accounts.models import Role, Team, User
from armature.crm.act.models import CaseField, ReopenRule
from armature.crm.act.work import Refused

MOST_FIELDS = 20
MOST_DAYS = 3650


def may_set(user: User, team: Team | None) -> bool:
    """Whether somebody leads that team; what holds for all teams needs somebody who leads all."""
    mine = (role for held, _brand, role in rights_of(user).roles if held is None or (team and held == team.key))
    return any(RANK[role] >= RANK[Role.LEAD] for role in mine)


def _must(user: User, team: Team | None) -> None:
    if not may_set(user, team):
        words = _("A lead of the team sets this.") if team else _("Somebody who leads all teams sets this.")
        raise NotAllowed(words)


def add_field(user: User, *, label: str, kind: str, choices: list[str], team: Team | None, at_end: bool) -> CaseField:
    """A field more for the cases of a team, or of all."""
    _must(user, team)
    label, key = " ".join(label.split())[:80], slugify(label, allow_unicode=True)[:50]
    if not label or not key:
        raise Refused(_("Give the field a name with letters or figures."))
    if kind not in CaseField.Kind.values:
        raise Refused(_("Choose what the field holds."))
    listed = list(dict.fromkeys(one.strip()[:80] for one in choices if one.strip()))
    if kind == CaseField.Kind.CHOICE and len(listed) < 2:
        raise Refused(_("Write at least two choices, one on each line."))
    with transaction.atomic():
        if CaseField.objects.count() >= MOST_FIELDS * 10 or CaseField.objects.filter(team=team).count() >= MOST_FIELDS:
            raise Refused(_("A team has at most %(most)s fields.") % {"most": MOST_FIELDS})
        if CaseField.objects.filter(key=key).exists():
            raise Refused(_("There is a field of that name already."))
        field = CaseField.objects.create(key=key, label=label, kind=kind, choices=listed, team=team, at_end=at_end)
        audit.log(user, "added a case field", f"field {field.pk}", {"key": key, "team": team.key if team else ""})
    return field


def remove_field(user: User, field: CaseField) -> None:
    """Cases have this field no longer; what stands in them stays there, unseen."""
    _must(user, field.team)
    with transaction.atomic():
        audit.log(user, "removed a case field", f"field {field.pk}", {"key": field.key})
        field.delete()


def set_reopen_days(user: User, *, team: Team | None, days: int) -> None:
    """For so many days an answer reopens a case of that team (or of all that have no word of their own)."""
    _must(user, team)
    if not 0 <= days <= MOST_DAYS:
        raise Refused(_("Choose a number of days from 0 to %(most)s.") % {"most": MOST_DAYS})
    with transaction.atomic():
        ReopenRule.objects.update_or_create(team=team, brand=None, defaults={"days": days})
        audit.log(user, "set the days to reopen", f"team {team.key if team else 'all'}", {"days": days})

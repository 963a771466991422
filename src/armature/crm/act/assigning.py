"""Who takes care of a case: taken, given to somebody, handed over to a team with a note, put back."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import Membership, Presence, Role, Team, User
from armature.crm.act import cases, notes, notices, queries
from armature.crm.act.models import Case
from armature.crm.act.work import Refused, allowed, held
from armature.crm.decide import by_hand


def claim(user: User, case: Case) -> None:
    """Take a case; refused when somebody else has it."""
    allowed(user, case, Role.DRAFT_ONLY)
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, assignee=None).update(assignee=user):
            held_by = Case.objects.select_related("assignee").get(pk=case.pk).assignee
            if held_by and held_by.pk != user.pk:
                words = _("%(name)s has taken this case. Ask them, or leave a note.")
                raise Refused(words % {"name": held_by.name})
        audit.log(user, "claimed", f"case {case.pk}", {"assignee": user.pk})


def put_back(user: User, case: Case) -> None:
    """Nobody has the case any more; its holder or a lead may say so."""
    allowed(user, case, Role.DRAFT_ONLY if case.assignee_id == user.pk else Role.LEAD)
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, assignee=case.assignee_id).exclude(assignee=None).update(assignee=None):
            raise Refused(_("Somebody else has the case by now. Look again."))
        audit.log(user, "put back", f"case {case.pk}", {"assignee": None})


def assign(user: User, case: Case, *, to: User, seen: int | None) -> None:
    """Give a case to a colleague. ``seen`` is who had it when the user looked: two who give it at once hear of it."""
    allowed(user, case, Role.AGENT)
    if not queries.colleagues_of(case).filter(pk=to.pk).exists():
        raise Refused(_("%(name)s does not work in this team. Hand the case over to their team.") % {"name": to.name})
    _takes_it(case, to)
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, assignee=seen).update(assignee=to):
            now_with = Case.objects.select_related("assignee").get(pk=case.pk).assignee
            words = _("%(name)s has the case by now. Look again, then decide.")
            raise Refused(words % {"name": now_with.name if now_with else _("Nobody")})
        audit.log(user, "assigned", f"case {case.pk}", {"assignee": to.pk, "was": seen})
        notices.tell([to.pk], case, "assigned", by=user)


def _takes_it(case: Case, to: User) -> None:
    if words := cannot_take(to, sees=queries.cases_for(to).filter(pk=case.pk).exists()):
        raise Refused(words)


def cannot_take(to: User, *, sees: bool) -> str:
    """Nobody is given a case while they are absent, or one that they could not see: why not, or empty."""
    if to.absent_until and to.presence() == Presence.ABSENT:
        words = _("%(name)s is absent until %(day)s. Choose somebody else, or who stands in.")
        return words % {"name": to.name, "day": date_format(to.absent_until, "j M")}
    if not sees:
        return _("This case is restricted. Name %(name)s as one who sees it, then assign it.") % {"name": to.name}
    return ""


def hand_over(user: User, case: Case, *, team: Team, note: str, to: User | None = None) -> None:
    """Give a case to another team, with a word for them; their turn begins, and rules do not take it back."""
    allowed(user, case, Role.AGENT)
    if not note.strip():
        raise Refused(_("Write a note for whoever takes over: what is done, what is to do."))
    with held(case) as now_it_is:
        if to and not members_of(team.key, now_it_is.conversation.channel.brand_id).filter(pk=to.pk).exists():
            raise Refused(_("%(name)s does not work in that team.") % {"name": to.name})
        # The note first: afterwards the case may be nobody's of ours.
        notes.keep(user, now_it_is, note)
        by_hand.hand_to(now_it_is.conversation_id, now_it_is.identity_id, team.key)
        Case.objects.filter(pk=case.pk).update(team=team.key, team_fixed=True, assignee=to)
        if now_it_is.ended_at is None:
            last = now_it_is.last_in_at
            cases.project([cases.Touched(now_it_is.conversation_id, now_it_is.identity_id, last, "", team.key)])
        audit.log(user, "handed over", f"case {case.pk}", {"team": team.key, "assignee": to.pk if to else None})
        notices.tell([to.pk] if to else [], case, "handed", by=user)


def members_of(team: str, brand_id: int) -> QuerySet[User]:
    """Active people of a team for a brand, those of all teams and all brands among them."""
    there = (Q(team=None) | Q(team__key=team)) & (Q(brand=None) | Q(brand=brand_id))
    return User.objects.filter(is_active=True, pk__in=Membership.objects.filter(there).values("user")).order_by("name")

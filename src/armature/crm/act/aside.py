"""Noise: what a query found and means nothing is set aside. It is kept, can be taken back, and the reason is shown."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import endings, queries
from armature.crm.act.models import Case, Status
from armature.crm.act.work import Refused, held
from armature.crm.identify.models import Recognition
from armature.crm.listen.models import Interaction
from armature.crm.listen.wanted import Hit, ListeningQuery, SetAside


def hit_for(user: User, query: ListeningQuery, number: int) -> tuple[Hit, Case]:
    """A hit of a query and the case that it stands in; raises ``Hit.DoesNotExist`` when this user sees no such case."""
    hit = Hit.objects.select_related("interaction").get(pk=number, query=query)
    said_by = Recognition.objects.filter(interaction=hit.interaction_id, current=True).values("identity")
    cases = queries.cases_for(user).filter(conversation=hit.interaction.conversation_id, identity__in=said_by)
    case = cases.order_by("-id").first()
    if case is None:
        raise Hit.DoesNotExist
    return hit, case


def set_aside(user: User, query: ListeningQuery, number: int, reason: str) -> bool:
    """What this hit points at is noise, for every query that found it; whether its case ended with that.

    A case of which it is all that was said needs no response, unless somebody has taken it or it is on its way out.
    """
    hit, case = hit_for(user, query, number)
    _must(user, case)
    if not reason.strip():
        raise Refused(_("Say in a few words why it is noise: others will read it."))
    try:
        with held(case) as now_it_is:
            SetAside.objects.create(interaction=hit.interaction, user=user, reason=reason.strip()[:200])
            ends = _nothing_else(now_it_is)
            if ends:
                why = _("Noise: %(reason)s") % {"reason": reason.strip()}
                endings.end_held(user, [now_it_is], how=Status.NO_RESPONSE, reason=why[:300])
            audit.log(user, "set aside as noise", f"case {case.pk}", {"reason": reason.strip()[:200], "ended": ends})
            return ends
    except IntegrityError:
        raise Refused(_("It is set aside already.")) from None


def _nothing_else(case: Case) -> bool:
    """Whether nothing but this was said in a case, and nobody works on it."""
    if case.ended_at or case.merged_into_id or case.assignee_id:
        return False
    said = Interaction.objects.filter(conversation=case.conversation_id)[:2]
    return len(said) == 1 and not endings.cannot_end(endings.work_of([case])[case.pk])


def take_back(user: User, query: ListeningQuery, number: int) -> None:
    """It is no noise after all: it is listed and counted again, and the case that ended with it is open."""
    hit, case = hit_for(user, query, number)
    _must(user, case)
    aside = SetAside.objects.filter(interaction=hit.interaction_id, taken_back_at=None)
    with transaction.atomic():
        if not (taken := list(aside.select_for_update())):
            raise Refused(_("It is not set aside any more."))
        aside.update(taken_back_at=timezone.now(), taken_back_by=user)
        audit.log(user, "took back from noise", f"case {case.pk}", {})
        if case.status == Status.NO_RESPONSE and case.ended_at and case.reason.endswith(taken[0].reason):
            endings.reopen(user, case)


def _must(user: User, case: Case) -> None:
    if not queries.may(user, case, Role.AGENT):
        raise NotAllowed(_("Noise is told apart by agents of the team whose case it is."))

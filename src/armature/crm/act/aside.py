"""Noise: what a query found and means nothing is set aside. It is kept, can be taken back, and the reason is shown."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.act.work import Refused
from armature.crm.identify.models import Recognition
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


def set_aside(user: User, query: ListeningQuery, number: int, reason: str) -> None:
    """What this hit points at is noise, for every query that found it."""
    hit, case = hit_for(user, query, number)
    _must(user, case)
    if not reason.strip():
        raise Refused(_("Say in a few words why it is noise: others will read it."))
    try:
        with transaction.atomic():
            SetAside.objects.create(interaction=hit.interaction, user=user, reason=reason.strip()[:200])
            audit.log(user, "set aside as noise", f"case {case.pk}", {"reason": reason.strip()[:200]})
    except IntegrityError:
        raise Refused(_("It is set aside already.")) from None


def take_back(user: User, query: ListeningQuery, number: int) -> None:
    """It is no noise after all: it is listed and counted again."""
    hit, case = hit_for(user, query, number)
    _must(user, case)
    aside = SetAside.objects.filter(interaction=hit.interaction_id, taken_back_at=None)
    with transaction.atomic():
        if not aside.update(taken_back_at=timezone.now(), taken_back_by=user):
            raise Refused(_("It is not set aside any more."))
        audit.log(user, "took back from noise", f"case {case.pk}", {})


def _must(user: User, case: Case) -> None:
    if not queries.may(user, case, Role.AGENT):
        raise NotAllowed(_("Noise is told apart by agents of the team whose case it is."))

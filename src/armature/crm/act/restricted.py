"""Restricted cases: who sees them is said by name. Permission, change, log together."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case, Follower, Reader, Restriction


@transaction.atomic
def restrict(user: User, case: Case, *, reason: str = "", readers: Iterable[User] = ()) -> Restriction:
    """From now on only who is named sees it; whoever does it, has the case or follows it is named with it."""
    _may(user, case)
    kept, made = Restriction.objects.get_or_create(
        conversation_id=case.conversation_id, defaults={"made_by": user, "reason": reason.strip()[:300]}
    )
    if not made:
        raise Refused(_("This case is restricted already."))
    cases = Case.objects.filter(conversation=case.conversation_id)
    assigned = cases.exclude(assignee=None).values_list("assignee", flat=True)
    followers = Follower.objects.filter(case__in=cases).values_list("user", flat=True)
    named = sorted({user.pk, *assigned, *followers, *(one.pk for one in readers)})
    Reader.objects.bulk_create(Reader(restriction=kept, user_id=one, named_by=user) for one in named)
    audit.log(user, "restricted a case", f"case {case.pk}", {"reason": kept.reason, "readers": named})
    live.tell()
    return kept


@transaction.atomic
def lift(user: User, case: Case) -> None:
    """The team sees it again."""
    _may(user, case)
    Restriction.objects.filter(conversation=case.conversation_id).delete()
    audit.log(user, "lifted the restriction", f"case {case.pk}", {})
    live.tell()


@transaction.atomic
def name(user: User, case: Case, reader: User) -> None:
    """One more person sees it."""
    _may(user, case)
    if not reader.is_active:
        raise Refused(_("This account is closed."))
    Reader.objects.get_or_create(restriction=_of(case), user=reader, defaults={"named_by": user})
    audit.log(user, "named a reader", f"case {case.pk}", {"reader": reader.pk})
    live.tell()


@transaction.atomic
def unname(user: User, case: Case, reader: User) -> None:
    """They see it no longer. Somebody must be left who does."""
    _may(user, case)
    restriction = Restriction.objects.select_for_update().get(pk=_of(case).pk)
    others = restriction.readers.exclude(user=reader).filter(user__is_active=True)
    if not others.exists():
        raise Refused(_("Somebody must be left who sees it. Name another one first, or lift the restriction."))
    restriction.readers.filter(user=reader).delete()
    audit.log(user, "took a reader away", f"case {case.pk}", {"reader": reader.pk})
    live.tell()


def of(case: Case) -> Restriction | None:
    """The restriction of a case, with its readers, if it has one."""
    found = Restriction.objects.filter(conversation=case.conversation_id).select_related("made_by")
    return found.prefetch_related("readers__user").first()


def could_read(case: Case) -> QuerySet[User]:
    """Everybody who works here: whoever is named sees it, whatever their teams are."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def may(user: User, case: Case) -> bool:
    """Whether they may restrict this case, or change who sees it."""
    return queries.may(user, case, Role.LEAD) or _is_reader(user, case)


def _is_reader(user: User, case: Case) -> bool:
    """A named reader with a leading role anywhere (an executive, the head of the legal team) may name others."""
    named = Reader.objects.filter(restriction__conversation=case.conversation_id, user=user).exists()
    return named and rights_of(user).anywhere(Role.LEAD)


def _may(user: User, case: Case) -> None:
    if not queries.cases_for(user).filter(pk=case.pk).exists() or not may(user, case):
        raise NotAllowed(_("A lead decides who sees a case."))


def _of(case: Case) -> Restriction:
    found = of(case)
    if found is None:
        raise Refused(_("This case is not restricted any more."))
    return found


def administrators(case: Case) -> QuerySet[User]:
    """Who sees it without being named: the administrators of its teams."""
    brand = Q(brand=None) | Q(brand=case.conversation.channel.brand_id)
    held = Membership.objects.filter(brand, Q(team=None) | Q(team__key__in=[case.team, case.asks]), role=Role.ADMIN)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")

"""Restricted cases: who sees them is said by name. Permission, change, log together."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import onlookers, queries
from armature.crm.act.models import Case, Follower, Reader, Restriction, SurveyLink
from armature.crm.listen.models import Interaction
from armature.crm.listen.surveys.models import SurveyAnswer, key_of_link


@transaction.atomic
def restrict(user: User, case: Case, *, reason: str = "", readers: Iterable[User] = ()) -> Restriction:
    """From now on only who is named sees it; whoever does it, has the case or follows it is named with it."""
    _may(user, case)
    with_it = _at_them(case)
    kept, made = Restriction.objects.get_or_create(
        conversation_id=case.conversation_id, defaults={"made_by": user, "reason": reason.strip()[:300]}
    )
    if not made:
        raise Refused(_("This case is restricted already."))
    named = sorted({user.pk, *with_it, *(one.pk for one in readers)})
    Reader.objects.bulk_create(Reader(restriction=kept, user_id=one, named_by=user) for one in named)
    for conversation in _goes_with(case):
        carry(case.conversation_id, conversation)
    audit.log(user, "restricted a case", f"case {case.pk}", {"reason": kept.reason, "readers": named})
    live.tell()
    return kept


def _at_them(case: Case) -> list[int]:
    """Who has or follows a case of this conversation, as far as they see one: a mark of former times names nobody."""
    cases = Case.objects.filter(conversation=case.conversation_id)
    marked = Q(pk__in=cases.values("assignee")) | Q(pk__in=Follower.objects.filter(case__in=cases).values("user"))
    people = User.objects.filter(marked, is_active=True)
    seen = onlookers.who_sees(list(people), list(cases.values_list("pk", flat=True)))
    return [number for number, some in seen.items() if some]


def _goes_with(case: Case) -> list[int]:
    """The conversations that are about this case too: merged into it, or answers to what we asked about it."""
    keys = [key_of_link(number) for number in SurveyLink.objects.filter(case=case).values_list("pk", flat=True)]
    answers = SurveyAnswer.objects.filter(key__in=keys) if keys else SurveyAnswer.objects.none()
    said = Q(pk__in=[])
    for channel, name in answers.values_list("channel", "external_id"):
        said |= Q(channel=channel, external_id=name)
    about = Interaction.objects.filter(said).values_list("conversation", flat=True)
    return sorted({*case.merged.values_list("conversation", flat=True), *about} - {case.conversation_id})


def carry(conversation: int, to: int) -> None:
    """What was part of a restricted conversation, or is shown in it, is restricted like it; unless it is already."""
    found = Restriction.objects.filter(conversation=conversation).first()
    if found is None:
        return
    kept, made = Restriction.objects.get_or_create(
        conversation_id=to,
        defaults={"made_by_id": found.made_by_id, "made_at": found.made_at, "reason": found.reason},
    )
    if made:
        Reader.objects.bulk_create(
            Reader(restriction=kept, user_id=one.user_id, named_by_id=one.named_by_id) for one in found.readers.all()
        )


def _with_merged(case: Case, found: Restriction) -> QuerySet[Restriction]:
    """A restriction, and what of it was carried to cases merged into this one: not those with one of their own."""
    carried = Q(conversation__in=_goes_with(case), made_by=found.made_by_id, made_at=found.made_at)
    return Restriction.objects.filter(Q(pk=found.pk) | carried)


@transaction.atomic
def lift(user: User, case: Case) -> None:
    """The team sees it again."""
    _may(user, case)
    if found := of(case):
        _with_merged(case, found).delete()
    audit.log(user, "lifted the restriction", f"case {case.pk}", {})
    live.tell()


@transaction.atomic
def name(user: User, case: Case, reader: User) -> None:
    """One more person sees it."""
    _may(user, case)
    if not reader.is_active:
        raise Refused(_("This account is closed."))
    for one in _with_merged(case, _of(case)):
        Reader.objects.get_or_create(restriction=one, user=reader, defaults={"named_by": user})
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
    Reader.objects.filter(restriction__in=_with_merged(case, restriction), user=reader).delete()
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

"""Reads of assessments: whose they are, and the exchanges behind their figures, with the rights of cases."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.learn.assessments import commands
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange
from armature.crm.learn.assessments.scope import Scope

PAGE = 30
WAITING = ("never", "again")


def assessments_for(user: User) -> list[Assessment]:
    """The latest ones they may read, without their counts."""
    found = Assessment.objects.select_related("user").defer("sums", "proposals", "answers").order_by("-id")
    if not commands.may(user):
        return []
    rights = rights_of(user)
    mine = found if rights.of_all else found.filter(user=user)
    return [one for one in mine[:50] if rights.of_all or Scope.read(one.scope).within(rights)]


def assessment_for(user: User, number: int) -> Assessment | None:
    """One: their own, as long as they lead all that it counted; administrators of the whole company read all.

    What it counted is read when it is asked for: whoever watches it run looks once a second.
    """
    found = Assessment.objects.select_related("user").defer("sums", "proposals").filter(pk=number).first()
    if found is None or not commands.may(user):
        return None
    rights = rights_of(user)
    own = found.user_id == user.pk and Scope.read(found.scope).within(rights)
    return found if own or rights.of_all else None


def kept(job: Assessment, kind: str, part: Mapping[str, str]) -> QuerySet[AssessmentExchange]:
    """What stands behind a figure, the longest first. ``kind``: never, again, first, or waiting for both that wait."""
    found = AssessmentExchange.objects.filter(assessment=job, kind__in=WAITING if kind == "waiting" else [kind])
    if part.get("channel"):
        found = found.filter(channel=int(part["channel"]))
    return found.filter(intent=part["intent"]) if "intent" in part else found


def exchanges_for(user: User, job: Assessment, kind: str, part: Mapping[str, str]) -> QuerySet[AssessmentExchange]:
    """The same, as far as they may see a case of it."""
    mine = Case.objects.filter(
        queries.seen_by(user), conversation=OuterRef("conversation_id"), identity=OuterRef("identity_id")
    )
    return kept(job, kind, part).filter(Exists(mine)).order_by("-minutes", "id")


def page(found: QuerySet[AssessmentExchange], after: AssessmentExchange | None) -> Sequence[AssessmentExchange]:
    """The next of them, and one more."""
    if after is not None:
        found = found.filter(Q(minutes__lt=after.minutes) | Q(minutes=after.minutes, pk__gt=after.pk))
    return list(found.select_related("interaction", "identity")[: PAGE + 1])


def cases_of(user: User, them: Sequence[AssessmentExchange]) -> dict[tuple[int, int], int]:
    """The number of the latest case of each that they may see, in one statement."""
    conversations = {one.conversation_id for one in them}
    found = queries.cases_for(user).filter(conversation__in=conversations).order_by("id")
    return {(c, i): number for c, i, number in found.values_list("conversation_id", "identity_id", "pk")}

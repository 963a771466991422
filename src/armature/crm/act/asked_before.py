"""Nobody is asked twice within some days, by whichever way: links of surveys, and answers that ask how they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from armature.crm.act.models import RatingLink, Response, SurveyLink
from armature.crm.identify.models import Identity

IN_FORCE = [
    Response.State.WRITTEN, Response.State.APPROVAL, Response.State.QUEUED, Response.State.SENT,
    Response.State.UNKNOWN, Response.State.BY_HAND,
]  # fmt: skip
"""A link counts as asked while its answer is on its way, or out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When somebody was asked last, and by what: the name of a survey, or nothing for an answer of ours."""

    at: datetime
    survey: str = ""


def hold(identity_id: int) -> list[int]:
    """All addresses of the person, held so that two colleagues cannot ask at once."""
    theirs = _theirs(identity_id)
    found = Identity.objects.filter(pk__in=theirs).select_for_update(no_key=True)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _theirs(identity_id: int) -> list[int]:
    one = Identity.objects.get(pk=identity_id)
    mine = Identity.objects.filter(person=one.person_id) if one.person_id else Identity.objects.filter(pk=one.pk)
    return list(mine.values_list("pk", flat=True))


def last(identities: Sequence[int], *, but: int | None = None) -> Asked | None:
    """When one of these addresses was asked last, leaving the answer ``but`` out."""
    surveys = SurveyLink.objects.filter(identity__in=identities).select_related("survey").order_by("-made_at")
    ratings = RatingLink.objects.filter(identity__in=identities, response__state__in=IN_FORCE).order_by("-made_at")
    found = [Asked(one.made_at, one.survey.name) for one in surveys[:1]]
    found += [Asked(one.made_at) for one in ratings.exclude(response=but)[:1]]
    return max(found, key=lambda one: one.at, default=None)


def lately(identity_id: int, days: int, *, but: int | None = None) -> bool:
    """Whether the person was asked within so many days."""
    found = last(_theirs(identity_id), but=but)
    return found is not None and found.at > timezone.now() - timedelta(days=days)

"""Reads of files that are brought in: which are a user's, what the first rows look like, how fast it goes."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from armature.crm.accounts.access import RANK, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.channels import survey
from armature.crm.listen.imports import kept, kinds
from armature.crm.listen.imports.models import Import, ImportRow
from armature.crm.listen.imports.records import Record
from armature.crm.listen.models import Channel

PREVIEW = 20
NOT_FOR_FILES = (survey.KIND, "calls", "letter", "demo_survey")
"""Kinds with lists of their own, or whose interactions are more than words."""


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands whose past this user may bring in: a lead or more in all teams of it."""
    led = {brand for team, brand, role in rights_of(user).roles if team is None and RANK[role] >= RANK[Role.LEAD]}
    found = Brand.objects.order_by("name", "id")
    return found if None in led else found.filter(pk__in=[one for one in led if one is not None])


def may(user: User, brand_id: int, what: str) -> bool:
    """Whether this user may bring in the past of this brand; people belong to all brands, so it takes all of them."""
    return brands_for(user).filter(pk=brand_id).exists() if what == Import.What.SAID else may_people(user)


def may_people(user: User) -> bool:
    """Whether this user may bring in people: a lead or more in all teams of all brands."""
    return any(team is None and brand is None and RANK[role] >= RANK[Role.LEAD]
               for team, brand, role in rights_of(user).roles)  # fmt: skip


def imports_for(user: User) -> QuerySet[Import]:
    """Files of these brands, the newest first."""
    found = Import.objects.filter(brand__in=brands_for(user)).select_related("brand", "channel", "user")
    found = found if may_people(user) else found.exclude(what=Import.What.PEOPLE)
    return found.order_by("-id")


def import_for(user: User, number: int) -> Import:
    """One of them; raises ``Import.DoesNotExist``, whether there is one or not."""
    return imports_for(user).get(pk=number)


def channels_for(user: User, brand_id: int) -> QuerySet[Channel]:
    """Where what was said can go: the channels of the brand, by name."""
    found = Channel.objects.filter(brand=brand_id, brand__in=brands_for(user)).exclude(kind__in=NOT_FOR_FILES)
    return found.order_by("name", "id")


def first(job: Import, number: int = PREVIEW) -> list[Record]:
    """The first records of the file; raises ``NotReadable``."""
    with closing(kinds.opened(kept.path(job.digest), job.kind, job.options)) as source:
        return list(islice(source.records(), number))


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an import goes: records a second, and how long it still takes, as far as that can be told."""

    rate: int
    left: timedelta | None


def pace(job: Import) -> Pace:
    """Measured from the begin of this run."""
    if job.begun_at is None or not job.position:
        return Pace(0, None)
    gone = max(0.001, ((job.finished_at or timezone.now()) - job.begun_at).total_seconds())
    left = gone * (1 - job.share) / job.share if job.share > 0.001 and job.moving else None
    return Pace(round(job.position / gone), timedelta(seconds=round(left)) if left is not None else None)


def reasons(job: Import) -> list[tuple[str, str, int]]:
    """Why records are faulty or conflict, the most frequent first: result, field, how many."""
    bad = Q(result__in=[ImportRow.Result.FAULTY, ImportRow.Result.CONFLICT])
    found = job.rows.filter(bad).values_list("result", "field").annotate(number=Count("pk")).order_by("-number")
    return [(result, field, number) for result, field, number in found[:20]]


def faulty(job: Import) -> Iterator[ImportRow]:
    """Records that can be mended, in the order of the file; memory does not grow with them."""
    bad = [ImportRow.Result.FAULTY, ImportRow.Result.CONFLICT]
    return job.rows.filter(result__in=bad).order_by("number").iterator(chunk_size=500)

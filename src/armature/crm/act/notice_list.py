"""What somebody has been told: the list, how many are unread, and how they want to hear of things."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Notice, NoticeWish

PAGE = 50
MANY = 99
"""More unread ones are not counted."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to hear of one kind of thing."""

    kind: str
    label: str
    shown: bool = True
    mailed: bool = False


def wishes(user: User) -> list[Wish]:
    """For every kind, as they said or as it is when they said nothing."""
    said = {one.kind: one for one in NoticeWish.objects.filter(user=user)}
    return [
        Wish(kind, str(label), said[kind].shown if kind in said else True, said[kind].mailed if kind in said else False)
        for kind, label in Notice.Kind.choices
    ]


def notices_for(user: User) -> QuerySet[Notice]:
    """What a user was told and wants to see, latest first."""
    hidden = NoticeWish.objects.filter(user=user, shown=False).values("kind")
    return Notice.objects.filter(user=user).exclude(kind__in=hidden).order_by("-id")


def notice_for(user: User, number: int) -> Notice:
    """One notice of their own; raises ``Notice.DoesNotExist``."""
    return Notice.objects.get(pk=number, user=user)


def page(user: User, before: int | None = None) -> list[tuple[Notice, bool]]:
    """One page and one more, each with whether its case is still there for them."""
    found = notices_for(user)
    listed = list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    seen = _seen(user, listed)
    return [(one, one.case_id is None or one.case_id in seen) for one in listed]


def unread(user: User) -> int:
    """How many wait to be read, of those about cases that are still there for them; at most ``MANY``."""
    listed = list(notices_for(user).filter(read_at=None)[:MANY])
    seen = _seen(user, listed) if listed else set()
    return sum(one.case_id is None or one.case_id in seen for one in listed)


def _seen(user: User, listed: list[Notice]) -> set[int]:
    wanted = [one.case_id for one in listed if one.case_id]
    return set(queries.cases_for(user).filter(pk__in=wanted).values_list("pk", flat=True))


def read(user: User, notice: Notice) -> None:
    """One is read."""
    Notice.objects.filter(pk=notice.pk, user=user, read_at=None).update(read_at=timezone.now())


def read_all(user: User, upto: int) -> int:
    """All up to the one that stood first on the page; what came since stays unread. How many."""
    return Notice.objects.filter(user=user, read_at=None, pk__lte=upto).update(read_at=timezone.now())


@transaction.atomic
def wish(user: User, wanted: Mapping[str, tuple[bool, bool]]) -> None:
    """Keep how they want to hear of things: (on the page, by mail) for each kind."""
    rows = [
        NoticeWish(user=user, kind=kind, shown=shown, mailed=mailed)
        for kind, (shown, mailed) in wanted.items()
        if kind in Notice.Kind.values
    ]
    NoticeWish.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["shown", "mailed"]
    )

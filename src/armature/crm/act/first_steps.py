"""What a real start takes, and how much of it is done: counted from what there is, never ticked off by hand."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from armature.crm.accounts import audit
from armature.crm.accounts.access import RANK, NotAllowed, rights_of
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act.models import CannedResponse, StartMark
from armature.crm.listen.models import Channel

MAP, BACKUP, AWAY = "map", "backup", "away"
RELEASING = [role for role in Role.values if RANK[role] >= RANK[Role.LEAD]]
LEAST_RELEASING = 2
"""Whoever wrote a response does not release it, so that it takes two."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step and whether it is done."""

    key: str
    done: bool


def _mailbox() -> bool:
    well = Q(active=True, problem="", paused_at=None) & Q(checked_at__isnull=False)
    return Channel.objects.filter(well, kind="email").exists()


def _colleague() -> bool:
    return User.objects.filter(is_active=True)[:2].count() > 1


def _releasing() -> bool:
    found = Membership.objects.filter(role__in=RELEASING, user__is_active=True).values("user").distinct()
    return found[:LEAST_RELEASING].count() >= LEAST_RELEASING


def of(user: User) -> list[Step]:
    """The steps for an administrator of the whole company; none for others, when all are done or it was put away."""
    if not rights_of(user).of_all:
        return []
    marks = set(StartMark.objects.values_list("key", flat=True))
    if AWAY in marks:
        return []
    done: dict[str, Callable[[], bool]] = {
        "mailbox": _mailbox, "colleague": _colleague, "map": lambda: MAP in marks,
        "canned": CannedResponse.objects.exists, "approvals": _releasing, "backup": lambda: BACKUP in marks,
    }  # fmt: skip
    steps = [Step(key, there()) for key, there in done.items()]
    return [] if all(step.done for step in steps) else steps


def mark(user: User, key: str) -> None:
    """They looked at the map, or put the list away for everybody."""
    if not rights_of(user).of_all:
        raise NotAllowed
    with transaction.atomic():
        _made, new = StartMark.objects.get_or_create(key=key, defaults={"user": user})
        if new:
            audit.log(user, "looked at the map" if key == MAP else "put the first steps away", "first steps", {})


def backed_up(rows: int, size: int) -> None:
    """A whole backup was written: so many rows, so many bytes. Said by the command, in the database it backed up."""
    with transaction.atomic():
        StartMark.objects.update_or_create(key=BACKUP, defaults={"at": timezone.now()})
        audit.log("the command line", "made a backup", "backup", {"rows": rows, "bytes": size})

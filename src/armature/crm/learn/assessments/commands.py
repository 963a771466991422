"""What people do with assessments: begin one, stop it, throw it away. May they, change, log: in one transaction."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import lease, live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.accounts.queries import company_zone
from armature.crm.decide import versions
from armature.crm.decide.models import ProcessMap
from armature.crm.learn.assessments import past, scope, work
from armature.crm.learn.assessments.models import Assessment, AssessmentTodo
from armature.crm.listen.models import Channel

MOST_WAITING = 3
"""So many of one user at most run or wait at once."""


def may(user: User) -> bool:
    """Leads and whoever is above them."""
    return rights_of(user).anywhere(Role.LEAD)


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands they lead something of, by name."""
    led = scope.of(user).brands if may(user) else set()
    found = Brand.objects.order_by("name", "id")
    return found if led is None else found.filter(pk__in=led)


def channels_for(user: User) -> QuerySet[Channel]:
    """The channels of these brands, by name."""
    return Channel.objects.filter(brand__in=brands_for(user)).order_by("name", "id")


def begin(
    user: User, *, since: datetime | None = None, until: datetime | None = None, brand: Brand | None = None,
    channels: Collection[Channel] = (), live_too: bool = True,
) -> Assessment:  # fmt: skip
    """Assess what was said from ``since`` up to ``until`` (neither: all up to now) on channels of brands they lead.

    Without ``live_too`` only what was brought in from before. Raises ``Refused``, ``NotAllowed``.
    """
    if not may(user):
        raise NotAllowed(_("Assessments are for leads and administrators."))
    if Assessment.objects.filter(user=user, state=Assessment.State.RUNNING).count() >= MOST_WAITING:
        raise Refused(_("Your last assessments still run: wait for them, or stop one."))
    over = _over(user, since, until, brand, channels, live_too)
    total, upto = past.bounds(over["channels"])
    running = _map_in_force(brand)
    with transaction.atomic():
        job = Assessment.objects.create(
            user=user, over=over, scope=[list(one) for one in scope.of(user).led], map=running,
            zone=str(company_zone()), upto=upto, total=total,
        )  # fmt: skip
        AssessmentTodo.objects.create(assessment=job)
        audit.log(user, "assessed", f"assessment {job.pk}", {"over": over, "of": total})
        live.wake()
    return job


def _over(
    user: User, since: datetime | None, until: datetime | None, brand: Brand | None, channels: Collection[Channel],
    live_too: bool,
) -> dict[str, Any]:  # fmt: skip
    if since and until and since >= until:
        raise Refused(_("The last day is before the first one: choose a later one."))
    mine = channels_for(user).filter(brand=brand) if brand else channels_for(user)
    numbers = list(mine.values_list("pk", flat=True))
    if channels:
        asked = {one.pk for one in channels}
        if not asked <= set(numbers):
            raise Refused(_("The channels: choose some of the brand that is assessed."))
        numbers = sorted(asked)
    if not numbers:
        raise Refused(_("There is no channel that you lead: nothing was said there."))
    end = min(until or timezone.now(), timezone.now())
    return {
        "since": since.isoformat() if since else None, "until": end.isoformat(),
        "brand": brand.pk if brand else None, "channels": numbers, "live": live_too, "chosen": bool(channels),
    }  # fmt: skip


def _map_in_force(brand: Brand | None) -> ProcessMap | None:
    return versions.for_brand(brand.pk if brand else None)


@transaction.atomic
def cancel(user: User, job: Assessment) -> bool:
    """It stops after the chunk that is under way, and what was counted stays; False when it had ended already."""
    stopped = Assessment.objects.filter(pk=job.pk, state=Assessment.State.RUNNING).update(
        state=Assessment.State.CANCELLED
    )
    if stopped:
        AssessmentTodo.objects.filter(pk=job.pk).delete()
        audit.log(user, "stopped an assessment", f"assessment {job.pk}", {"done": job.done})
    return bool(stopped)


@transaction.atomic
def throw_away(user: User, job: Assessment) -> None:
    """All of it is gone, except that there was one; what was accepted stays in its drafts."""
    audit.log(user, "threw an assessment away", f"assessment {job.pk}", {})
    job.delete()


def carry_out(held: lease.Claim, going: Callable[[], bool] = lambda: True) -> int:
    """Work on it; one that was stopped or went to another worker meanwhile is left alone."""
    try:
        return work.go_on(held, going) + 1
    except (lease.LeaseLost, Assessment.DoesNotExist):
        return 1


def give_up(number: int, why: str) -> None:
    """It failed again and again: say so."""
    with transaction.atomic():
        Assessment.objects.filter(pk=number, state=Assessment.State.RUNNING).update(
            state=Assessment.State.FAILED, problem=why.replace("\x00", "")[:500]
        )
        AssessmentTodo.objects.filter(pk=number).delete()


def told(over: Mapping[str, Any], day: str) -> datetime | None:
    """The beginning or end of what was assessed."""
    return datetime.fromisoformat(over[day]) if over.get(day) else None

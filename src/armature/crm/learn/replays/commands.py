"""What people do with replays: begin one, stop it, throw it away. May they, change, log: in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.rule.finding import Unfit
from armature.crm import lease, live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.decide.drawn import Draft
from armature.crm.learn.replays import past, tried, work
from armature.crm.learn.replays.models import Replay, ReplayTodo
from armature.crm.listen.models import Direction
from armature.crm.understand import versions

MOST = 1_000_000
"""Interactions of one replay."""
MOST_WAITING = 3
"""So many of one user at most run or wait at once."""


def may(user: User) -> bool:
    """Leads and whoever is above them."""
    return rights_of(user).anywhere(Role.LEAD)


def begin(
    user: User, drafts: Sequence[Draft], over: Mapping[str, Any], *, today: bool = False, reader: int | None = None
) -> Replay:
    """Run drafts as they read now, or what is in force, over a part of the past. Raises ``Refused``, ``NotAllowed``.

    ``over`` holds any of last, since, until (ISO, with an offset), channel, brand, intent, team. ``reader`` is the
    number of a version, 0 the starter reader. A map for what we start is tried on what we started.
    """
    if not may(user):
        raise NotAllowed(_("Replays are for leads and administrators."))
    if Replay.objects.filter(user=user, state=Replay.State.RUNNING).count() >= MOST_WAITING:
        raise Refused(_("Your last replays still run: wait for them, or stop one."))
    what = {**tried.of_drafts(drafts), "reader": reader, "reader_name": _called(reader)}
    asked = {name: value for name, value in over.items() if value not in (None, "")}
    if _runs(what).direction == Direction.OUT:
        asked["direction"] = Direction.OUT.value
    total, first, upto = past.bounds({**asked, "last": min(asked.get("last") or MOST, MOST)})
    with transaction.atomic():
        job = Replay.objects.create(
            user=user, tried=what, over=asked, today=today, zone=timezone.get_current_timezone_name(), first=first,
            upto=upto, total=total,
        )  # fmt: skip
        ReplayTodo.objects.create(replay=job)
        audit.log(user, "replayed", f"replay {job.pk}", {"drafts": what["names"], "over": asked, "of": total})
        live.wake()
    return job


def _called(reader: int | None) -> str:
    """The name of a reader; raises ``Refused`` when it cannot be run."""
    if reader is None:
        return ""
    try:
        return versions.numbered(reader).version
    except LookupError:
        raise Refused(_("The reader: this version is not kept any more. Choose another one.")) from None


def _runs(what: Mapping[str, Any]) -> tried.Tried:
    """What cannot be compiled is refused at once, with what must be mended."""
    try:
        return tried.Tried(what)
    except Unfit as unfit:
        first = unfit.findings[0].words if unfit.findings else ""
        raise Refused(_("This draft cannot run yet: {words}").format(words=first)) from unfit


@transaction.atomic
def cancel(user: User, job: Replay) -> bool:
    """It stops within a second, and what it found stays; False when it had ended already."""
    _take_off(job.pk)
    stopped = Replay.objects.filter(pk=job.pk, state=Replay.State.RUNNING).update(state=Replay.State.CANCELLED)
    if stopped:
        audit.log(user, "stopped a replay", f"replay {job.pk}", {"done": job.done})
    return bool(stopped)


@transaction.atomic
def throw_away(user: User, job: Replay) -> None:
    """All of it is gone, except that there was one."""
    _take_off(job.pk)
    audit.log(user, "threw a replay away", f"replay {job.pk}", {})
    job.delete()


def _take_off(number: int) -> None:
    """Off the queue before anything else: a worker that writes holds that row first, and writes no more behind it."""
    ReplayTodo.objects.filter(pk=number).delete()


def carry_out(held: lease.Claim, going: Callable[[], bool] = lambda: True) -> None:
    """Work on it; one that was cancelled or went to another worker meanwhile is left alone."""
    try:
        work.go_on(held, going)
    except (lease.LeaseLost, Replay.DoesNotExist):
        return
    except Unfit as unfit:
        give_up(held.keys[0], unfit.findings[0].words if unfit.findings else str(unfit))


def give_up(number: int, why: str) -> None:
    """It failed again and again: say so."""
    with transaction.atomic():
        _take_off(number)
        Replay.objects.filter(pk=number, state=Replay.State.RUNNING).update(
            state=Replay.State.FAILED, problem=why.replace("\x00", "")[:500]
        )

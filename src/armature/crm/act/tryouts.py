"""What people do with a file of their own messages: try it out, say which addresses are ours, throw it away."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.rule import FACTS
from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.act import trying
from armature.crm.act.models import Tryout, TryoutTodo
from armature.crm.listen.imports import kept, newest

KEPT = timedelta(days=1)
MOST_WAITING = 3
"""So many files of one user at most wait or stand there at once."""


def may(user: User) -> bool:
    """Leads and administrators try things out."""
    return rights_of(user).anywhere(Role.LEAD)


def tryouts_for(user: User) -> QuerySet[Tryout]:
    """Their own, the newest first; administrators of the whole company see all. What is a day old is gone."""
    found = Tryout.objects.filter(at__gt=timezone.now() - KEPT).select_related("user").order_by("-id")
    if not may(user):
        return found.none()
    return found if rights_of(user).of_all else found.filter(user=user)


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands they lead something of, by name: their hours and their map hold."""
    led = {brand for _team, brand, _role in rights_of(user).only(Role.LEAD).roles}
    found = Brand.objects.order_by("name", "id")
    return found if None in led else found.filter(pk__in=[one for one in led if one is not None])


def try_out(user: User, brand: Brand, place: str, name: str, pieces: Iterable[bytes]) -> Tryout:
    """Keep a file until it is read; raises ``Refused``, ``NotReadable``. Nothing of it becomes an interaction."""
    if not may(user) or not brands_for(user).filter(pk=brand.pk).exists():
        raise NotAllowed(_("Leads and administrators try their past out."))
    if Tryout.objects.filter(user=user, state=Tryout.State.READING).count() >= MOST_WAITING:
        raise Refused(_("Your last files are still being read: wait for them."))
    if place not in FACTS["channel"].values:
        raise Refused(_("Choose where it was said."))
    trying.folder().mkdir(parents=True, exist_ok=True)
    kept.refuse_full_disk()
    draft = secrets.token_hex(16)
    path = trying.folder() / draft
    try:
        with path.open("wb") as out:
            for piece in pieces:
                out.write(piece)
        kind, options = newest.looked_at(path)
        options["zone"] = timezone.get_current_timezone_name()
        with transaction.atomic():
            job = Tryout.objects.create(
                user=user, brand=brand, name=name.replace("\x00", "")[:200], kind=kind, place=place, options=options,
                draft=draft,
            )  # fmt: skip
            TryoutTodo.objects.create(job=job)
            audit.log(user, "tried messages out", f"tryout {job.pk}", {"file": job.name})
            live.wake()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return job


@transaction.atomic
def say_ours(user: User, job: Tryout, ours: Sequence[str]) -> None:
    """Which of its addresses are ours."""
    known = {one["who"] for one in job.said} | {to for one in job.said for to in one["to"]}
    job.ours = sorted({one for one in ours if one in known})
    job.save(update_fields=["ours"])
    audit.log(user, "said which addresses are ours", f"tryout {job.pk}", {"addresses": len(job.ours)})


@transaction.atomic
def throw_away(user: User, job: Tryout) -> None:
    """Nothing of it stays, except that there was one."""
    audit.log(user, "threw a tryout away", f"tryout {job.pk}", {})
    _gone(job)


def _gone(job: Tryout) -> None:
    (trying.folder() / job.draft).unlink(missing_ok=True)
    job.delete()


def forget_old() -> int:
    """What is a day old goes by itself; files that nobody waits for go too."""
    old = list(Tryout.objects.filter(at__lt=timezone.now() - KEPT).defer("said"))
    for job in old:  # a few a day
        _gone(job)
    there = list(trying.folder().iterdir()) if trying.folder().is_dir() else []
    waited = set(Tryout.objects.filter(draft__in=[one.name for one in there]).values_list("draft", flat=True))
    for one in there:  # a machine that stopped while they came in
        if one.name not in waited and one.stat().st_mtime < (timezone.now() - KEPT).timestamp():
            one.unlink(missing_ok=True)
    return len(old)

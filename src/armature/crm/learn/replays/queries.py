"""Reads of replays: whose they are, how far, and the interactions that would have gone otherwise, with rights."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.learn.replays import commands
from armature.crm.learn.replays.models import Replay, ReplayChange
from armature.crm.learn.replays.work import Compared, bench

PAGE = 30


def replays_for(user: User) -> QuerySet[Replay]:
    """Their own, the newest first; administrators of the whole company see all."""
    found = Replay.objects.select_related("user").order_by("-id")
    if not commands.may(user):
        return found.none()
    return found if rights_of(user).of_all else found.filter(user=user)


def _kept(job: Replay, kind: str) -> QuerySet[ReplayChange]:
    found = ReplayChange.objects.filter(replay=job)
    return found.filter(kinds__contains=[kind]) if kind else found


def changes_for(user: User, job: Replay, kind: str = "") -> QuerySet[ReplayChange]:
    """What would have gone otherwise, of one kind or all, as far as they may see a case of it; the newest first."""
    mine = Case.objects.filter(
        queries.seen_by(user), conversation=OuterRef("conversation_id"), identity=OuterRef("identity_id")
    )
    return _kept(job, kind).filter(Exists(mine)).order_by("-id")


def page(found: QuerySet[ReplayChange], after: int) -> Sequence[ReplayChange]:
    """The next of them, and one more."""
    behind = found.filter(pk__lt=after) if after else found
    return list(behind.select_related("interaction")[: PAGE + 1])


def left_out(job: Replay, kind: str, seen: int) -> tuple[int, int]:
    """Of what is counted: how many stand in cases they may not see, and how many are not kept one by one."""
    counted = int(job.sums.get(kind, 0)) if kind else job.changed
    kept = _kept(job, kind).count()
    return kept - seen, counted - kept


def both(job: Replay, change: ReplayChange) -> Compared | None:
    """Both sides of one change, reckoned anew; None when what was recorded, or the reader, is gone."""
    try:
        return next(iter(bench(job).compare([change.interaction_id])), None)
    except LookupError:
        return None


def case_of(user: User, change: ReplayChange) -> Case | None:
    """The latest case of it that they may see."""
    found = queries.cases_for(user).filter(conversation=change.conversation_id, identity=change.identity_id)
    return found.order_by("-id").first()

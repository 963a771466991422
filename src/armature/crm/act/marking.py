"""What people say about a case that is no answer: later, how urgent, under which words, who wants to hear of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import live, rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import notices
from armature.crm.act.models import Case, Follower, Tag, Tagging
from armature.crm.act.work import Refused, allowed, held

LONGEST_SNOOZE = timedelta(days=366)
PRIORITIES = range(1, 6)


def snooze(user: User, case: Case, *, until: datetime) -> datetime:
    """Put a case aside until then; when it comes back. No promise waits with it: it is back when it is due."""
    allowed(user, case, Role.AGENT)
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise Refused(_("Choose a time in the future, at most a year from now."))
    with held(case) as now_it_is:
        if now_it_is.ended_at is not None:
            raise Refused(_("This case has ended: it comes back by itself when they write."))
        due = now_it_is.due_at
        back = due if due and now < due < until else until
        Case.objects.filter(pk=case.pk).update(status="snoozed", snoozed_until=back, changed_at=now)
        audit.log(user, "snoozed", f"case {case.pk}", {"until": back})
    return back


WAKE = """
    UPDATE act_case SET snoozed_until = NULL, changed_at = now(),
        status = CASE WHEN form = 'intent' THEN 'new' WHEN form IN ('send', 'feedback') THEN 'pending' ELSE 'open' END
    WHERE id = ANY(%s) AND snoozed_until IS NOT NULL RETURNING id
"""


def wake(user: User, case: Case) -> None:
    """Take a snoozed case up again before its time."""
    allowed(user, case, Role.DRAFT_ONLY)
    with held(case):
        if not rows.fetch(WAKE, [[case.pk]]):
            raise Refused(_("This case is not snoozed any more."))
        audit.log(user, "woke", f"case {case.pk}", {})


def wake_due(limit: int = 1000) -> int:
    """Snoozed cases whose time has come are back in their lists; who has or follows them hears of it."""
    with transaction.atomic():
        due = rows.fetch(
            "SELECT id FROM act_case WHERE snoozed_until <= statement_timestamp() ORDER BY snoozed_until LIMIT %s "
            "FOR NO KEY UPDATE SKIP LOCKED",
            [limit],
        )
        if not due:
            return 0
        woken = [number for (number,) in rows.fetch(WAKE, [[number for (number,) in due]])]
        notices.tell_all(woken, "woke")
        live.tell(woken)
    return len(woken)


def set_priority(user: User, case: Case, *, priority: int) -> None:
    """A person's word about how urgent a case is: 1 is first, 5 last; rules do not change it any more."""
    allowed(user, case, Role.AGENT)
    if priority not in PRIORITIES:
        raise Refused(_("Choose a priority from 1 (first) to 5 (last)."))
    with held(case) as now_it_is:
        Case.objects.filter(pk=case.pk).update(priority=priority, priority_fixed=True, changed_at=timezone.now())
        audit.log(user, "set the priority", f"case {case.pk}", {"priority": priority, "was": now_it_is.priority})


def tag(user: User, case: Case, *, name: str) -> Tag:
    """Put a tag on a case, making it when there is none of that name."""
    allowed(user, case, Role.DRAFT_ONLY)
    with transaction.atomic():
        found = tag_named(user, name)
        Tagging.objects.get_or_create(case=case, tag=found, defaults={"user": user})
        Case.objects.filter(pk=case.pk).update(changed_at=timezone.now())
        audit.log(user, "tagged", f"case {case.pk}", {"tag": found.name})
    return found


def tag_named(user: User, name: str) -> Tag:
    """The tag of that name; made when there is none."""
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise Refused(_("A tag has one to 40 characters."))
    found = Tag.objects.filter(name__iexact=name).first()
    return found or Tag.objects.create(name=name, made_by=user)


def untag(user: User, case: Case, *, tag: int) -> None:
    """Take a tag off a case."""
    allowed(user, case, Role.DRAFT_ONLY)
    with transaction.atomic():
        found = Tagging.objects.filter(case=case, tag=tag).select_related("tag").first()
        if found is None:
            raise Refused(_("The case does not carry this tag any more."))
        found.delete()
        Case.objects.filter(pk=case.pk).update(changed_at=timezone.now())
        audit.log(user, "untagged", f"case {case.pk}", {"tag": found.tag.name})


def follow(user: User, case: Case) -> None:
    """Hear of whatever happens in a case."""
    allowed(user, case, Role.DRAFT_ONLY)
    with transaction.atomic():
        Follower.objects.get_or_create(case=case, user=user)
        audit.log(user, "follows", f"case {case.pk}", {"follower": user.pk})


def unfollow(user: User, case: Case) -> None:
    """Hear of it no longer."""
    with transaction.atomic():
        Follower.objects.filter(case=case, user=user).delete()
        audit.log(user, "follows no longer", f"case {case.pk}", {"follower": user.pk})


def tags_of(case_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each of these cases, in one query."""
    found: dict[int, list[Tag]] = {}
    for one in Tagging.objects.filter(case__in=case_ids).select_related("tag").order_by("tag__name"):
        found.setdefault(one.case_id, []).append(one.tag)
    return found

"""Notices by mail, for who wants it: one letter about all that is new, not in quiet hours, no customer's words."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from armature.crm import rows
from armature.crm.accounts import post, queries
from armature.crm.accounts.models import User
from armature.crm.act.models import Notice, NoticePost, NoticeWish
from armature.crm.act.queries import cases_for

MOST = 20
"""So many are named in one letter; of the rest it says how many."""

WAITING = """
    SELECT DISTINCT w.user_id FROM act_noticewish w JOIN accounts_user u ON u.id = w.user_id AND u.is_active
    LEFT JOIN act_noticepost p ON p.user_id = w.user_id
    WHERE w.mailed AND EXISTS (
        SELECT FROM act_notice n WHERE n.user_id = w.user_id AND n.read_at IS NULL AND n.kind = w.kind
            AND n.id > coalesce(p.upto, 0) AND n.at < %s - interval '1 minute')
"""
"""Who has something new to be mailed. A minute passes first: whoever is at the desk reads it there."""


def send_due(now: datetime | None = None) -> int:
    """Write to everybody who has something new, wants it and is not in quiet hours; how many letters went out."""
    now = now or timezone.now()
    if not settings.MAIL_GOES_OUT:
        return 0
    waiting = [number for (number,) in rows.fetch(WAITING, [now])]
    zone = ZoneInfo(queries.company_zone()) if waiting else None
    return sum(_write(number, now, timezone.localtime(now, zone).time()) for number in waiting)  # rare: people


def _write(number: int, now: datetime, clock: time) -> int:
    NoticePost.objects.get_or_create(user_id=number)
    with transaction.atomic():
        held = NoticePost.objects.select_for_update(skip_locked=True).filter(pk=number).first()
        user = User.objects.get(pk=number)
        if held is None or is_quiet(user, clock):
            return 0
        found = list(_new(user, held.upto, now))
        if not found:
            return 0
        seen = set(cases_for(user).filter(pk__in=[one.case_id for one in found]).values_list("pk", flat=True))
        told = [one for one in found if one.case_id is None or one.case_id in seen]
        if told and _letter(user, told):
            return 0  # it did not go out: the next round tries again
        NoticePost.objects.filter(pk=number).update(upto=found[-1].pk)
    return int(bool(told))


def _new(user: User, upto: int, now: datetime) -> QuerySet[Notice]:
    kinds = NoticeWish.objects.filter(user=user, mailed=True).values("kind")
    new = Notice.objects.filter(user=user, read_at=None, pk__gt=upto, at__lt=now - timedelta(minutes=1))
    return new.filter(kind__in=kinds).order_by("pk")


def is_quiet(user: User, clock: time) -> bool:
    """Whether this hour of the company's day is quiet for them; quiet hours may go over midnight."""
    start, end = user.quiet_from, user.quiet_until
    if start is None or end is None or start == end:
        return False
    return start <= clock < end if start < end else clock >= start or clock < end


def _letter(user: User, told: Sequence[Notice]) -> str:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = ngettext("{n} notice in Armature", "{n} notices in Armature", len(told)).format(n=len(told))
        lines = [_line(one) for one in told[:MOST]]
        if len(told) > MOST:
            lines.append(_("and {n} more").format(n=len(told) - MOST))
        end = _("You can choose what is mailed, and your quiet hours, on your profile page.")
        return post.mail(user.email, subject, "\n".join([*lines, "", end, ""]))


def _line(one: Notice) -> str:
    if one.query_id is not None:
        where = f"{settings.ADDRESS}/listening/{one.query_id}" if settings.ADDRESS else ""
        return f"- {one.get_kind_display()}: {one.text} {where}".rstrip()
    if one.case_id is None:
        return f"- {one.get_kind_display()}"
    where = f"{settings.ADDRESS}/cases/open/{one.case_id}" if settings.ADDRESS else ""
    return _("- Case {number}: {what} {where}").format(number=one.case_id, what=one.get_kind_display(), where=where)

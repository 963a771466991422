"""Where log-ins are kept: like Django's own table, but each knows whose it is, so that it can be ended."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from armature.crm import live
from armature.crm.accounts.models import Session, User

AGENT = "agent"


class SessionStore(Rows):
    """Django's sessions in our table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row, with whose log-in it is and what the browser said it was."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.agent = str(data.get(AGENT, ""))[:200]
        return row


def standing(keys: Iterable[str]) -> dict[str, User]:
    """Whose log-ins these are, as far as they stand: one that ran out, was ended, or had a new password does not."""
    fresh = Session.objects.select_related("user").filter(pk__in=set(keys) - {""}, expire_date__gt=timezone.now())
    return {row.pk: row.user for row in fresh if row.user and row.user.is_active and _is_of(row, row.user)}


def _is_of(row: Session, user: User) -> bool:
    mark = row.get_decoded().get(HASH_SESSION_KEY, "")
    marks = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(mark, one) for one in marks)


def end_all(user: User, but: str = "") -> int:
    """End the log-ins of a user (``but`` the one in which they sit); open screens notice at once."""
    ended, _ = Session.objects.filter(user=user).exclude(pk=but).delete()
    live.tell()
    return ended


def forget_old() -> int:
    """Log-ins that ran out; how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]

"""Where log-ins are kept: like Django's own table, but each knows whose it is, so that it can be ended."""

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


def user_of(key: str) -> User | None:
    """Whose log-in this is; nobody's when it ran out, was ended, or the password was changed elsewhere."""
    row = Session.objects.select_related("user").filter(pk=key, expire_date__gt=timezone.now()).first() if key else None
    if row is None or row.user is None or not row.user.is_active:
        return None
    mark = row.get_decoded().get(HASH_SESSION_KEY, "")
    marks = [row.user.get_session_auth_hash(), *row.user.get_session_auth_fallback_hash()]
    return row.user if any(constant_time_compare(mark, one) for one in marks) else None


def end_all(user: User, but: str = "") -> int:
    """End the log-ins of a user (``but`` the one in which they sit); open screens notice at once."""
    ended, _ = Session.objects.filter(user=user).exclude(pk=but).delete()
    live.tell()
    return ended


def forget_old() -> int:
    """Log-ins that ran out; how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]

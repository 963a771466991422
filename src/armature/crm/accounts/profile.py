"""What everybody says about themselves: name, signature, whether they take work, their keys and language."""

from dataclasses import asdict, dataclass
from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit, sessions
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import Presence, Session, User


@dataclass(frozen=True, slots=True)
class Profile:
    """All of it, as the page asks for it."""

    name: str
    signature: str = ""
    language: str = ""
    single_keys: bool = True
    quiet_from: time | None = None
    quiet_until: time | None = None


@transaction.atomic
def change(user: User, wanted: Profile) -> None:
    """Keep a profile."""
    if not wanted.name.strip():
        raise Refused(_("It needs a name."))
    if wanted.language and wanted.language not in dict(settings.LANGUAGES):
        raise Refused(_("Armature does not speak this language."))
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Refused(_("Quiet hours need a beginning and an end."))
    User.objects.filter(pk=user.pk).update(**asdict(wanted) | {"name": wanted.name.strip()})
    audit.log(user, "changed their profile", f"user {user.pk}", {"name": wanted.name.strip()})


@transaction.atomic
def be(user: User, presence: str, *, until: date | None = None, stand_in: User | None = None) -> None:
    """Here, away for a moment, or absent until a day with somebody who stands in."""
    if presence not in Presence.values:
        raise Refused(_("Choose here, away or absent."))
    if presence == Presence.ABSENT:
        if until is None or until < timezone.localdate():
            raise Refused(_("Say the last day of the absence: today or later."))
        if stand_in and (stand_in.pk == user.pk or not stand_in.is_active):
            raise Refused(_("Choose a colleague who is here to stand in."))
    else:
        until = stand_in = None
    now = {"away": presence == Presence.AWAY, "absent_until": until, "stand_in": stand_in}
    User.objects.filter(pk=user.pk).update(**now)
    said = {"presence": presence, "until": until, "stand_in": stand_in.pk if stand_in else None}
    audit.log(user, "said whether they take work", f"user {user.pk}", said)


@transaction.atomic
def end_other_log_ins(user: User, here: str) -> int:
    """Log out everywhere but here; how many log-ins ended."""
    ended = sessions.end_all(user, but=here)
    audit.log(user, "logged out elsewhere", f"user {user.pk}", {"sessions": ended})
    return ended


def log_ins(user: User) -> list[Session]:
    """The browsers in which they are logged in, latest first."""
    return list(Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-begun_at")[:50])

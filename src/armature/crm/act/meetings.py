"""What was said face to face: at the counter, in a focus group, at an event. Somebody writes it down afterwards.

Each speaker's words are an interaction of their own; all stand in one conversation.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import RANK, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act.papers import BadFields
from armature.crm.channels import lines
from armature.crm.channels.port import Envelope
from armature.crm.listen import commands
from armature.crm.listen.models import Channel
from armature.crm.listen.threads import MEETING

KIND = "lines"
PLACES = ("counter", "focus_group", "event")
MOST_SPEAKERS = 30
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Spoke:
    """Who said what. ``handle`` is a mail address, number or handle by which they are known; it may be empty."""

    name: str
    handle: str
    words: str

    @property
    def empty(self) -> bool:
        """Whether nothing at all was typed."""
        return not (self.name.strip() or self.handle.strip() or self.words.strip())


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it was typed. ``key`` is the form's own: sent twice, it is written down once."""

    key: str
    where: str
    held_at: str
    written_by: str
    speakers: Sequence[Spoke]


def channels_for(user: User) -> list[Channel]:
    """The places of meetings of the brands for which this user works, by name."""
    brands = {brand for _team, brand, role in rights_of(user).roles if RANK[role] >= RANK[Role.AGENT]}
    found = Channel.objects.filter(kind=KIND, place__in=PLACES, active=True).order_by("name", "pk")
    return list(found if None in brands else found.filter(brand__in=[one for one in brands if one is not None]))


def write_down(user: User, channel: Channel, meeting: Meeting) -> int:
    """Keep what everybody said; how many spoke. Raises ``BadFields`` naming each field (``words-2``: of the third)."""
    spoke = [(number, one) for number, one in enumerate(meeting.speakers) if not one.empty]
    problems = _problems(meeting, spoke)
    at = timezone.now()
    try:
        at = _moment(meeting.held_at)
    except ValueError as wrong:
        problems["held_at"] = str(wrong)
    if problems:
        raise BadFields(problems)
    with transaction.atomic():
        new = commands.accept(channel, [_envelope(meeting, at, n, one) for n, (_typed, one) in enumerate(spoke)])
        if new:
            audit.log(
                user, "wrote a meeting down", f"channel {channel.pk}", {"speakers": len(spoke), "key": meeting.key}
            )
    return len(spoke)


def _problems(meeting: Meeting, spoke: Sequence[tuple[int, Spoke]]) -> dict[str, str]:
    problems = {}
    if not meeting.where.strip():
        problems["where"] = _("Where was it? Type the place, or what the meeting was called.")
    if not meeting.written_by.strip():
        problems["written_by"] = _("Who wrote it down?")
    if not spoke:
        problems["words-0"] = _("Type what at least one person said.")
    for number, one in spoke:
        if not one.words.strip():
            problems[f"words-{number}"] = _("Type what they said, or empty the whole row.")
        elif len(one.words) > LONGEST:
            problems[f"words-{number}"] = _("More than %s characters are not taken.") % LONGEST
        if not (one.name.strip() or one.handle.strip()):
            problems[f"name-{number}"] = _("Who said it? Type a name, even if it is “a woman in a red coat”.")
    return problems


def _moment(given: str) -> datetime:
    try:
        at = datetime.fromisoformat(given.strip())
        at = timezone.make_aware(at) if timezone.is_naive(at) else at
    except (ValueError, OverflowError):
        raise ValueError(_("Choose the day and the time.")) from None
    if at > timezone.now():
        raise ValueError(_("This time is still to come: look at it once more."))
    return at


def _envelope(meeting: Meeting, at: datetime, number: int, one: Spoke) -> Envelope:
    key = hashlib.blake2b(meeting.key.encode(), digest_size=12).hexdigest()
    first, handle = f"meeting-{key}-0", " ".join(one.handle.split())
    known_by_mail = "@" in handle[1:] and "." in handle.rpartition("@")[2]
    line = {
        "external_id": f"meeting-{key}-{number}", "author": handle or f"meeting-{key}-{number}",
        "name": " ".join(one.name.split()), "text": one.words.strip(), "kind": MEETING,
        "network": "email" if known_by_mail else "in_person",
        "subject": _("%(where)s, written down by %(who)s") % {
            "where": " ".join(meeting.where.split()), "who": " ".join(meeting.written_by.split()),
        },
        "occurred_at": (at + timedelta(seconds=number)).isoformat(),
    }  # fmt: skip
    return lines.envelope(line | ({"in_reply_to": first} if number else {}), timezone.now())

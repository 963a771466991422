"""What people do with paper that came in: upload it, check what was read, say who wrote it, file it or drop it.

Until it is filed a paper is the business of the team that opens the post of its channel; from then on whoever sees its
case sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NoReturn

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import persons, queries
from armature.crm.act.attaching import clean_name
from armature.crm.channels import post
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Identity
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.scans import commands as scans
from armature.crm.listen.scans import kinds, programs
from armature.crm.listen.scans.models import Scan

KIND = "letter"
PAGE = 50
MOST_FILES = 50
LONGEST = 100_000
OPEN = (Scan.State.READING, Scan.State.TO_CHECK)
USUAL_TEAM = "support"


class BadFields(Exception):
    """What was typed cannot be filed: each field with what is wrong and how to mend it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a person read on a paper. ``sender`` is the number of an identity that was found, 0 for somebody new."""

    text: str
    subject: str = ""
    name: str = ""
    address: str = ""
    written_on: str = ""
    sender: int = 0


def channels_for(user: User) -> list[Channel]:
    """The channels for paper whose post this user's teams open, by name."""
    found = Channel.objects.filter(kind=KIND, active=True).select_related("brand").order_by("name", "pk")
    return [one for one in found if _role(user, one)]  # a company has a few


def _role(user: User, channel: Channel) -> str | None:
    return rights_of(user).role_in(_team(channel), channel.brand_id)


def _team(channel: Channel) -> str:
    return str(channel.settings.get("team") or USUAL_TEAM)


def scans_for(user: User) -> QuerySet[Scan]:
    """What is not settled yet of the paper this user may see, latest first."""
    mine = [channel.pk for channel in channels_for(user)]
    found = Scan.objects.filter(channel__in=mine, state__in=OPEN).order_by("-pk")
    return found.select_related("channel__brand", "uploaded_by")


def scan_for(user: User, number: int) -> Scan:
    """One paper; raises ``Scan.DoesNotExist``, whether there is one or not."""
    found = Scan.objects.select_related("channel__brand", "uploaded_by", "settled_by").get(pk=number)
    said = Interaction.objects.filter(channel=found.channel_id, external_id=scans.key_of(found)).first()
    if said is not None:
        if not queries.cases_for(user).filter(conversation=said.conversation_id).exists():
            raise Scan.DoesNotExist
    elif not _role(user, found.channel):
        raise Scan.DoesNotExist
    return found


def may_work(user: User, channel: Channel) -> bool:
    """Whether they may do more than look."""
    return rights_of(user).at_least(Role.AGENT, _team(channel), channel.brand_id)


def upload(user: User, channel: Channel, name: str, body: bytes) -> Scan:
    """Keep a file as paper to be read; raises ``Refused`` in words that name the file."""
    _may(user, channel)
    called = clean_name(name)
    try:
        scan = scans.take_in(channel, user, called, body)
    except (kinds.NotTaken, programs.Missing) as problem:
        raise Refused(_("“%(name)s” is not taken: %(why)s") % {"name": called, "why": problem}) from problem
    audit.log(user, "uploaded a scan", f"channel {channel.pk}", {"scan": scan.pk, "digest": scan.digest})
    return scan


def file(user: User, scan: Scan, checked: Checked) -> None:
    """What was read on it becomes an interaction of its channel, once; raises ``BadFields`` and ``Refused``."""
    _may(user, scan.channel)
    known = _known(user, checked.sender)
    paper = _paper(scan, checked, known)
    handle = post.one_line(paper.name, paper.address)
    with transaction.atomic():
        if known and handle:
            _belongs(known, handle, paper.name)
        if not _heard(scan, paper, user):
            _too_late(scan)
        audit.log(user, "filed a scan", f"channel {scan.channel_id}", {"scan": scan.pk, "from": handle})


def _heard(scan: Scan, paper: post.Paper, user: User) -> bool:
    try:
        return scans.hear(scan, paper, user)
    except OSError:
        raise Refused(
            _("The picture is not where it was kept. Bring back the folder of files, then file it.")
        ) from None


def drop(user: User, scan: Scan, reason: str) -> None:
    """It is nothing to answer: advertising, an empty page, scanned twice."""
    _may(user, scan.channel)
    if not reason.strip():
        raise BadFields({"reason": _("Say in a few words why it is dropped.")})
    with transaction.atomic():
        if not scans.drop(scan, user):
            _too_late(scan)
        audit.log(user, "dropped a scan", f"channel {scan.channel_id}", {"scan": scan.pk, "reason": reason.strip()})


def read_again(user: User, scan: Scan) -> int:
    """Try pages that no machine could read once more; how many."""
    _may(user, scan.channel)
    return scans.read_again(scan)


def _may(user: User, channel: Channel) -> None:
    if not may_work(user, channel):
        words = _("This needs the role “%(role)s” in the team %(team)s.")
        raise NotAllowed(words % {"role": Role.AGENT.label, "team": _team(channel)})


def _too_late(scan: Scan) -> NoReturn:
    now = Scan.objects.select_related("settled_by").get(pk=scan.pk)
    if now.settled_by:
        raise Refused(_("%s was quicker: it is settled already.") % now.settled_by.name)
    raise Refused(_("It is still being read. Wait for its last page."))


def _known(user: User, number: int) -> Identity | None:
    if not number:
        return None
    found = persons.identities_for(user).filter(pk=number).first()
    if found is None:
        raise BadFields({"sender": _("This sender is gone. Look for them again.")})
    return found


def _paper(scan: Scan, checked: Checked, known: Identity | None) -> post.Paper:
    """What was typed, if it is enough."""
    name, address = " ".join(checked.name.split()), checked.address
    if known and known.network == post.NETWORK and not address.strip():
        name, *below = post.block(known.address)
        address = "\n".join(below)
    problems = _problems(scan.channel.place, checked, name, address)
    written_at = timezone.now()
    try:
        written_at = written(checked.written_on)
    except ValueError as wrong:
        problems["written_on"] = str(wrong)
    if problems:
        raise BadFields(problems)
    subject = " ".join(checked.subject.split())[:300]
    return post.Paper(
        scans.key_of(scan), scan.channel.place, checked.text.strip(), subject, name[:200], address, written_at
    )


def _problems(place: str, checked: Checked, name: str, address: str) -> dict[str, str]:
    problems = {}
    if not checked.text.strip():
        problems["text"] = _("Nothing stands here: type what the paper says.")
    elif len(checked.text) > LONGEST:
        problems["text"] = _("More than %s characters are not taken.") % LONGEST
    needed = post.KINDS.get(place) == "letter"
    if (needed or address.strip()) and not name:
        problems["name"] = _("Who wrote it? Type the name, or find the sender.")
    if needed and not address.strip():
        problems["address"] = _("Type the address as it stands on the letter: an answer goes there.")
    if len(post.one_line(name, address)) > post.LONGEST_ADDRESS:
        problems["address"] = _("Name and address together have more than %s letters.") % post.LONGEST_ADDRESS
    return problems


def written(given: str) -> datetime:
    """When something of that day was written: at noon, or now when that is still to come; raises ``ValueError``."""
    now = timezone.now()
    if not given.strip():
        return now
    try:
        day = date.fromisoformat(given.strip())
        at = timezone.make_aware(datetime.combine(day, time(12)))
    except (ValueError, OverflowError):
        raise ValueError(_("Write the date as year-month-day, like 2026-03-01.")) from None
    if day > timezone.localdate():
        raise ValueError(_("This day is still to come: look at the date once more."))
    if day.year < 1990:
        raise ValueError(_("Nobody waits so long: look at the date once more."))
    return min(at, now)


def _belongs(known: Identity, handle: str, name: str) -> None:
    try:
        identify.belongs_to(post.NETWORK, handle, name, identify.person_of(known.pk))
    except identify.AnotherPerson:
        words = _("This address belongs to another person already. Join the two on their page, then file it.")
        raise BadFields({"sender": words}) from None

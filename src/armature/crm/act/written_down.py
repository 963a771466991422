"""What was said on the phone, on paper or face to face, typed in by one of us: from then on like any other message."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts import audit
from armature.crm.accounts.access import RANK, NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.act import by_phone, persons
from armature.crm.act.attaching import clean_name
from armature.crm.act.papers import BadFields
from armature.crm.channels import lines
from armature.crm.channels.numbers import NETWORK, NoNumber
from armature.crm.channels.port import Attachment
from armature.crm.identify.models import Identity
from armature.crm.listen import commands
from armature.crm.listen.models import Channel

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 20_000
MOST_PHOTOS, PHOTO_BYTES = 4, 8_000_000
FOUND = 8
OLDEST = timedelta(days=365 * 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the place that the rules know, and what an interaction of it is."""

    key: str
    label: "StrOrPromise"
    place: str
    kind: str


KINDS = {
    one.key: one
    for one in (
        Kind("phone", gettext_lazy("Phone call"), "phone", "call"),
        Kind("face", gettext_lazy("Face to face"), "counter", "meeting"),
        Kind("counter", gettext_lazy("At the counter"), "counter", "meeting"),
        Kind("card", gettext_lazy("Comment card"), "comment_card", "card"),
        Kind("letter", gettext_lazy("Letter"), "letter", "letter"),
        Kind("fax", gettext_lazy("Fax"), "fax", "letter"),
    )
}
SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png", b"GIF8": "image/gif"}
"""How pictures begin."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. ``key`` is the form's own: sent twice, it is one. ``sender`` is an identity that was found."""

    key: str
    kind: str
    brand: int
    text: str
    said_at: str = ""
    sender: int = 0
    name: str = ""
    handle: str = ""
    reporter: str = ""
    subject: str = ""


def brands_for(user: User) -> list[Brand]:
    """The brands for which this user works, by name."""
    brands = {brand for _team, brand, role in rights_of(user).roles if RANK[role] >= RANK[Role.AGENT]}
    found = Brand.objects.order_by("name", "pk")
    if not brands:
        return []
    return list(found if None in brands else found.filter(pk__in=[one for one in brands if one is not None]))


def people_for(user: User, typed: str) -> list[Identity]:
    """A few people whom this user may know, by a name, an address or a number."""
    if len(typed.strip()) < 2:
        return []
    found = persons.search(user, typed)[:FOUND]
    if sum(sign.isdigit() for sign in typed) > 5:
        with suppress(NoNumber, Identity.DoesNotExist):
            found = [by_phone.known_for(user, typed), *found]
    return list({one.pk: one for one in found}.values())[:FOUND]


def sender_for(user: User, number: int) -> Identity | None:
    """Somebody who was found, if this user may know them."""
    return persons.identities_for(user).filter(pk=number).first() if number else None


def keep(user: User, typed: Typed, photos: Sequence[tuple[str, bytes]] = ()) -> bool:
    """It is heard, once; False when it was before. Raises ``BadFields`` naming each field, ``NotAllowed``."""
    brands = {one.pk: one for one in brands_for(user)}
    if not brands:
        raise NotAllowed(_("This needs the role “Agent” in a team."))
    problems = _problems(typed, photos)
    brand = brands.get(typed.brand) or (next(iter(brands.values())) if not typed.brand and len(brands) == 1 else None)
    if brand is None:
        problems["brand"] = _("Choose the brand it is about.")
    at, who = timezone.now(), ("", "", "")
    try:
        at = _moment(typed.said_at)
    except ValueError as wrong:
        problems["said_at"] = str(wrong)
    try:
        who = _who(user, typed)
    except (ValueError, NoNumber) as wrong:
        problems["handle"] = str(wrong)
    if problems or brand is None:
        raise BadFields(problems)
    return _heard(user, typed, brand, at, who, photos)


def _heard(
    user: User, typed: Typed, brand: Brand, at: datetime, who: tuple[str, str, str],
    photos: Sequence[tuple[str, bytes]],
) -> bool:  # fmt: skip
    """Accepted like anything else. The key is this user's own: nobody else can take its place."""
    kind, now = KINDS[typed.kind], timezone.now()
    name = hashlib.blake2b(f"{user.pk}\0{typed.key}".encode(), digest_size=12).hexdigest()
    network, address, called = who
    line = {
        "external_id": f"log-{name}", "author": address or f"log-{name}", "name": called, "text": typed.text.strip(),
        "subject": " ".join(typed.subject.split())[:300], "kind": kind.kind, "network": network or "in_person",
        "occurred_at": at.isoformat(), "typed_by": user.pk, "reporter": " ".join(typed.reporter.split())[:200],
    }  # fmt: skip
    attached = [Attachment(clean_name(called) or "photo", _picture(body), body) for called, body in photos]
    with transaction.atomic():
        channel = _channel(kind, brand)
        new = commands.accept(channel, [lines.envelope(lines.with_files(line, attached), now, lines.WRITTEN_DOWN)])
        if new:
            audit.log(user, "logged what was said", f"channel {channel.pk}", {"key": name, "photos": len(attached)})
    return bool(new)


def _channel(kind: Kind, brand: Brand) -> Channel:
    """Where such things are kept for a brand; made the first time."""
    channel, _made = Channel.objects.get_or_create(
        kind="lines", address=f"log:{kind.key}:{brand.pk}",
        defaults={"brand": brand, "place": kind.place, "name": str(kind.label), "settings": {}},
    )  # fmt: skip
    return channel


def _problems(typed: Typed, photos: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    problems = {}
    if not typed.key:
        problems["text"] = _("Load this page once more: it has no number of its own.")
    if typed.kind not in KINDS:
        problems["kind"] = _("Choose what it was.")
    if not typed.text.strip():
        problems["text"] = _("Type what was said.")
    elif len(typed.text) > LONGEST:
        problems["text"] = _("More than %s characters are not taken.") % LONGEST
    if not typed.sender and not typed.name.strip():
        problems["name"] = _("Who said it? Find them, or type a name, even if it is “a woman in a red coat”.")
    if len(photos) > MOST_PHOTOS:
        problems["photo"] = _("More than %s photos are not taken.") % MOST_PHOTOS
    for called, body in photos:
        if len(body) > PHOTO_BYTES:
            problems["photo"] = _("“%(name)s” is larger than %(most)s MB.") % {
                "name": clean_name(called), "most": PHOTO_BYTES // 1_000_000,
            }  # fmt: skip
        elif not _picture(body):
            problems["photo"] = _("“%s” is no picture: JPEG, PNG, GIF, WebP and HEIC are taken.") % clean_name(called)
    return problems


def _picture(body: bytes) -> str:
    """What sort of picture it is, told by how it begins; empty for what is none."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp" and body[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "image/heic"
    return next((kind for sign, kind in SIGNS.items() if body.startswith(sign)), "")


def _moment(given: str) -> datetime:
    """When it was said: now when nothing was typed; raises ``ValueError``."""
    now = timezone.now()
    if not given.strip():
        return now
    try:
        if re.fullmatch(r"\d{13}", given.strip()):  # the clock of their own machine, when it was pressed
            at = datetime.fromtimestamp(int(given) / 1000, tz=timezone.get_current_timezone())
            return min(at, now)
        at = datetime.fromisoformat(given.strip())
        at = timezone.make_aware(at) if timezone.is_naive(at) else at
    except (ValueError, OverflowError):
        raise ValueError(_("Choose the day and the time.")) from None
    if at > now + timedelta(minutes=1):
        raise ValueError(_("This time is still to come: look at it once more."))
    if at < now - OLDEST:
        raise ValueError(_("This is more than five years ago: look at the time once more."))
    return min(at, now)


def _who(user: User, typed: Typed) -> tuple[str, str, str]:
    """Network, address and name of whoever said it; raises ``ValueError``, ``NoNumber``."""
    name, handle = " ".join(typed.name.split())[:200], " ".join(typed.handle.split())
    if typed.sender:
        found = sender_for(user, typed.sender)
        if found is None:
            raise ValueError(_("They are gone, or not yours to see. Look for them again."))
        return found.network, found.address, found.name
    if not handle:
        return "", "", name
    if "@" in handle[1:] and "." in handle.rpartition("@")[2] and " " not in handle and len(handle) <= 254:
        return "email", handle.casefold(), name
    if re.fullmatch(r"[\d\s+()/.\-]{5,40}", handle):
        return NETWORK, by_phone.numbers(handle)[0], name
    raise ValueError(_("This is neither a mail address nor a phone number; leave it empty if you know none."))

"""A post that somebody saw in the browser comes in: as something said, judged like all else, or as a note on a case."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.rule.catalogue import CHANNELS
from armature.crm.accounts import audit
from armature.crm.accounts.access import RANK, NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.act import notes, queries
from armature.crm.act.models import Case, Note
from armature.crm.act.work import Refused
from armature.crm.channels import lines
from armature.crm.identify.models import Recognition
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.wanted import Quoted

LONGEST_ADDRESS = 2000
LONGEST_TEXT = 20_000
KIND = "lines"
OTHER = "blog"
PLACES = {
    "x.com": "x", "twitter.com": "x", "facebook.com": "facebook", "instagram.com": "instagram",
    "linkedin.com": "linkedin", "youtube.com": "youtube", "youtu.be": "youtube", "tiktok.com": "tiktok",
    "reddit.com": "reddit", "bsky.app": "bluesky", "t.me": "telegram", "trustpilot.com": "review", "yelp.com": "review",
}  # fmt: skip
"""What kind of place a site is; of another it is only known that it is one."""
_WHOSE = {
    "x": re.compile(r"/([A-Za-z0-9_]{1,15})/status/"), "tiktok": re.compile(r"/@([\w.]+)"),
    "youtube": re.compile(r"/(@[\w.-]+)"), "bluesky": re.compile(r"/profile/([\w.:-]+)/"),
    "reddit": re.compile(r"/user/([\w-]+)"), "telegram": re.compile(r"/(?:s/)?(\w+)/\d+"),
}  # fmt: skip
_FEDIVERSE = re.compile(r"/(@[\w.-]+)(@[\w.-]+)?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as somebody saw it."""

    address: str
    title: str
    author: str
    text: str


def address_of(typed: str) -> str:
    """The address of a page that may be linked to; raises ``Refused`` for anything else."""
    address = typed.strip()
    try:
        parts = urlsplit(address)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well = False
    if not well or len(address) > LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f\x7f\\<>\"]", address):
        raise Refused(_("This is no address of a web page: it must begin with https:// or http://."))
    if parts.username or parts.password:
        raise Refused(_("This address holds a name or a password before the @: take it out."))
    return address


def place_of(address: str) -> str:
    """The kind of place that an address belongs to."""
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    labels = host.split(".")
    names = [".".join(labels[at:]) for at in range(len(labels))]
    known = next((PLACES[name] for name in names if name in PLACES), "")
    return known or ("mastodon" if _FEDIVERSE.match(urlsplit(address).path) else OTHER)


def author_of(address: str) -> str:
    """Who wrote it, as far as the address tells; else nothing."""
    place, parts = place_of(address), urlsplit(address)
    if place == "mastodon":
        found = _FEDIVERSE.match(parts.path)
        return f"{found[1]}{found[2] or f'@{parts.hostname}'}" if found else ""
    whose = _WHOSE.get(place)
    found = whose.search(parts.path) if whose else None
    return found[1] if found else ""


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands for which a user may bring posts in: those of which they are an agent in some team."""
    held = [brand for _team, brand, role in rights_of(user).roles if RANK[role] >= RANK[Role.AGENT]]
    return Brand.objects.all() if None in held else Brand.objects.filter(pk__in=[one for one in held if one])


@transaction.atomic
def bring_in(user: User, brand: Brand, seen: Seen) -> Quoted:
    """What was seen comes in as something said in public; once, whoever brings it again."""
    if not brands_for(user).filter(pk=brand.pk).exists():
        raise NotAllowed(_("Posts are brought in by agents of the brand."))
    checked = _checked(seen)
    channel = _channel(brand, place_of(checked.address))
    number = external_id(checked.address)
    quoted, new = Quoted.objects.get_or_create(
        channel=channel, external_id=number,
        defaults={"address": checked.address, "title": checked.title, "user": user},
    )  # fmt: skip
    if new:
        now = timezone.now()
        line = {
            "external_id": number, "author": checked.author, "name": checked.author, "subject": checked.title,
            "text": checked.text, "public": True, "occurred_at": now.isoformat(),
        }  # fmt: skip
        listen.accept(channel, [lines.envelope(line, now)])
        audit.log(user, "brought in a post", f"brand {brand.pk}", {"address": checked.address})
    return quoted


def note_on(user: User, case: Case, seen: Seen) -> Note:
    """What was seen is noted on a case, with where it stands and who wrote it."""
    checked = _checked(seen)
    head = _("Seen in the browser: {title}").format(title=checked.title or checked.author)
    return notes.add_note(user, case, text=f"{head}\n{checked.address}\n\n{checked.author}: {checked.text}")


def _checked(seen: Seen) -> Seen:
    address = address_of(seen.address)
    text = seen.text.strip()[:LONGEST_TEXT]
    if not text:
        raise Refused(_("Nothing is quoted: select the words of the post first, or write them here."))
    author = seen.author.strip()[:200] or author_of(address) or (urlsplit(address).hostname or "")
    return Seen(address, seen.title.strip()[:300], author, text)


def external_id(address: str) -> str:
    """What a post is called here: its address, or a hash of one that is too long."""
    return address if len(address) <= 250 else f"blake2b:{hashlib.blake2b(address.encode()).hexdigest()}"


def _channel(brand: Brand, place: str) -> Channel:
    name = _("{place}, seen in the browser").format(place=CHANNELS[place])
    channel, _made = Channel.objects.get_or_create(
        kind=KIND, address=f"browser:{place}:{brand.pk}",
        defaults={"place": place, "name": name[:120], "brand": brand, "settings": {"network": place}},
    )  # fmt: skip
    return channel


def case_of(user: User, quoted: Quoted) -> Case | None:
    """The case of a post that came in, when there is one that this user may see."""
    said = Interaction.objects.filter(channel=quoted.channel_id, external_id=quoted.external_id).first()
    if said is None:
        return None
    who = Recognition.objects.filter(interaction=said, current=True).values("identity")
    return queries.cases_for(user).filter(conversation=said.conversation_id, identity__in=who).order_by("-id").first()


def addresses(channel: Channel, external_ids: list[str]) -> dict[str, str]:
    """Where each of these posts stands."""
    if channel.kind != KIND:
        return {}
    found = Quoted.objects.filter(channel=channel, external_id__in=external_ids)
    return dict(found.values_list("external_id", "address"))

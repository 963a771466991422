"""An answer by e-mail that asks how it was: whether it does, the line under its words, and the link in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand, User
from armature.crm.act import asked_before
from armature.crm.act.keeping import may_keep
from armature.crm.act.models import Audience, Case, Delivery, RatingAsk, RatingLink, Response, Restriction
from armature.crm.act.work import Refused

SALT = "armature.rating"
PATH = "/rate/"
MAIL = "email"
LIVES = timedelta(days=60)
"""So long after it left an answer can be rated."""
QUIET = 90
LONGEST_QUIET = 3650
OUT = [Delivery.State.SENT, Delivery.State.UNKNOWN]


def usual_words() -> str:
    """What the line says where a brand said nothing else."""
    return _("How was this answer? Tell us here:")


def token_of(link: RatingLink) -> str:
    """What stands in the address; a letter of it changed, it is nobody's."""
    return _signer().sign(link.key)


def link_of(token: str) -> RatingLink | None:
    """The link that a token is of; None when we never gave it out."""
    try:
        key = _signer().unsign(token)
    except signing.BadSignature:
        return None
    wanted = RatingLink.objects.select_related("response__case__conversation__channel__brand", "identity")
    return wanted.filter(key=key).first()


def _signer() -> signing.Signer:
    return signing.Signer(sep="~", salt=SALT)


def until(link: RatingLink) -> datetime | None:
    """Until when its answer can be rated; None as long as it is not out."""
    left = link.response.deliveries.filter(state__in=OUT).order_by("-id").first()
    return (left.settled_at or left.queued_at) + LIVES if left else None


def is_live(link: RatingLink) -> bool:
    """Whether it can be used now: its answer is out, not for too long, and its case is not for named people alone."""
    end = until(link)
    open_to_all = not Restriction.objects.filter(conversation=link.response.case.conversation_id).exists()
    return end is not None and timezone.now() < end and open_to_all


def ask_with(response: Response) -> None:
    """An answer is handed in: it carries a link where its brand asks and the person was left alone long enough."""
    case = response.case
    wish = _wish(case) if _to_one(response) else None
    if wish is not None:
        asked_before.hold(case.identity_id)
    if wish is None or asked_before.lately(case.identity_id, wish.quiet_days, but=response.pk):
        RatingLink.objects.filter(response=response).delete()
        return
    link, _new = RatingLink.objects.get_or_create(response=response, defaults={"identity_id": case.identity_id})
    link.line, link.made_at = f"{wish.words} {_base(wish)}{PATH}{token_of(link)}", timezone.now()
    link.save()


def line_of(response: Response) -> str:
    """What stands under the words of an answer; empty where nothing is asked."""
    return lines_of([response]).get(response.pk, "")


def lines_of(responses: Iterable[Response]) -> dict[int, str]:
    """The same for several, by number, in one query; those that ask nothing are left out."""
    return dict(RatingLink.objects.filter(response__in=responses).values_list("response", "line"))


def under(text: str, line: str) -> str:
    """The words as they leave."""
    return f"{text}\n\n{line}" if line else text


def would_ask(case: Case) -> str:
    """For whoever writes: the words that would stand under an answer to this one customer now; empty for none."""
    wish = _wish(case)
    return wish.words if wish and not asked_before.lately(case.identity_id, wish.quiet_days) else ""


def _wish(case: Case) -> RatingAsk | None:
    """What the brand wants, where it can be had: by e-mail, and not in cases of named people."""
    channel = case.conversation.channel
    if channel.place != MAIL or case.identity.network != MAIL:
        return None
    wish = RatingAsk.objects.filter(brand=channel.brand_id, on=True).first()
    named = wish and Restriction.objects.filter(conversation=case.conversation_id).exists()
    return None if named else wish


def _to_one(response: Response) -> bool:
    alone = response.recipients == [response.case.identity.address] and not response.copies
    return alone and response.audience == Audience.PRIVATE and response.kind == "micro"


def _base(wish: RatingAsk) -> str:
    return settings.ADDRESS or wish.address


def asks_for(user: User) -> list[RatingAsk]:
    """What each brand that a user may decide for wants, by name; what was never said is as it begins."""
    brands = [one for one in Brand.objects.order_by("name", "id") if may_keep(user, None, one.pk)]
    kept = {one.brand_id: one for one in RatingAsk.objects.filter(brand__in=brands).select_related("changed_by")}
    found = [kept.get(one.pk) or RatingAsk(brand=one, quiet_days=QUIET, words=usual_words()) for one in brands]
    for one, brand in zip(found, brands, strict=True):
        one.brand = brand
    return found


@transaction.atomic
def keep(user: User, brand: Brand, *, on: bool, quiet_days: int, words: str, address: str) -> None:
    """Say whether answers of a brand ask how they were. Raises ``Refused`` or ``NotAllowed``."""
    if not may_keep(user, None, brand.pk):
        raise NotAllowed(_("This is decided by leads of all teams of the brand."))
    words = " ".join(words.replace("\x00", "").split())
    if not words or len(words) > 200:
        raise Refused(_("The words: write one line of at most 200 characters."))
    if not 1 <= quiet_days <= LONGEST_QUIET:
        raise Refused(_("Days of quiet: a number from 1 to %(most)s.") % {"most": LONGEST_QUIET})
    said = {"on": on, "quiet_days": quiet_days, "words": words}
    more = {"address": address[:300], "changed_by": user, "changed_at": timezone.now()}
    RatingAsk.objects.update_or_create(brand=brand, defaults=said | more)
    audit.log(user, "said whether answers ask how they were", f"brand {brand.pk}", said)

"""Words for the next time. Placeholders are looked up in a small closed list, once; nothing in them is ever run."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.act import keeping
from armature.crm.act.models import CannedResponse, Case
from armature.crm.act.work import Refused
from armature.crm.channels.talks import is_handle

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
BRACES = re.compile(r"\{\{([^{}]*)\}\}")
"""Whatever somebody may have meant as a placeholder."""
PLACEHOLDERS = ("name", "first_name", "address", "case", "subject", "channel", "brand", "agent", "survey")
MOST = 12


def values(user: User, case: Case) -> dict[str, str]:
    """What the placeholders stand for here; one that nobody knows is empty and stays as it is.

    The link of a survey is known where the address of this installation is: on the page that shows the words.
    """
    name = (case.person.name if case.person else "") or case.identity.name
    address = "" if is_handle(case.identity.address) else case.identity.address
    name = "" if name in (case.identity.address, address) or is_handle(name) else name
    return {
        "name": name, "first_name": name.split()[0] if name.split() else "", "address": address,
        "case": str(case.pk), "subject": case.conversation.subject, "channel": case.conversation.channel.name,
        "brand": case.conversation.channel.brand.name, "agent": user.name, "survey": "",
    }  # fmt: skip


def filled(text: str, known: Mapping[str, str]) -> str:
    """The words with what is known put in, in one pass: what is put in is never looked at again."""
    return PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], text)


def found(user: User, case: Case, words: str) -> list[CannedResponse]:
    """Those whose shortcut or name begins like that, the team's own first, then in the language of the case."""
    wanted = words.strip().lower()
    kept = [one for one in keeping.for_case(user, case, CannedResponse)[:500] if _fits(one, wanted)]
    return sorted(kept, key=lambda one: (one.shortcut != wanted, not one.shortcut.startswith(wanted), one.name))[:MOST]


def named(user: User, case: Case, shortcut: str, language: str = "") -> CannedResponse | None:
    """The one with exactly this shortcut: in the language of the case if there is one, then the team's own."""
    kept = list(keeping.for_case(user, case, CannedResponse).filter(shortcut=shortcut))
    return min(
        kept, key=lambda one: (one.language != language, bool(one.language), not one.team_id, not one.brand_id, one.pk),
        default=None,
    )  # fmt: skip


def shortcuts() -> frozenset[str]:
    """All that there are, whoever keeps them."""
    return frozenset(CannedResponse.objects.values_list("shortcut", flat=True))


def asked_for(text: str) -> frozenset[str]:
    """The placeholders in some words."""
    return frozenset(PLACEHOLDER.findall(text))


def _fits(one: CannedResponse, wanted: str) -> bool:
    return one.shortcut.startswith(wanted) or wanted in one.name.lower()


def unknown(text: str) -> list[str]:
    """Placeholders that are on no list: a slip of the pen."""
    meant = dict.fromkeys(words.strip() for words in BRACES.findall(text))
    return [name for name in meant if name not in PLACEHOLDERS]


def keep(user: User, one: CannedResponse, **fields: Any) -> CannedResponse:
    """Make or change one; refused when a placeholder does not exist or the shortcut is taken."""
    if one.pk:
        keeping.must_keep(user, one)
    for name, value in fields.items():
        setattr(one, name, value)
    keeping.must_keep(user, one)
    if wrong := unknown(one.text):
        words = {"wrong": wrong[0], "known": ", ".join("{{" + name + "}}" for name in PLACEHOLDERS)}
        raise Refused(_("There is no {{%(wrong)s}}. What can be filled in: %(known)s.") % words)
    one.by, one.at = user, timezone.now()
    try:
        with transaction.atomic():
            one.save()
            audit.log(user, "kept a canned response", f"canned {one.pk}", {"shortcut": one.shortcut, "text": one.text})
    except IntegrityError:
        raise Refused(_("The shortcut /%s is taken here. Choose another.") % one.shortcut) from None
    return one


def drop(user: User, one: CannedResponse) -> None:
    """Take one away."""
    keeping.must_keep(user, one)
    with transaction.atomic():
        audit.log(user, "dropped a canned response", f"canned {one.pk}", {"shortcut": one.shortcut, "text": one.text})
        one.delete()

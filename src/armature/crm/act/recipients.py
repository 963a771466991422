"""Who gets an answer: the customer, and whom somebody adds. Who never spoke here is pointed out before it leaves."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from armature.crm.act.models import Case
from armature.crm.act.work import Refused
from armature.crm.listen import queries as listened

MOST = 20
"""Of people who get one answer; more are a macro response."""


def parsed(line: str) -> tuple[str, ...]:
    """The addresses somebody typed, each once; raises ``Refused`` naming what is none."""
    found = [one.strip() for one in re.split(r"[,;\s]+", line) if one.strip()]
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise Refused(_("“%s” is not an e-mail address: correct the recipient.") % address[:100]) from None
    if len(found) > MOST:
        raise Refused(_("More than %s recipients: write a macro response for so many.") % MOST)
    return tuple(dict.fromkeys(found))


def strangers(case: Case, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that never spoke in this conversation: they would read what was said here."""
    known = {one.casefold() for one in listened.participants([case.conversation_id]).get(case.conversation_id, ())}
    known.add(case.identity.address.casefold())
    return [address for address in addresses if address.casefold() not in known]

"""Whether somebody forbade us to write to them there: until they allow it again, nothing leaves."""

from collections.abc import Sequence

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from armature.crm.act.models import Case
from armature.crm.identify import queries as identities


def refusal(case: Case, topic: str, recipients: Sequence[str] = ()) -> str:
    """Why nothing about this topic may be said to them now; empty when it may. Topics are a kind's own words."""
    if not topic:
        return ""
    found = identities.forbidden(case.identity_id, case.identity.network, recipients, topic)
    if not found:
        return ""
    address, at = found[0]
    words = _("%(who)s forbade us on %(day)s to send %(topic)s. Only they can allow it again: by writing START there.")
    day = formats.date_format(timezone.localtime(at), "DATE_FORMAT")
    return words % {"who": address, "day": day, "topic": _(topic)}

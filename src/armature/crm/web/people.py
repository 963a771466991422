"""Who a case is about: all their addresses, and their other cases as far as the user may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.identify.models import Identity
from armature.crm.web.templatetags.talks import called

MOST = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """The head of the right pane."""

    name: str
    initials: str
    known: str
    addresses: Sequence[tuple[str, str]]
    cases: Sequence[Case]
    more: bool


def panel(user: User, case: Case) -> Panel:
    """The person of a case, or the identity as long as no person is known."""
    identity = case.identity
    name = called(identity.name or (case.person.name if case.person else "") or identity.address)
    theirs = [(identity.pk, identity.network, identity.address)]
    if identity.person_id:
        same = Identity.objects.filter(person=identity.person_id).order_by("pk")
        theirs = list(same.values_list("pk", "network", "address")[:20])
    others = list(
        queries.cases_for(user)
        .filter(identity__in=[number for number, _network, _address in theirs])
        .exclude(pk=case.pk)
        .order_by("-last_in_at")[: MOST + 1]
    )
    addresses = [(network, address) for _number, network, address in theirs]
    since = _("a person we know since {year}")
    known = since.format(year=case.person.created_at.year) if case.person else _("nobody we have answered yet")
    return Panel(name, _initials(name), known, addresses, others[:MOST], len(others) > MOST)


def _initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"

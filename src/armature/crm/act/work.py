"""What every deed of people stands on: may they, is it open, and nobody else changes it meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.decide.models import Wait
from armature.crm.decide.queries import Item
from armature.crm.listen import commands as listen

WRITING = ("response", "executive")
"""Forms of work in which a response is written."""
DRAFTING = ("intent", *WRITING)
"""Forms of work in which it may be begun."""


class Refused(Exception):
    """It cannot be done as asked; the words say why and what to do."""


def allowed(user: User, case: Case, role: str) -> str:
    """The role they act in: in the team that owns the case, or in the one whose turn it is."""
    rights, brand = rights_of(user), case.conversation.channel.brand_id
    for team in (case.asks, case.team):
        if rights.at_least(role, team, brand):
            return rights.role_in(team, brand) or ""
    words = _("This needs the role “%(role)s” in the team %(team)s.")
    raise NotAllowed(words % {"role": Role(role).label, "team": case.asks or case.team})


@contextmanager
def held(case: Case) -> Iterator[Case]:
    """A case as it stands now, in a transaction that nobody else can change it in."""
    with transaction.atomic():
        listen.hold([case.conversation_id])
        yield Case.objects.select_related("conversation__channel", "identity", "assignee").get(pk=case.pk)


@contextmanager
def at_work(case: Case, form: str = "") -> Iterator[tuple[Wait, list[Item]]]:
    """What is open in a case (of this ``form`` first), in a transaction that nobody else can change it in."""
    with transaction.atomic():
        listen.hold([case.conversation_id])
        try:
            yield queries.open_work(case, form)
        except Wait.DoesNotExist:
            words = _("Nothing is open in this case. Somebody may have been quicker: look again.")
            raise Refused(words) from None

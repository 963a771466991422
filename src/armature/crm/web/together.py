"""Drafts that are put in force in one go: which others there are, and which somebody chose."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from armature.crm.accounts.models import User
from armature.crm.decide import drafts
from armature.crm.decide.drawn import Draft

MOST = 50
"""Drafts that are offered beside one."""


def others(user: User, draft: Draft) -> Sequence[Draft]:
    """The drafts beside this one, latest first, each as it reads now."""
    return [one for one in drafts.drafts_for(user) if one.pk != draft.pk][:MOST]


def picked(request: HttpRequest) -> frozenset[str]:
    """What was chosen, as the boxes give it: draft and revision."""
    return frozenset(request.POST.getlist("with")[:MOST])


def chosen(request: HttpRequest, user: User, draft: Draft) -> list[Draft]:
    """This draft and those that go with it. Raises ``DrawnMeanwhile`` when one of them reads otherwise by now."""
    wanted = picked(request)
    beside = [one for one in others(user, draft) if one.reads_as in wanted] if wanted else []
    if len(beside) != len(wanted):
        raise drafts.DrawnMeanwhile(
            _("A draft that was to go with it changed meanwhile. Look at it again before it is published.")
        )
    return [draft, *beside]

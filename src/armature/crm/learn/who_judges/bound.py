"""The share that must be promised before nobody looks: what it is, and who changes it."""

import math

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import User
from armature.crm.learn.who_judges.models import LEAST, MOST, JudgesRule


def rule() -> JudgesRule:
    """What the company said; what ships where it said nothing."""
    return JudgesRule.objects.first() or JudgesRule()


def held() -> JudgesRule:
    """The same, for whoever changes it: nobody else does until this transaction ends."""
    JudgesRule.objects.get_or_create(pk=1)
    return JudgesRule.objects.select_for_update().get(pk=1)


def may_say(user: User) -> bool:
    """Administrators of the whole company."""
    return rights_of(user).of_all


@transaction.atomic
def say(user: User, bound: float) -> None:
    """From now on "automatic" takes so much; what runs stays until the next weekly check. Raises ``Refused``."""
    if not may_say(user):
        raise NotAllowed(_("This needs an administrator of the whole company."))
    if not math.isfinite(bound) or not LEAST <= bound <= MOST:
        raise Refused(_("What automatic takes: give a share from 50 to 99.9 percent."))
    one = held()
    before, one.bound, one.changed_by, one.changed_at = one.bound, bound, user, timezone.now()
    one.save()
    audit.log(user, "said what automatic takes", "who judges", {"bound": bound, "before": before})

"""Second factors: who must have one, and an administrator's help for whoever lost theirs."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts import audit, sessions
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import User


def missing(user: User) -> bool:
    """Whether they must have a second factor, by the installation's setting or a brand's, and have none."""
    return bool(rows.fetch(MISSING, [user.pk, settings.MFA_DEMANDED, user.pk])[0][0])


MISSING = """
    SELECT NOT EXISTS (SELECT FROM mfa_authenticator WHERE user_id = %s AND type <> 'recovery_codes')
        AND (%s OR EXISTS (
            SELECT FROM accounts_membership m JOIN accounts_brand b ON m.brand_id IS NULL OR m.brand_id = b.id
            WHERE m.user_id = %s AND b.demands_mfa))
"""
"""One statement, as every page asks it."""


@transaction.atomic
def drop(actor: User, user: User) -> None:
    """Take all second factors from somebody who lost them; they log in by password alone and make new ones."""
    if not rights_of(actor).of_all:
        raise NotAllowed(_("This needs an administrator of the whole company."))
    Authenticator.objects.filter(user_id=user.pk).delete()
    sessions.end_all(user)
    audit.log(actor, "took away the second factors", f"user {user.pk}", {})

"""Invitations: made and revoked by administrators, answered once by whoever holds the link."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Brand, Invitation, InvitedRole, Membership, Role, Team, User

DAYS = 7
Wanted = tuple[Team | None, Brand | None, str]


@transaction.atomic
def invite(actor: User, *, email: str, roles: Sequence[Wanted]) -> tuple[Invitation, str]:
    """The invitation and the token of its link, which is shown now and never again. An open one is replaced."""
    _may_give(actor, roles)
    email = email.strip().lower()
    if known := User.objects.filter(email=email).first():
        raise Refused(_("{name} already works here. Give the role on their page.").format(name=known.name))
    for earlier in Invitation.objects.select_for_update().filter(email=email, revoked_at=None, joined=None):
        _revoke(actor, earlier)
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=DAYS)
    made = Invitation.objects.create(email=email, digest=_digest(token), made_by=actor, expires_at=expires)
    InvitedRole.objects.bulk_create(
        InvitedRole(invitation=made, team=team, brand=brand, role=role) for team, brand, role in roles
    )
    given = [[team.key if team else None, brand.pk if brand else None, role] for team, brand, role in roles]
    audit.log(actor, "invited somebody", f"invitation {made.pk}", {"email": email, "roles": given})
    return made, token


def again(actor: User, invitation: Invitation) -> tuple[Invitation, str]:
    """A new link for another week; the old one is dead."""
    roles = [(one.team, one.brand, one.role) for one in invitation.roles.select_related("team", "brand")]
    return invite(actor, email=invitation.email, roles=roles)


@transaction.atomic
def revoke(actor: User, invitation: Invitation) -> None:
    """The link leads nowhere from now on."""
    _may_give(actor, [(one.team, one.brand, one.role) for one in invitation.roles.select_related("team", "brand")])
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.joined_id:
        raise Refused(_("They have joined already. Close the account instead."))
    _revoke(actor, locked)


def _revoke(actor: User, invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=timezone.now())
    audit.log(actor, "revoked an invitation", f"invitation {invitation.pk}", {"email": invitation.email})


def open_invitation(token: str) -> Invitation:
    """The invitation whose link this is, while it can be answered; raises ``Invitation.DoesNotExist``."""
    return Invitation.objects.get(digest=_digest(token), revoked_at=None, joined=None, expires_at__gt=timezone.now())


@transaction.atomic
def join(token: str, *, name: str, password: str) -> User:
    """Make the user; the link works once, also for two who follow it at the same moment."""
    invitation = Invitation.objects.select_for_update().get(pk=open_invitation(token).pk)
    if invitation.joined_id or invitation.revoked_at:
        raise Invitation.DoesNotExist
    if User.objects.filter(email=invitation.email).exists():
        raise Invitation.DoesNotExist
    user = User.objects.create_user(invitation.email, name.strip(), password)
    for one in invitation.roles.all():
        Membership.objects.create(user=user, team_id=one.team_id, brand_id=one.brand_id, role=one.role)
    Invitation.objects.filter(pk=invitation.pk).update(joined=user)
    audit.log(user, "joined", f"user {user.pk}", {"invitation": invitation.pk, "email": user.email})
    return user


def _may_give(actor: User, roles: Sequence[Wanted]) -> None:
    rights = rights_of(actor)
    if not roles:
        raise Refused(_("Choose at least one role for them."))
    for team, brand, role in roles:
        if role not in Role.values:
            raise Refused(_("Choose one of the roles of the list."))
        if not rights.administers(team.key if team else None, brand.pk if brand else None):
            raise NotAllowed(_("You may only give roles in teams of which you are administrator."))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Invitations: a link that makes one user, once, for a week."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models.team import Brand, Role, Team
from armature.crm.accounts.models.user import User


class Invitation(models.Model):
    """Somebody is asked to work here. Only the digest of the link's token is kept: who reads the table cannot join."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        JOINED = "joined", _("Joined")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")

    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    joined = models.OneToOneField(User, models.PROTECT, null=True, related_name="invitation")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "email", condition=models.Q(revoked_at=None, joined=None), name="one_open_invitation_each"
            )
        ]

    @property
    def state(self) -> str:
        """Where it stands now."""
        if self.joined_id:
            return self.State.JOINED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN


class InvitedRole(models.Model):
    """A role that the invited person will have."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="roles")
    team = models.ForeignKey(Team, models.CASCADE, null=True, db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, db_index=False)
    role = models.CharField(max_length=12, choices=Role)

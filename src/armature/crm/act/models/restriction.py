"""Cases that only named people see: legal matters, staff matters."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.listen.models import Conversation


class Restriction(models.Model):
    """A conversation whose cases only its readers and the administrators of the team see.

    It holds for the conversation, because its cases show the same words; also for cases that come into it later.
    """

    conversation = models.OneToOneField(Conversation, models.PROTECT)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=300, blank=True, default="")


class Reader(models.Model):
    """Somebody who sees a restricted conversation, whatever their teams are."""

    restriction = models.ForeignKey(Restriction, models.CASCADE, related_name="readers", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    named_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("restriction", "user", name="named_once")
        ]

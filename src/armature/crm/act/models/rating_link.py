"""That an answer by e-mail asks how it was: the wish of a brand, and the link of one answer."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import Brand, User
from armature.crm.act.models.response import Response
from armature.crm.identify.models import Identity


def new_key() -> str:
    """What stands in the link of one answer: nobody guesses it, and it says nothing."""
    return secrets.token_urlsafe(12)


class RatingAsk(models.Model):
    """Whether answers of a brand by e-mail ask how they were, in which words, and how long it then leaves people alone.

    ``address`` is where people outside find our pages, as it was when this was switched on; ``ARMATURE_ADDRESS`` wins.
    """

    brand = models.OneToOneField(Brand, models.PROTECT, primary_key=True)
    on = models.BooleanField(default=False)
    quiet_days = models.PositiveSmallIntegerField(default=90)
    words = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True, default="")
    changed_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())


class RatingLink(models.Model):
    """The link that one answer carries. ``line`` is what stands under its words, and leaves with them as it is."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="rating_link")
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    line = models.CharField(max_length=600)
    made_at = models.DateTimeField(db_default=Now())
    commented_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("identity", "made_at", name="asked_to_rate")]

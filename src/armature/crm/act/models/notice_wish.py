"""How somebody wants to hear of things: per kind of notice on the page, by mail, or not at all."""

from typing import ClassVar

from django.db import models

from armature.crm.accounts.models import User
from armature.crm.act.models.notice import Notice


class NoticeWish(models.Model):
    """One kind of notice for one user. Without a row it is shown and not mailed."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=12, choices=Notice.Kind)
    shown = models.BooleanField(default=True)
    mailed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("user", "kind", name="one_wish_per_kind")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("user", name="who_wants_mail", condition=models.Q(mailed=True))
        ]


class NoticePost(models.Model):
    """How far the mail about notices is for one user: all up to this number are mailed, read or unwanted."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    upto = models.BigIntegerField(db_default=0)

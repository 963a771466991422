"""Who wants to hear of a case without having taken it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case


class Follower(models.Model):
    """Somebody who is told when something happens in a case."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="followers")
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("case", "user", name="followed_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("user", "case", name="cases_followed")]

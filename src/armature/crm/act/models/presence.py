"""Who is looking at a case at this moment."""

from typing import ClassVar

from django.db import models

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case


class Presence(models.Model):
    """A sign of life of somebody at a case. The table is not logged: after a crash it is empty and soon right again."""

    case = models.ForeignKey(Case, models.CASCADE, db_index=False, db_constraint=False)
    user = models.ForeignKey(User, models.CASCADE, db_index=False, db_constraint=False)
    wrote_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("case", "user", name="present_once")
        ]

"""What was done once in the first days of an installation and stands in no other table."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User


class StartMark(models.Model):
    """That something was done: the map was looked at, a backup was made (the last one), the list was put away."""

    key = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [models.UniqueConstraint("key", name="one_mark_per_key")]

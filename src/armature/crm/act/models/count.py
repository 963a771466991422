"""How many cases are where, so that nobody counts a million of them for a number beside a word."""

from typing import ClassVar

from django.db import models

from armature.crm.accounts.models import Brand, User
from armature.crm.act.models.case import Status


class CaseCount(models.Model):
    """So many cases more (or fewer) of one brand, team, status and so on: the sum over all rows is the count.

    The database writes these rows itself whenever cases change, one for each group that a statement touched, so two
    people who change cases never wait for each other here. Now and then `counts.fold` adds them up.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, db_index=False, related_name="+")
    team = models.CharField(max_length=50)
    asks = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    form = models.CharField(max_length=20, blank=True)
    assignee = models.ForeignKey(User, models.CASCADE, null=True, db_index=False, related_name="+")
    number = models.BigIntegerField()
    folded = models.BooleanField(db_default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("id", name="counts_to_fold", condition=models.Q(folded=False))
        ]

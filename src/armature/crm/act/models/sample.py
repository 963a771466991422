"""Decisions of the machine that a person looks at afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.decide.models import Judgement


class Sample(models.Model):
    """A judgement that no person took part in, drawn by chance; whether it was right is for a person to say."""

    judgement = models.OneToOneField(Judgement, models.PROTECT)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="samples")
    drawn_at = models.DateTimeField(db_default=Now())
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    checked_at = models.DateTimeField(null=True)
    right = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("case", name="samples_to_check", condition=models.Q(checked_at__isnull=True))
        ]


class SampleMark(models.Model):
    """How far judgements were drawn from: those up to ``drawn`` were; up to ``seen`` they are drawn from next."""

    drawn = models.BigIntegerField(db_default=0)
    seen = models.BigIntegerField(db_default=0)
    at = models.DateTimeField(db_default=Now())

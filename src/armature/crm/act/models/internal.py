"""What is done inside the company because of a judgement."""

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import Team
from armature.crm.decide.models import Judgement


class InternalAction(models.Model):
    """Something to do inside the company, asked for by a judgement."""

    judgement = models.ForeignKey(Judgement, models.PROTECT)
    step = models.CharField(max_length=20)
    element = models.CharField(max_length=80)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

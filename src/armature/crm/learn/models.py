"""What came of it: feedback joined to the response that caused it, and the outcome it adds up to."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.act.models import Response
from armature.crm.decide.models import Judgement
from armature.crm.identify.models import Person
from armature.crm.listen.models import Interaction


class Feedback(models.Model):
    """What came back after a response: a reply, or silence."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="feedback")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True)
    kind = models.CharField(max_length=10)
    verdict = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=Now())


class Outcome(models.Model):
    """What a decision came to, on the person and on the rule that decided."""

    judgement = models.ForeignKey(Judgement, models.PROTECT, db_index=False, related_name="outcomes")
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    rule = models.CharField(max_length=80, help_text="Table and row that fired, as in Judgement.rows.")
    verdict = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("rule", "at", name="outcomes_of_rule")]

"""That somebody was asked for an answer to a survey."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.identify.models import Identity
from armature.crm.listen.surveys.models import Survey


class SurveyLink(models.Model):
    """A personal link: it is good for one answer of one person, about one case, and runs out."""

    survey = models.ForeignKey(Survey, models.PROTECT)
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    made_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("identity", "made_at", name="asked_of_identity"),
            models.Index("case", "made_at", name="asked_about_case"),
        ]

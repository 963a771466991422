"""Surveys, their wordings, and the figures of their answers."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, User
from armature.crm.listen.models import Channel


def new_key() -> str:
    """What stands in the link of a survey: nobody guesses it."""
    return secrets.token_urlsafe(9)


class Survey(models.Model):
    """One survey of a brand. What it asks stands in its latest wording."""

    class Kind(models.TextChoices):
        CSAT = "csat", _("CSAT: how satisfied, 1 to 5")
        NPS = "nps", _("NPS: would they recommend us, 0 to 10")
        CES = "ces", _("CES: how easy it was, 1 to 7")
        OWN = "own", _("Only questions of our own")

    class State(models.TextChoices):
        DRAFT = "draft", _("being made")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    brand = models.ForeignKey(Brand, models.PROTECT)
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    closes_on = models.DateField(null=True, blank=True, help_text="The last day on which it can be answered.")
    language = models.CharField(max_length=12, default="en")
    asks_name = models.BooleanField(default=False)
    asks_email = models.BooleanField(default=False)
    link_days = models.PositiveSmallIntegerField(default=30, help_text="So long a personal link can be answered.")
    edit_days = models.PositiveSmallIntegerField(default=7, help_text="So long an answer can be changed.")
    quiet_days = models.PositiveSmallIntegerField(default=90, help_text="So long nobody is asked a second time.")
    made_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("state", "name", "id", name="surveys_by_state")]

    def __str__(self) -> str:
        return self.name


class SurveyWording(models.Model):
    """What a survey asked from one moment on; never changed, so each answer keeps the words it was given under."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="wordings", db_index=False)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("survey", "number", name="one_wording_of_a_number")
        ]


def key_of_link(number: int) -> str:
    """The key of the one answer of a personal link."""
    return f"link-{number}"


class SurveyAnswer(models.Model):
    """The figures of one answer: one for each personal link, and for each sending of the open page.

    ``external_id`` names the interaction that has its words, on the channel of the survey. ``written`` is how many
    characters of its text they wrote themselves: only these are read and judged. ``quiet`` is whether it was only a
    rating that asks nothing of anybody.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, db_index=False)
    wording = models.ForeignKey(SurveyWording, models.PROTECT, db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    key = models.CharField(max_length=40)
    external_id = models.CharField(max_length=300)
    score = models.SmallIntegerField(null=True)
    given = models.JSONField(default=dict)
    written = models.IntegerField(default=0)
    quiet = models.BooleanField(default=False)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("survey", "key", name="answered_once"),
            models.UniqueConstraint("channel", "external_id", name="one_answer_per_interaction"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("survey", "at", "id", name="answers_of_survey")]

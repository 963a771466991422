"""What a company asks for when a case ends, and for how long it can be taken up again."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, Team


class CaseField(models.Model):
    """A field of cases, of one team or of all; ``at_end``: a case cannot be resolved or closed without it."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of a list")
        YES_NO = "yes_no", _("Yes or no")

    key = models.SlugField()
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    choices = models.JSONField(default=list, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    at_end = models.BooleanField(default=True)
    order = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("key", "team", name="one_field_each", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.label


class ReopenRule(models.Model):
    """For how many days new words reopen a case that has ended; the most exact rule counts."""

    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    days = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "team", name="one_reopen_rule_each", nulls_distinct=False)
        ]

"""Clocks: what was promised to a customer, and how much of it has run."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import BusinessHours
from armature.crm.act.models.case import Case


class ClockName(models.TextChoices):
    """What is promised."""

    FIRST = "first", _("First answer")
    NEXT = "next", _("Next answer")
    RESOLUTION = "resolution", _("Resolution")


class Clock(models.Model):
    """One promise about one case. It runs since ``since`` (empty: it stands still), after ``spent`` minutes before.

    Minutes are those of ``calendar``; without one they go round the clock. ``stopped_at`` ends it: kept when that was
    not after ``due_at``.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=10, choices=ClockName)
    minutes = models.IntegerField()
    calendar = models.ForeignKey(BusinessHours, models.DO_NOTHING, null=True, db_index=False, db_constraint=False)
    since = models.DateTimeField(null=True)
    spent = models.FloatField(db_default=0.0)
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("case", "name", condition=models.Q(stopped_at=None), name="one_clock_of_a_name")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("due_at", "name", "case", name="clocks_running", condition=models.Q(stopped_at=None))
        ]

"""The company's word on what "automatic" takes, and what each weekly check found."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.arm.understand.learned.sure import FEWEST
from armature.crm.accounts.models import User

BOUND, LEAST, MOST = 0.95, 0.5, 0.999
"""The share that must be promised where the company said nothing; and between what it can choose."""


class JudgesRule(models.Model):
    """One row. ``bound``: the least lower bound of the share of right readings where nobody looks.

    ``checked_at``: when the weekly check ran last.
    """

    bound = models.FloatField(default=BOUND)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(bound__gte=LEAST, bound__lte=MOST), name="a_bound_that_means_something"
            )
        ]


class JudgesCheck(models.Model):
    """What a weekly check found of one automatic row: ``agree`` of ``cases`` labelled messages, against ``bound``.

    ``version`` is of the table that was checked.
    """

    class Result(models.TextChoices):
        KEPT = "kept", _("stays automatic")
        TOO_FEW = "too_few", _("too few labelled messages to say")
        TAKEN_BACK = "taken_back", _("people judge again")

    at = models.DateTimeField()
    table = models.SlugField(db_index=False)
    version = models.IntegerField()
    row = models.CharField(max_length=100)
    cases = models.IntegerField()
    agree = models.IntegerField()
    lower = models.FloatField()
    bound = models.FloatField()
    result = models.CharField(max_length=10, choices=Result)

    @property
    def lower_percent(self) -> str:
        """The lower bound in percent, rounded down."""
        return f"{int(self.lower * 1000) / 10:g}"

    @property
    def bound_percent(self) -> str:
        """What was asked for, in percent."""
        return f"{100 * self.bound:g}"

    @property
    def missing(self) -> int:
        """How many more labelled messages it takes to say anything."""
        return max(0, FEWEST - self.cases)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("at", "id", name="judges_checks_in_order")]

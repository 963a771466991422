"""Brands, teams, who belongs to them in which role, and when they work."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models.user import User


class Brand(models.Model):
    """One face of the company: channels, templates and hours hang on it.

    When its hours or promises change, what is open is reckoned anew.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    hours_changed_at = models.DateTimeField(null=True)
    reckoned_at = models.DateTimeField(null=True)
    demands_mfa = models.BooleanField(default=False, db_default=False, help_text="Its people log in in two steps.")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Who acts together. Lanes of the map and rows of the tables name a team by its key.

    What it let pass twice is offered to ``next_team``.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    next_team = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of a team may do; each later one may do what the earlier ones may."""

    DRAFT_ONLY = "draft_only", _("Drafts only")
    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Lead")
    EXECUTIVE = "executive", _("Executive")
    ADMIN = "admin", _("Administrator")


class Membership(models.Model):
    """A user's role in a team, for one brand or (without a brand) for all. Without a team it holds for every team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("user", "team", "brand", name="one_role_each", nulls_distinct=False)
        ]


class BusinessHours(models.Model):
    """When a team (or, without one, everybody of a brand) works. ``week`` is seven lists of [from, to] minutes.

    Closed on the public holidays of ``country`` (and its part), and on ``holidays``, the company's own.
    """

    brand = models.ForeignKey(Brand, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    week = models.JSONField()
    country = models.CharField(max_length=2, blank=True, default="")
    part_of_country = models.CharField(max_length=20, blank=True, default="")
    holidays = ArrayField(models.DateField(), default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "team", name="one_week_each", nulls_distinct=False)
        ]


class Promise(models.Model):
    """How soon customers of a team (or, without one, of a brand) are answered and done with, in minutes.

    ``first`` runs until the first answer, ``next`` from further words of theirs to the next answer, ``resolution``
    until the case ends, but not while it is their turn. Minutes are business time, unless they go ``round_the_clock``.
    """

    brand = models.ForeignKey(Brand, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    first = models.PositiveIntegerField(null=True)
    next = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    round_the_clock = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "team", name="one_promise_each", nulls_distinct=False)
        ]

"""What somebody draws before it runs: drafts of maps and tables, and who may put them in force."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User


class Draft(models.Model):
    """A map or a table on its way: one for each, kept as one draws.

    ``begun_from`` is the version it began as (0: there was none). Each change raises ``revision``, so that of two who
    draw at once nobody overwrites the other unseen. Who ``asked`` for it to be published meant ``asked_revision``.
    """

    class Kind(models.TextChoices):
        MAP = "map", _("Map")
        TABLE = "table", _("Table")

    kind = models.CharField(max_length=5, choices=Kind)
    key = models.SlugField()
    name = models.CharField(max_length=200)
    body = models.TextField()
    begun_from = models.IntegerField()
    revision = models.IntegerField(default=1)
    begun_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(db_default=Now())
    edited_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    asked_at = models.DateTimeField(null=True)
    asked_note = models.CharField(max_length=300, blank=True, default="")
    asked_revision = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("kind", "key", name="one_draft_each")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reads_as(self) -> str:
        """This wording of it: the draft and its revision."""
        return f"{self.pk}-{self.revision}"

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody asked for exactly this wording to be published."""
        return self.asked_by_id is not None and self.asked_revision == self.revision


class DraftBefore(models.Model):
    """How a draft read before a change: the last of them, so that one can go back step by step."""

    draft = models.ForeignKey(Draft, models.CASCADE, db_index=False, related_name="before")
    revision = models.IntegerField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("draft", "revision", name="one_draft_before_each")
        ]


class RuleList(models.Model):
    """Names, products, keywords that many tables test, kept once. A published table keeps what was on it then."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    entries = ArrayField(models.TextField(), default=list)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")

    def __str__(self) -> str:
        return self.name

    @property
    def reads_as(self) -> str:
        """This wording of it: the moment at which it changed."""
        return self.changed_at.isoformat()


class PublishRule(models.Model):
    """The company's word on publishing; one row. With ``four_eyes`` one person asks and another publishes."""

    four_eyes = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")


class Publisher(models.Model):
    """Somebody who may publish without being administrator of the company."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="publishes")
    given_at = models.DateTimeField(db_default=Now())
    given_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")

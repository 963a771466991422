"""Scans of paper, their pages with the words that were read, and the pages that are still to be read."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.lease import Lease
from armature.crm.listen.models import Channel, Envelope


class Scan(models.Model):
    """One paper as somebody uploaded it. Its bytes stand once on disk under their digest; the name is only data.

    ``envelope`` is what it became when it was filed: at most one.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        TO_CHECK = "to_check", _("To check")
        FILED = "filed", _("Filed")
        DROPPED = "dropped", _("Dropped")

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, db_default="reading")
    uploaded_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    text = models.TextField(db_default="", blank=True)
    envelope = models.OneToOneField(Envelope, models.PROTECT, null=True, db_constraint=False)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    settled_at = models.DateTimeField(null=True, help_text="When it was filed or dropped.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "digest", condition=~models.Q(state="dropped"), name="scanned_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("channel", "id", name="scans_to_check", condition=models.Q(state__in=["reading", "to_check"]))
        ]


class Page(models.Model):
    """One page: the picture that was read (``digest``), its size in dots, and each word with where it stands.

    ``words`` are lists of text, confidence (0 to 100), left, top, width, height, as `reading` makes them.
    ``problem`` says why no machine could read it.
    """

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="pages", db_index=False)
    number = models.SmallIntegerField()
    digest = models.CharField(max_length=64, db_default="", blank=True)
    width = models.IntegerField(db_default=0)
    height = models.IntegerField(db_default=0)
    words = models.JSONField(default=list)
    read_at = models.DateTimeField(null=True)
    problem = models.TextField(db_default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("scan", "number", name="one_page_of_a_number")
        ]


class Unread(Lease):
    """A page that no machine has read yet."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True)

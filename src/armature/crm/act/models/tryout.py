"""A company's own last messages, tried out: what would have been done with them, for a day."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, User
from armature.crm.lease import Lease


class Tryout(models.Model):
    """One file that was tried out, and all that is kept of it. It goes with a button, and by itself after a day.

    ``said`` holds its messages with shortened texts and what was found of each; ``ours`` are the addresses that are
    taken for our own. Nothing of it is an interaction, a person or a case.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        DONE = "done", _("Done")
        FAILED = "failed", _("Broken off")

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    brand = models.ForeignKey(Brand, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    place = models.CharField(max_length=40, help_text="Where it was said, as the rules know it: email, facebook.")
    options = models.JSONField(default=dict)
    draft = models.CharField(max_length=64, help_text="The name of its file, which is gone once it was read.")
    state = models.CharField(max_length=8, choices=State, db_default="reading")
    problem = models.TextField(db_default="", blank=True)
    said = models.JSONField(default=list)
    rules = models.JSONField(default=dict, help_text="What each row of the tables says that fired, in words.")
    ours = models.JSONField(default=list)
    total = models.BigIntegerField(db_default=0, help_text="Messages in the file.")
    faulty = models.BigIntegerField(db_default=0)
    seconds = models.FloatField(db_default=0.0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("user", "id", name="tryouts_of_user"), models.Index("at", name="tryouts_by_age"),
        ]  # fmt: skip


class TryoutTodo(Lease):
    """A file that somebody has to read."""

    job = models.OneToOneField(Tryout, models.CASCADE, primary_key=True)

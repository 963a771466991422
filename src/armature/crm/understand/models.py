"""Why they said it: the company's intents and issue types, and every reading of every text."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.identify.models import Identity
from armature.crm.lease import Lease
from armature.crm.listen.models import Interaction


class Intent(models.Model):
    """A reason to write that the company tells apart."""

    key = models.SlugField(primary_key=True)
    label = models.CharField(max_length=80)
    order = models.SmallIntegerField()

    def __str__(self) -> str:
        return self.label


class IssueType(models.Model):
    """A kind of matter, so that it goes to the people who handle it."""

    key = models.SlugField(primary_key=True)
    label = models.CharField(max_length=80)
    order = models.SmallIntegerField()

    def __str__(self) -> str:
        return self.label


class ReaderVersion(models.Model):
    """A reader of language as it was when it read: name, digest of its weights, and what it was measured on.

    At most one learned version is in use; where none is, the starter reader reads. ``figures`` say how it did beside
    the version before it, ``verdicts`` from how many it learned, ``upto`` the newest reading among them.
    """

    class State(models.TextChoices):
        KEPT = "kept", _("Kept")
        REFUSED = "refused", _("Refused: it was worse")

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    measured_on = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.KEPT, db_default=State.KEPT)
    in_use = models.BooleanField(db_default=False)
    figures = models.JSONField(default=dict, db_default={})
    verdicts = models.IntegerField(db_default=0)
    upto = models.BigIntegerField(db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("in_use", condition=models.Q(in_use=True), name="one_reader_in_use")
        ]

    def __str__(self) -> str:
        return self.name


class ReaderWeights(models.Model):
    """What a version learned, as `model_file` packs it; apart, since nobody but a reader wants it."""

    version = models.OneToOneField(ReaderVersion, models.CASCADE, primary_key=True, related_name="weights")
    about = models.JSONField()
    data = models.BinaryField()


class Retraining(Lease):
    """That the reader is to learn again; one row at most, number 1."""

    id = models.BigIntegerField(primary_key=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    asked_at = models.DateTimeField(db_default=Now())


class Reading(models.Model):
    """How a text was understood, by a reader or by a person. A correction is a new reading.

    ``evidence`` is a flat list: start, end, weight in hundredths, start, end ...
    """

    interaction = models.ForeignKey(Interaction, models.PROTECT, db_index=False)
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False, db_constraint=False)
    occurred_at = models.DateTimeField()
    intent = models.ForeignKey(Intent, models.PROTECT, db_index=False, db_constraint=False)
    issue_type = models.ForeignKey(IssueType, models.PROTECT, db_index=False, db_constraint=False)
    sentiment = models.FloatField()
    language = models.CharField(max_length=12)
    confidence = models.FloatField()
    evidence = models.JSONField(default=list)
    reader = models.ForeignKey(ReaderVersion, models.PROTECT, null=True, db_index=False, db_constraint=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    read_at = models.DateTimeField(db_default=Now())
    current = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("interaction", condition=models.Q(current=True), name="one_current_reading")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["identity", "-occurred_at"], name="read_of_identity", include=["intent", "interaction"]
            ),
            models.Index("read_at", "id", name="read_by_people", condition=models.Q(user__isnull=False, current=True)),
            models.Index("interaction", "id", name="read_before", condition=models.Q(current=False)),
        ]

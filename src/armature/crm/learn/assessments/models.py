"""What is assessed for whom, how far it is, what was counted, what became of its proposals; and who waits."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.decide.models import ProcessMap
from armature.crm.identify.models import Identity
from armature.crm.lease import Lease
from armature.crm.listen.models import Conversation, Interaction


class Assessment(models.Model):
    """What happened up to a moment, as far as its owner may count it.

    ``over``: {"since": day or none, "until": day or none, "brand": number or none, "channels": [numbers], "live": yes
    or no}. ``scope``: [[team or none, brand or none, administers], ...], the rights it was counted with. ``map`` was
    in force when it began, for what the rules would do. ``upto`` bounds the numbers of its conversations, ``place`` is
    the last that is done. ``sums`` count by names (see ``sums``), ``seconds`` are of work. ``proposals`` are made at
    the end; ``answers``: {number of a proposal: {"what": "accepted" or "dismissed", "by", "at", "where"}}.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("stopped by hand")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())
    over = models.JSONField()
    scope = models.JSONField()
    map = models.ForeignKey(ProcessMap, models.PROTECT, null=True, db_index=False, related_name="+")
    zone = models.CharField(max_length=60, default="UTC")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    upto = models.BigIntegerField(default=0)
    place = models.BigIntegerField(default=0)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    messages = models.IntegerField(default=0)
    sums = models.JSONField(default=dict)
    proposals = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("user", "id", name="assessments_of_user")]


class AssessmentTodo(Lease):
    """An assessment that runs or waits for its turn."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, primary_key=True)


class AssessmentExchange(models.Model):
    """Somebody who waits, or waited long, as it was counted: what stands behind a figure.

    ``kind``: ``never`` was never answered, ``again`` was and wrote once more, ``first`` is one of the slowest first
    responses. ``interaction`` is the first word that waited, ``minutes`` how long, round the clock. At most
    ``work.MOST_KEPT`` who wait are kept; all are counted.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=5)
    interaction = models.ForeignKey(Interaction, models.DO_NOTHING, db_index=False, db_constraint=False)
    conversation = models.ForeignKey(Conversation, models.DO_NOTHING, db_index=False, db_constraint=False)
    identity = models.ForeignKey(Identity, models.DO_NOTHING, db_index=False, db_constraint=False)
    channel = models.IntegerField()
    intent = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()
    minutes = models.FloatField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("assessment", "kind", models.F("minutes").desc(), "id", name="exchanges_of_assessment"),
        ]

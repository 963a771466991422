"""What is replayed over what, how far it is, and what would have been otherwise."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.identify.models import Identity
from armature.crm.lease import Lease
from armature.crm.listen.models import Conversation, Interaction


class Replay(models.Model):
    """Drafts as they read when it was begun, run over a part of the past.

    ``tried``: {"names": [...], "maps": {key: body}, "tables": {key: body}, "reader": number of a version or none}.
    ``over``: last, since, until, channel, brand, intent, team. ``first`` and ``upto`` bound the numbers of its
    interactions, ``place`` is the last that is done. ``sums`` count by names (see ``sums``), ``seconds`` are of work.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("stopped by hand")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())
    tried = models.JSONField()
    over = models.JSONField()
    today = models.BooleanField(default=False)
    zone = models.CharField(max_length=60, default="UTC")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    first = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    place = models.BigIntegerField(default=0)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    sums = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")


class ReplayTodo(Lease):
    """A replay that runs or waits for its turn."""

    replay = models.OneToOneField(Replay, models.CASCADE, primary_key=True)


class ReplayChange(models.Model):
    """One interaction for which something would have been otherwise. ``kinds`` are what lists are narrowed by.

    ``changes``: {name: [before, after]}. Of one replay at most ``work.MOST_KEPT`` are kept; all are counted.
    """

    replay = models.ForeignKey(Replay, models.CASCADE, db_index=False)
    interaction = models.ForeignKey(Interaction, models.DO_NOTHING, db_index=False, db_constraint=False)
    conversation = models.ForeignKey(Conversation, models.DO_NOTHING, db_index=False, db_constraint=False)
    identity = models.ForeignKey(Identity, models.DO_NOTHING, db_index=False, db_constraint=False)
    occurred_at = models.DateTimeField()
    kinds = ArrayField(models.TextField())
    changes = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("replay", "id", name="changes_of_replay")]

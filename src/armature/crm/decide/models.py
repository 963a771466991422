"""What the map and the rules said: published versions, every judgement, and what waits for an answer."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import Brand, BusinessHours, User
from armature.crm.decide import drawn  # noqa: F401  so that Django finds its tables
from armature.crm.identify.models import Identity
from armature.crm.lease import Lease
from armature.crm.listen.models import Channel, Conversation, Direction, Interaction


class DecisionTable(models.Model):
    """A published table: never changed, only followed by a next version."""

    key = models.SlugField()
    version = models.IntegerField()
    body = models.TextField()
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(User, models.PROTECT, null=True)
    note = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("key", "version", name="one_table_per_version")
        ]


class ProcessMap(models.Model):
    """A published map with the table versions pinned at that moment: never changed."""

    key = models.SlugField()
    version = models.IntegerField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    tables = models.ManyToManyField(DecisionTable)
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(User, models.PROTECT, null=True)
    note = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("key", "version", name="one_map_per_version")
        ]


class MapAssignment(models.Model):
    """Which map new interactions enter, for each direction. The most exact one wins: channel, brand, everything.

    What comes in always has a map; what we start is kept and asks for nothing where none is in force for it.
    """

    direction = models.CharField(max_length=3, choices=Direction, db_default=Direction.IN)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True)
    map = models.ForeignKey(ProcessMap, models.PROTECT)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "channel", "direction", name="one_map_each", nulls_distinct=False)
        ]


class Path(models.Model):
    """A way through a map, as element ids in order. Judgements name it by number."""

    map = models.ForeignKey(ProcessMap, models.PROTECT, db_index=False)
    elements = ArrayField(models.TextField())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("map", "elements", name="one_number_per_path")
        ]


class Judgement(models.Model):
    """What the process came to for one interaction: where it stopped, and all that was known at that moment.

    ``stop`` is ask, end or joined, at ``element``; ``outcome`` is the end's outcome (or, for ask, the form waited for).
    ``rows`` are the rows that fired ("business_rules:R04"), ``snapshot`` the values of the fact catalogue in its order.
    """

    interaction = models.ForeignKey(Interaction, models.PROTECT, db_index=False)
    map = models.ForeignKey(ProcessMap, models.PROTECT, db_index=False, db_constraint=False)
    path = models.ForeignKey(Path, models.PROTECT, db_index=False, db_constraint=False)
    rows = ArrayField(models.TextField())
    snapshot = models.TextField()
    catalogue = models.SmallIntegerField()
    stop = models.CharField(max_length=6)
    element = models.CharField(max_length=80)
    outcome = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True, default="")
    judged_at = models.DateTimeField(db_default=Now())
    current = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("interaction", condition=models.Q(current=True), name="one_current_judgement")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("interaction", "id", name="judgements_before", condition=models.Q(current=False))
        ]


class Wait(models.Model):
    """Work somebody (or something) owes the process: the truth about what is open.

    ``state`` goes open -> answered (by a person, a timer, a delivery, the customer) -> done, when the process has gone
    on; or open -> void. ``minutes`` run in ``calendar`` from ``counts_from`` (else from when it was opened); without a
    calendar they go round the clock. The facts to go on with stand in the judgements of its items.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False)
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False, db_constraint=False)
    map = models.ForeignKey(ProcessMap, models.PROTECT, db_index=False, db_constraint=False)
    element = models.CharField(max_length=80)
    form = models.CharField(max_length=20)
    team = models.CharField(max_length=50)
    priority = models.SmallIntegerField()
    opened_at = models.DateTimeField()
    minutes = models.IntegerField(null=True)
    calendar = models.ForeignKey(BusinessHours, models.DO_NOTHING, null=True, db_index=False, db_constraint=False)
    counts_from = models.DateTimeField(null=True, help_text="When its more urgent part joined it.")
    due_at = models.DateTimeField(null=True)
    next_timer_at = models.DateTimeField(null=True)
    timers = models.JSONField(
        default=list, help_text="Still to fire: when, which element, whether it ends the wait, its business minutes."
    )
    state = models.CharField(max_length=8, db_default="open")
    answered_after = models.CharField(max_length=80, null=True)
    answer = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "conversation",
                "identity",
                "element",
                condition=models.Q(state__in=["open", "answered"]),
                name="one_open_wait",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "next_timer_at", name="timers_due", condition=models.Q(state="open", next_timer_at__isnull=False)
            ),
            models.Index("conversation", "identity", name="waits_over", condition=models.Q(state="done")),
        ]


class WaitItem(models.Model):
    """An interaction that waits there; a later one of the same person joins the first."""

    wait = models.ForeignKey(Wait, models.PROTECT, db_index=False, related_name="items")
    judgement = models.ForeignKey(Judgement, models.PROTECT, db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("wait", "judgement", name="joined_once")
        ]


class Todo(Lease):
    """A conversation with something to judge or to go on with; ``again`` when more came in while a worker has it."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, db_constraint=False)
    again = models.BooleanField(db_default=False)

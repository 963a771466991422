"""What is done about it: cases, responses, approvals, deliveries, notes and internal actions."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import Team, User
from armature.crm.decide.models import Judgement, Wait
from armature.crm.identify.models import Identity, Person
from armature.crm.listen.models import Channel, Conversation, Interaction


class Status(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    PENDING = "pending", "Pending: they owe us an answer"
    RESOLVED = "resolved", "Resolved"
    NO_RESPONSE = "no_response", "No response needed"


class Case(models.Model):
    """The work of one person in one conversation, as its open waits show it (the waits are the truth).

    ``team`` owns it; ``asks`` is the team whose turn it is now (to judge, to approve), and may see it too.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False)
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False, db_constraint=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False)
    status = models.CharField(max_length=12, choices=Status)
    form = models.CharField(max_length=20, help_text="What it waits for: intent, response, approval, delivery ...")
    team = models.CharField(max_length=50, help_text="Whose case it is.")
    asks = models.CharField(max_length=50, blank=True, help_text="Whose turn it is now; empty when nobody's.")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    priority = models.SmallIntegerField()
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    last_in_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("conversation", "identity", name="one_case_each")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("last_in_at", "id", name="open_cases", condition=models.Q(status__in=["new", "open"])),
            models.Index(
                "assignee",
                "last_in_at",
                "id",
                name="my_cases",
                condition=models.Q(assignee__isnull=False, status__in=["new", "open", "pending"]),
            ),
            models.Index(
                "last_in_at",
                "id",
                name="unassigned_cases",
                condition=models.Q(assignee__isnull=True, status__in=["new", "open"]),
            ),
            models.Index(
                "form",
                "last_in_at",
                "id",
                name="cases_by_form",
                condition=models.Q(form__in=["intent", "approval", "delivery"]),
            ),
            models.Index("last_in_at", "id", name="pending_cases", condition=models.Q(status="pending")),
            models.Index(
                "status",
                "form",
                "assignee",
                name="cases_at_work",
                condition=models.Q(status__in=["new", "open", "pending"]),
            ),
            models.Index(
                models.F("last_in_at").desc(),
                models.F("id").desc(),
                name="done_cases",
                condition=models.Q(status__in=["resolved", "no_response"]),
            ),
        ]


class Response(models.Model):
    """Words to somebody: drafted, approved where required, sent. What was approved is what is sent, byte for byte."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        WRITTEN = "written", "Written"
        APPROVAL = "approval", "Waiting for approval"
        QUEUED = "queued", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Outcome unknown"
        VOID = "void", "Withdrawn"

    case = models.ForeignKey(Case, models.PROTECT, related_name="responses")
    judgement = models.ForeignKey(Judgement, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, default="micro")
    public = models.BooleanField(default=False)
    author = models.ForeignKey(User, models.PROTECT, db_index=False)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    recipients = models.JSONField()
    digest = models.CharField(max_length=64)
    element = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State)
    why = models.CharField(max_length=300, blank=True, default="")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "case", condition=models.Q(state__in=["draft", "written", "approval"]), name="one_response_at_work"
            )
        ]


class Approval(models.Model):
    """Somebody released a response, or sent it back with a reason. It holds for the digest it names."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="approvals")
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    approved = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())


class Delivery(models.Model):
    """One hand-over of a response to a channel; its key makes it recognisable on the other side."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to leave"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Outcome unknown"

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="deliveries")
    wait = models.ForeignKey(Wait, models.PROTECT, db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    interaction = models.OneToOneField(Interaction, models.PROTECT)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, db_default="queued")
    attempt = models.SmallIntegerField(db_default=0)
    token = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(db_default=Now())
    provider_id = models.CharField(max_length=300, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    proof_at = models.DateTimeField(null=True, help_text="When the copy to ourselves came back.")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("not_before", name="deliveries_to_send", condition=models.Q(state__in=["queued", "sending"]))
        ]


class InternalAction(models.Model):
    """Something to do inside the company, asked for by a judgement."""

    judgement = models.ForeignKey(Judgement, models.PROTECT)
    step = models.CharField(max_length=20)
    element = models.CharField(max_length=80)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())


class Note(models.Model):
    """A private note on a case. It is no interaction: it cannot be sent."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, db_index=False)
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

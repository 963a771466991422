"""What is said to them: responses, their approvals and their deliveries."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.decide.models import Judgement, Wait
from armature.crm.listen.models import Channel, Interaction


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

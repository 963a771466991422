"""What is said to them: responses with their files, the wordings they had, approvals and deliveries."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.decide.models import Judgement, Wait
from armature.crm.listen.models import Channel, Interaction


class Audience(models.TextChoices):
    PUBLIC = "public", _("Public")
    BOTH = "both", _("Public, then private")
    PRIVATE = "private", _("Private")


class Response(models.Model):
    """Words to somebody: drafted, approved where required, sent. What was approved is what is sent, byte for byte.

    ``text`` is the only part, or with ``both`` the public one; ``private_text`` follows it. ``version`` counts saves of
    a draft and ``tab`` names the page that made the last one: what changed elsewhere is never overwritten unseen.
    ``asked_by`` is why it needs approval: the ``rule``, or the ``role`` of its writer.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WRITTEN = "written", _("Written")
        APPROVAL = "approval", _("Waiting for approval")
        QUEUED = "queued", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Outcome unknown")
        BY_HAND = "byhand", _("To be printed and posted")
        VOID = "void", _("Withdrawn")

    case = models.ForeignKey(Case, models.PROTECT, related_name="responses")
    judgement = models.ForeignKey(Judgement, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, default="micro")
    audience = models.CharField(max_length=8, choices=Audience, db_default=Audience.PRIVATE)
    author = models.ForeignKey(User, models.PROTECT, db_index=False)
    sender = models.CharField(max_length=120, db_default="", help_text="The name it is sent under.")
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    private_text = models.TextField(db_default="", blank=True)
    recipients = models.JSONField()
    copies = ArrayField(models.CharField(max_length=254), db_default=[])
    digest = models.CharField(max_length=64)
    element = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State)
    why = models.CharField(max_length=300, blank=True, default="")
    version = models.IntegerField(db_default=1)
    tab = models.CharField(max_length=36, db_default="", blank=True)
    asked_by = models.CharField(max_length=4, db_default="", blank=True)
    seen = models.ForeignKey(Interaction, models.PROTECT, null=True, db_index=False, related_name="+")
    send_at = models.DateTimeField(null=True, help_text="Not before; empty: at once.")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "case", condition=models.Q(state__in=["written", "approval"]), name="one_response_handed_in"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("written_at", "id", name="responses_to_approve", condition=models.Q(state="approval")),
        ]

    @property
    def public(self) -> bool:
        """Whether everybody can read it, or a part of it."""
        return self.audience != Audience.PRIVATE


class ResponseFile(models.Model):
    """A file that goes with a response. Its bytes stand once on disk under their digest; the name is only data."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()


class Wording(models.Model):
    """The words of a response as somebody handed them in or changed them before approving; never changed."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="wordings")
    author = models.ForeignKey(User, models.PROTECT, db_index=False)
    text = models.TextField()
    private_text = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())


class Approval(models.Model):
    """Somebody released a response, or sent it back with a reason. It holds for the digest it names, for a time."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="approvals")
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    approved = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())
    holds_until = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One hand-over of a part of a response to a channel; its key makes it recognisable on the other side."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to leave")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Outcome unknown")
        BY_HAND = "byhand", _("To be printed and posted")
        WITHDRAWN = "taken", _("Taken back")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="deliveries")
    part = models.CharField(max_length=8, choices=Audience, db_default=Audience.PRIVATE)
    wait = models.ForeignKey(Wait, models.PROTECT, db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    interaction = models.OneToOneField(Interaction, models.PROTECT)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, db_default="queued")
    attempt = models.SmallIntegerField(db_default=0)
    token = models.BigIntegerField(null=True)
    queued_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(db_default=Now())
    provider_id = models.CharField(max_length=300, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    proof_at = models.DateTimeField(null=True, help_text="When the copy to ourselves came back.")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("not_before", name="deliveries_to_send", condition=models.Q(state__in=["queued", "sending"])),
            models.Index(
                "channel", "not_before", "id", name="deliveries_of_channel", condition=models.Q(state="queued")
            ),
            models.Index("queued_at", name="deliveries_by_time"),
            models.Index("channel", name="deliveries_in_doubt", condition=models.Q(state="unknown")),
        ]


class Printout(models.Model):
    """The document of a delivery that a person prints and posts. Its bytes stand once on disk under their digest."""

    delivery = models.OneToOneField(Delivery, models.PROTECT)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    made_at = models.DateTimeField(db_default=Now())

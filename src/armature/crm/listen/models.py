"""What was said or done, and where: raw as it arrived, then as an interaction in a conversation."""

import secrets
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from armature.crm.accounts.models import Brand, User
from armature.crm.lease import Lease
from armature.crm.listen import wanted  # noqa: F401  so that Django finds its tables
from armature.crm.listen.imports import models as imports  # noqa: F401
from armature.crm.newest import IN_PART

WORDS_SAID = f"to_tsvector('simple', left(subject || ' ' || text, 100000) || {IN_PART})"
"""What an interaction is found by."""


def new_hook() -> str:
    """What stands in the address of a hook: nobody guesses it, and it proves nothing."""
    return secrets.token_urlsafe(18)


class Channel(models.Model):
    """Our presence somewhere: a mailbox, a page, a counter."""

    kind = models.CharField(max_length=40, help_text="Which plug-in reads and writes it.")
    place = models.CharField(
        max_length=40, help_text="What kind of place it is for the rules: email, letter, facebook."
    )
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=254)
    brand = models.ForeignKey(Brand, models.PROTECT)
    settings = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    problem = models.TextField(
        blank=True, default="", help_text="Why it cannot be read now, in words; empty when well."
    )
    checked_at = models.DateTimeField(null=True)
    hook = models.CharField(max_length=32, unique=True, default=new_hook, help_text="Where the other side calls us.")
    begun_at = models.DateTimeField(null=True, help_text="When it was first started: what is older is history.")
    paused_at = models.DateTimeField(
        null=True, help_text="Since when its key is no longer taken: nothing leaves or is asked for until it is mended."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("kind", "address", name="one_channel_per_address")
        ]

    def __str__(self) -> str:
        return self.name


class ChannelSecret(models.Model):
    """A password or key of a channel, encrypted with the installation's key."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=40)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "name", name="one_secret_per_name")
        ]


class Budget(models.Model):
    """What a channel may still ask of the other side: calls left when they were last counted, and until when none.

    ``failures`` counts answers that did not come, one after another.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True)
    left = models.FloatField()
    counted_at = models.DateTimeField(db_default=Now())
    closed_until = models.DateTimeField(null=True)
    failures = models.SmallIntegerField(db_default=0)


class Envelope(models.Model):
    """One event as it came in, accepted once. Parked when it cannot be read: kept, with the reason."""

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    event_key = models.CharField(max_length=300)
    digest = models.BinaryField()
    received_at = models.DateTimeField()
    parked = models.TextField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "event_key", name="accepted_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("channel", "id", name="parked_envelopes", condition=models.Q(parked__isnull=False))
        ]


class EnvelopeBody(models.Model):
    """The raw payload, in a table divided by month (made by migration) so that old months can be dropped whole."""

    pk = models.CompositePrimaryKey("envelope_id", "received_at")
    envelope = models.ForeignKey(Envelope, models.DO_NOTHING, db_constraint=False)
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=80)
    body = models.BinaryField()

    class Meta:
        managed = False
        db_table = "listen_envelopebody"


class Tally(models.Model):
    """What one channel received on one day: received = stored + duplicates; parked ones are among the stored."""

    channel = models.ForeignKey(Channel, models.CASCADE)
    day = models.DateField()
    received = models.BigIntegerField(db_default=0)
    stored = models.BigIntegerField(db_default=0)
    last_at = models.DateTimeField(null=True, help_text="When something new came last.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "day", name="one_tally_a_day")
        ]


class Unopened(Lease):
    """An envelope that has not become an interaction yet."""

    envelope = models.OneToOneField(Envelope, models.CASCADE, primary_key=True, db_constraint=False)


class Asked(models.Model):
    """A call of a hook that says where something is, and not what: somebody looks there, and then this row goes."""

    envelope = models.OneToOneField(Envelope, models.CASCADE, primary_key=True, db_constraint=False)
    channel = models.ForeignKey(Channel, models.CASCADE, db_index=False)
    tries = models.SmallIntegerField(db_default=0)
    not_before = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("channel", "not_before", name="asked_of_channel")]


class Knock(models.Model):
    """Somebody without an account wrote on a page of ours, from ``source``: a keyed hash that is of no use elsewhere.

    Kept for a day, to see who writes more than people do.
    """

    source = models.CharField(max_length=32)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("source", "at", name="knocks_of_source"),
            models.Index("at", name="knocks_by_age"),
        ]


class Conversation(models.Model):
    """What belongs together on one channel. It has no customer: public threads hold many.

    ``talk`` names the only one there is with somebody, where messages do not say what they answer; else it is empty.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    subject = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField()
    talk = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "talk", condition=~models.Q(talk=""), name="one_conversation_per_talk")
        ]


class Direction(models.TextChoices):
    IN = "in", "to us"
    OUT = "out", "from us"


class Interaction(models.Model):
    """One thing said or done, by them or by us. ``text`` holds the new words; the raw message stays in its envelope.

    Edited words stand in ``text``, those before them among the ``revisions``; of what was deleted only they are left.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, db_index=False, db_constraint=False)
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=20, default="message")
    public = models.BooleanField(default=False)
    external_id = models.CharField(max_length=300)
    author = models.CharField(max_length=254, blank=True, default="", help_text="The handle as it came.")
    subject = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField()
    language = models.CharField(max_length=12, blank=True, default="")
    automatic = models.CharField(max_length=80, blank=True, default="")
    warning = models.CharField(max_length=300, blank=True, default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    historic = models.BooleanField(
        db_default=False, help_text="Said before we listened here: it is kept and read, and asks for nothing."
    )
    typed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    reporter = models.CharField(max_length=200, db_default="", blank=True, help_text="Who passed it on.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "external_id", name="recorded_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("conversation", "occurred_at", "id", name="interactions_of_conversation"),
            GinIndex(RawSQL(WORDS_SAID, []), name="words_said"),  # noqa: S611  our own words
        ]


class Revision(models.Model):
    """A wording that something said had or has, or word that it was deleted; kept even when it comes before the thing.

    Which wording came before which is told by ``at``, when it was written, not by when we heard of it. ``author`` is
    who changed it; empty when the channel vouches for them.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original"
        EDITED = "edited"
        DELETED = "deleted"

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    external_id = models.CharField(max_length=300)
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="revisions")
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, db_index=False, db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    author = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=32)
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "external_id", "kind", "at", "digest", name="worded_once"),
            models.UniqueConstraint(
                "channel", "external_id", condition=models.Q(kind="original"), name="one_original_wording"
            ),
        ]


class File(models.Model):
    """An attachment. Its bytes stand once on disk under their own digest; the name is only data."""

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="files")
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()


class CallStep(models.Model):
    """Something that happened in a call, which is the interaction of that channel and external id: one row per step.

    Kept even when it comes before the call is known; what the call was is told by all of them together (``arm.call``).
    """

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    external_id = models.CharField(max_length=300)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, db_index=False, db_constraint=False)
    step = models.CharField(max_length=20)
    at = models.DateTimeField()
    known = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "external_id", "step", "at", "digest", name="stepped_once")
        ]

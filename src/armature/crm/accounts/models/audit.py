"""The log of what everybody did."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models.user import User


class AuditEntry(models.Model):
    """One thing somebody did. Append-only: the application's role may add and read, nobody may change.

    ``subject`` names what it was done to in words ("case 42"); ``digest`` is a salted hash of the values, which stand
    in ``AuditValue`` and can be erased without breaking the chain.
    """

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False)
    actor_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    digest = models.BinaryField()
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("audit_transaction()", []),
        help_text="Which database transaction wrote it; the sealer takes finished ones only.",
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("transaction", "id", name="audit_to_seal"),
            models.Index("subject", "id", name="audit_of_subject"),
        ]


class AuditValue(models.Model):
    """The values of one entry and their salt; erasure empties them."""

    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, primary_key=True, related_name="value")
    salt = models.BinaryField()
    values = models.JSONField(null=True)


class AuditSeal(models.Model):
    """A link of the chain: the hash over all entries of finished transactions since the last link."""

    before = models.BigIntegerField(help_text="All entries of transactions below this one are sealed.")
    entries = models.IntegerField()
    chain = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

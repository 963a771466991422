"""Who said it: identities, the persons behind them, and what is known."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.listen.models import Interaction
from armature.crm.newest import IN_PART

WORDS_OF_NAME = f"to_tsvector('simple', name || ' ' || translate(address, '@._-+', '     ') || {IN_PART})"
"""What somebody is found by."""


class Company(models.Model):
    """An organisation that persons belong to. Two spellings that differ only in case are one company."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    website = models.URLField(blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody we answered, recognised as a customer, or added by hand."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="people")

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """One address, number or handle. Its ``person`` is the one link that may change later."""

    network = models.CharField(max_length=40)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="identities")
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("network", "address", name="one_identity_per_address")
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(RawSQL(WORDS_OF_NAME, []), name="words_of_name")  # noqa: S611  our own words
        ]


class Merge(models.Model):
    """Two persons are one: what was ``gone``'s belongs to ``kept``; ``moved`` says what, so that it can be undone."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="joined")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="joined_into")
    moved = models.JSONField(help_text="Numbers of identities and of notes that were the other's.")
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)


class Recognition(models.Model):
    """That this identity said this, with the evidence."""

    interaction = models.ForeignKey(Interaction, models.PROTECT, db_index=False)
    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False)
    score = models.FloatField(db_default=1.0)
    evidence = models.CharField(max_length=80)
    current = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("interaction", condition=models.Q(current=True), name="one_current_recognition")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("identity", "interaction", name="said_by_identity")]


class Fact(models.Model):
    """Something known about an identity, with its source and date. Inferred facts stand apart from verified ones."""

    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False, related_name="facts")
    kind = models.CharField(max_length=40)
    value = models.JSONField()
    source = models.CharField(max_length=80)
    verified = models.BooleanField()
    observed_at = models.DateTimeField()
    current = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "identity", "kind", "verified", condition=models.Q(current=True), name="one_current_fact"
            )
        ]


class Consent(models.Model):
    """That somebody forbade us to write to them about a topic, or allowed it again: one row each time they say so.

    What was said last holds, and forbidding where two were said in one moment.
    """

    identity = models.ForeignKey(Identity, models.PROTECT, db_index=False, related_name="consents")
    topic = models.CharField(max_length=40)
    given = models.BooleanField()
    at = models.DateTimeField()
    interaction = models.ForeignKey(Interaction, models.PROTECT, db_index=False, help_text="The words that said so.")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("identity", "topic", F("at").desc(), "given", name="consents_of_identity")
        ]


class Purchase(models.Model):
    """Something they bought, as the shop (or whoever ``source`` is) says; an order that changes is written again."""

    identity = models.ForeignKey(Identity, models.PROTECT, related_name="purchases", db_index=False)
    source = models.CharField(max_length=80)
    order_number = models.CharField(max_length=80)
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    what = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("source", "order_number", name="one_purchase_per_order")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("identity", "at", "id", name="purchases_of_identity")]


class PersonNote(models.Model):
    """What colleagues should know about a person, whatever case they come with. It never leaves."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notes", db_index=False)
    author = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("person", "at", "id", name="notes_about_person")]

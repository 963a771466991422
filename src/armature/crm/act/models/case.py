"""The case and what people keep beside it."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from armature.crm.accounts.models import User
from armature.crm.identify.models import Identity, Person
from armature.crm.listen.models import Conversation

WORDS_NOTED = "to_tsvector('simple', left(text, 100000))"
"""What a note is found by."""


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
    promised_at = models.DateTimeField(null=True, help_text="When the first of its running clocks runs out.")
    opened_at = models.DateTimeField()
    last_in_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("conversation", "identity", name="one_case_each")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("identity", name="cases_of_identity"),
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


class Note(models.Model):
    """A private note on a case. It is no interaction: it cannot be sent."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, db_index=False)
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(RawSQL(WORDS_NOTED, []), name="words_noted")  # noqa: S611  our own words
        ]

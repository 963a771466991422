"""The case and what people keep beside it."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.identify.models import Identity, Person
from armature.crm.listen.models import Conversation

WORDS_NOTED = "to_tsvector('simple', left(text, 100000))"
"""What a note is found by."""


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending: they owe us an answer")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")
    NO_RESPONSE = "no_response", _("No response needed")


ENDED = (Status.RESOLVED, Status.CLOSED, Status.SPAM, Status.NO_RESPONSE)
AT_WORK = (Status.NEW, Status.OPEN, Status.PENDING, Status.SNOOZED)


class Case(models.Model):
    """The work of one person in one conversation, as its open waits show it (the waits are the truth).

    ``team`` owns it; ``asks`` is the team whose turn it is now (to judge, to approve), and may see it too. What a
    person said about team or priority is ``fixed``: rules do not change it. New words reopen a case that has ended
    until it is ``settled``; from then on they make a new one that ``follows`` it.
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
    intent = models.CharField(max_length=50, db_default="", help_text="Why they wrote last, as judged or read.")
    reason = models.CharField(max_length=300, db_default="", help_text="Why a person ended it.")
    ended_at = models.DateTimeField(null=True)
    settled = models.BooleanField(db_default=False, help_text="Ended for so long that new words make a new case.")
    snoozed_until = models.DateTimeField(null=True)
    team_fixed = models.BooleanField(db_default=False)
    priority_fixed = models.BooleanField(db_default=False)
    fields = models.JSONField(default=dict, db_default={})
    follows = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="merged")

    @property
    def next_due(self) -> datetime | None:
        """When its work is due or a promise runs out, whichever is first."""
        return min((at for at in (self.due_at, self.promised_at) if at), default=None)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "conversation", "identity", condition=models.Q(settled=False), name="one_live_case_each"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("identity", name="cases_of_identity"),
            models.Index("team", name="cases_of_team"),
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
                "team",
                "last_in_at",
                "id",
                name="unassigned_of_team",
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
                "team",
                "last_in_at",
                "id",
                name="team_at_work",
                condition=models.Q(status__in=["new", "open", "pending", "snoozed"]),
            ),
            models.Index("asks", "last_in_at", "id", name="asked_of_team", condition=models.Q(asks__gt="")),
            models.Index(
                "team",
                models.F("last_in_at").desc(),
                models.F("id").desc(),
                name="done_by_team",
                condition=models.Q(status__in=["resolved", "closed", "spam", "no_response"]),
            ),
            models.Index(
                models.F("last_in_at").desc(),
                models.F("id").desc(),
                name="done_cases",
                condition=models.Q(status__in=["resolved", "closed", "spam", "no_response"]),
            ),
            models.Index("last_in_at", "id", name="snoozed_in_order", condition=models.Q(status="snoozed")),
            models.Index("snoozed_until", name="snoozed_cases", condition=models.Q(snoozed_until__isnull=False)),
            models.Index("ended_at", name="cases_to_settle", condition=models.Q(ended_at__isnull=False, settled=False)),
            models.Index("conversation", "identity", name="cases_of_conversation"),
            models.Index("merged_into", name="merged_cases", condition=models.Q(merged_into__isnull=False)),
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

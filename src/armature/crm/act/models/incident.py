"""Many cases with one cause, answered together: the incident, its statement, and who joined it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, Team, User
from armature.crm.act.models.case import Case
from armature.crm.act.models.response import Response


class Incident(models.Model):
    """One cause that many wrote about. It is one team's business for one brand, and open until somebody closes it."""

    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    team = models.ForeignKey(Team, models.PROTECT, db_index=False)
    brand = models.ForeignKey(Brand, models.PROTECT, db_index=False)
    priority = models.SmallIntegerField()
    due_at = models.DateTimeField(null=True, help_text="When its statement should be out.")
    told_at = models.DateTimeField(null=True, help_text="When the leads were told that it is late.")
    opened_by = models.ForeignKey(User, models.PROTECT, db_index=False)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("team", "brand", models.F("id").desc(), name="incidents_of_team"),
            models.Index(
                "due_at", name="incidents_due",
                condition=models.Q(due_at__isnull=False, told_at__isnull=True, closed_at__isnull=True),
            ),
        ]  # fmt: skip


class Statement(models.Model):
    """The macro response of an incident: words written once for all who joined. Only released words leave.

    ``digest`` stands for the words and the name they are sent under; what was released is compared with it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVAL = "approval", _("Waiting for approval")
        RELEASED = "released", _("Released")

    incident = models.OneToOneField(Incident, models.PROTECT)
    author = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    sender = models.CharField(max_length=120)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State, db_default="draft")
    digest = models.CharField(max_length=64, db_default="")
    version = models.IntegerField(db_default=1)
    why = models.CharField(max_length=300, blank=True, db_default="")
    written_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    holds_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("written_at", "id", name="statements_to_approve", condition=models.Q(state="approval")),
        ]


class Joined(models.Model):
    """A case that joined an incident, and the one response it got for it: never a second one.

    ``wanted``: the words are released for it and not in the outbox yet. ``why`` says why they could not go there.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, db_index=False, related_name="joined")
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="incidents")
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    wanted = models.BooleanField(db_default=False)
    why = models.CharField(max_length=300, blank=True, db_default="")
    response = models.OneToOneField(Response, models.PROTECT, null=True, related_name="joined")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("case", "incident", name="joined_incident_once"),
            models.UniqueConstraint("case", condition=models.Q(response=None), name="waits_for_one_statement"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("incident", models.F("id").desc(), name="joined_of_incident"),
            models.Index("incident", "id", name="statements_to_spread", condition=models.Q(wanted=True)),
        ]

"""What somebody should hear of, whether they look at it or not."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.listen.wanted import ListeningQuery


class Notice(models.Model):
    """One thing to know, for one user; unread until they have seen it. It never has the customer's words."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("You were mentioned")
        ASSIGNED = "assigned", _("A case was given to you")
        HANDED = "handed", _("A case was handed over to you")
        REPLY = "reply", _("The customer wrote again")
        NOTE = "note", _("A note in a case you follow")
        WOKE = "woke", _("A snoozed case is back")
        ENDED = "ended", _("A case you follow was ended")
        BULK = "bulk", _("Bulk work is done")
        IMPORT = "import", _("A file was brought in")
        STATEMENT = "statement", _("A statement waits for your approval")
        INCIDENT = "incident", _("News of an incident")
        SPIKE = "spike", _("Suddenly heard much more")
        RAISED = "raised", _("A case of your team is late")
        JUDGES = "judges", _("The reader may no longer decide alone")

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="notices")
    case = models.ForeignKey(Case, models.CASCADE, null=True, db_index=False, related_name="+")
    query = models.ForeignKey(ListeningQuery, models.CASCADE, null=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=200, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("user", name="unread_notices", condition=models.Q(read_at__isnull=True)),
            models.Index(models.F("user"), models.F("id").desc(), name="notices_of_user"),
        ]

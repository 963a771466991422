"""One deed for many cases."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case
from armature.crm.lease import Lease


class BulkJob(models.Model):
    """What somebody asked for many cases at once: the deed with its values, how many it is for, how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    user = models.ForeignKey(User, models.PROTECT)
    deed = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    total = models.IntegerField()
    state = models.CharField(max_length=8, choices=State, db_default="waiting")
    at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)


class BulkTodo(Lease):
    """A bulk job that a worker has to go on with."""

    job = models.OneToOneField(BulkJob, models.CASCADE, primary_key=True)


class BulkItem(models.Model):
    """One case of a bulk job: still to do, done (with what it was before), or refused (with why)."""

    class State(models.TextChoices):
        TODO = "todo", _("To do")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")

    job = models.ForeignKey(BulkJob, models.CASCADE, db_index=False, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=8, choices=State, db_default="todo")
    words = models.CharField(max_length=200, db_default="")
    before = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("job", "case", name="once_in_a_job")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("job", "state", "case", name="items_of_job")]

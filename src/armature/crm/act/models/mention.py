"""Colleagues named in a note."""

from typing import ClassVar

from django.db import models

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case, Note


class Mention(models.Model):
    """That a note asks for somebody; open until they say that they have seen to it."""

    note = models.ForeignKey(Note, models.PROTECT, db_index=False, related_name="mentions")
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="mentions")
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("note", "user", name="mentioned_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("user", "case", name="open_mentions", condition=models.Q(done_at__isnull=True))
        ]

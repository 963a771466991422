"""Lists of cases that somebody, or a team, wants to find again."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from armature.crm.accounts.models import Team, User


class SavedView(models.Model):
    """A name for a set of filters, as they stand in the address. With a team it is the team's, else its owner's own."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(User, models.CASCADE, db_index=False)
    team = models.ForeignKey(Team, models.CASCADE, null=True, db_index=False)
    view = models.CharField(max_length=20, help_text="The view that it narrows.")
    filters = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("owner", name="views_of_owner", condition=models.Q(team__isnull=True)),
            models.Index("team", name="views_of_team", condition=models.Q(team__isnull=False)),
        ]

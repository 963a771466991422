"""Cases that became one, and cases that were one."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case


class CaseLink(models.Model):
    """That ``earlier`` was merged into ``later``, or that ``later`` was split off from it; seen from both sides."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("merged into")
        SPLIT = "split", _("split off")

    kind = models.CharField(max_length=8, choices=Kind)
    earlier = models.ForeignKey(Case, models.PROTECT, related_name="links_on")
    later = models.ForeignKey(Case, models.PROTECT, related_name="links_back")
    waits = models.JSONField(default=list, help_text="What was open when they were merged, so that it can be undone.")
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

"""Words and deeds that are kept for the next time: canned responses and macros."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, Team, User


class Kept(models.Model):
    """Something a team, or everybody, keeps for the next time; empty means for all."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True, db_index=False)
    name = models.CharField(_("name"), max_length=80)
    by = models.ForeignKey(User, models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class CannedResponse(Kept):
    """Words for the next time. ``{{name}}`` and the like are filled in when they are taken; typed as ``/shortcut``."""

    language = models.CharField(_("language"), max_length=12, blank=True)
    shortcut = models.SlugField(_("shortcut"), max_length=30, db_index=False)
    text = models.TextField(_("words"), max_length=20_000)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "shortcut", "team", "brand", "language", name="one_shortcut_each", nulls_distinct=False
            )
        ]


class Macro(Kept):
    """Several actions at once. ``steps`` is a list of ``{"step": key, "value": words}``, done in order, all or none."""

    key = models.CharField(_("key"), max_length=1, blank=True)
    steps = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "key", "team", "brand", name="one_macro_a_key", condition=~models.Q(key=""), nulls_distinct=False
            )
        ]

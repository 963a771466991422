"""Words that people put on cases to find them again."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower, Now

from armature.crm.accounts.models import User
from armature.crm.act.models.case import Case


class Tag(models.Model):
    """A word of the company's own; two that differ in capitals only are one."""

    name = models.CharField(max_length=40)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("name"), name="one_tag_each")
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """That a case carries a tag, who put it there and when."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="taggings")
    tag = models.ForeignKey(Tag, models.PROTECT, db_index=False, related_name="taggings")
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("case", "tag", name="tagged_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("tag", "case", name="cases_of_tag")]

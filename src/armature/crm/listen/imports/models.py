"""Files that are brought in, how far each is, and which of their rows could not be taken."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, User
from armature.crm.lease import Lease


class Import(models.Model):
    """One file. Its bytes stand once on disk under their digest, which is empty once they went; the name is only data.

    ``position`` is how many records were gone through in this run or dry run: it is committed together with what they
    became, so that whoever goes on knows. ``share`` is how much of the file that is, from 0 to 1.
    """

    class What(models.TextChoices):
        SAID = "said", _("What was said")
        PEOPLE = "people", _("People and what they bought")

    class State(models.TextChoices):
        MAPPING = "mapping", _("To be mapped")
        CHECKING = "checking", _("Dry run")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being brought in")
        DONE = "done", _("Brought in")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Broken off")

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    brand = models.ForeignKey(Brand, models.PROTECT, db_index=False, related_name="+")
    channel = models.ForeignKey("listen.Channel", models.PROTECT, null=True, db_index=False, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    kind = models.CharField(max_length=12, help_text="What the file is: csv, xlsx, lines, mbox, mails, zendesk ...")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    options = models.JSONField(default=dict, help_text="Encoding, delimiter, zone, order of dates, our addresses.")
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="For each field the number of its column.")
    state = models.CharField(max_length=9, choices=State, db_default="mapping")
    position = models.BigIntegerField(db_default=0)
    total = models.BigIntegerField(null=True, help_text="Records in the file, once a dry run counted them.")
    share = models.FloatField(db_default=0.0)
    counts = models.JSONField(default=dict)
    problem = models.TextField(db_default="", blank=True)
    at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True, help_text="When this run or dry run began.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("brand", "id", name="imports_of_brand")]

    @property
    def moving(self) -> bool:
        """Whether a worker goes through it."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How much of the file was gone through."""
        return 100 if self.state in (self.State.CHECKED, self.State.DONE) else min(99, int(100 * self.share))


class ImportTodo(Lease):
    """A file that a worker has to go on with."""

    job = models.OneToOneField(Import, models.CASCADE, primary_key=True)


class ImportRow(models.Model):
    """A record that was not taken as it stands (faulty, conflicting), or an example of those that were changed."""

    class Result(models.TextChoices):
        FAULTY = "faulty", _("Faulty")
        CONFLICT = "conflict", _("Conflicting")
        CHANGED = "changed", _("Changed")

    job = models.ForeignKey(Import, models.CASCADE, db_index=False, related_name="rows")
    number = models.BigIntegerField(help_text="Which record of the file, counted from 1.")
    place = models.CharField(max_length=40, help_text="Where it stands, for people: its row or line.")
    result = models.CharField(max_length=8, choices=Result)
    field = models.CharField(max_length=40, db_default="", blank=True)
    why = models.CharField(max_length=300)
    cells = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("job", "number", name="once_in_an_import")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("job", "result", "number", name="rows_of_import")]


class ImportMapping(models.Model):
    """What columns meant the last time a file with the same heads was brought in."""

    brand = models.ForeignKey(Brand, models.CASCADE, db_index=False, related_name="+")
    what = models.CharField(max_length=8)
    heads = models.CharField(max_length=64, help_text="Digest of the heads.")
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "what", "heads", name="one_mapping_per_heads")
        ]

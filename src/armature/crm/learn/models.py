"""What came of it: feedback joined to the response that caused it, and the outcome it adds up to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, User
from armature.crm.act.models import Case, Response
from armature.crm.decide.models import Judgement
from armature.crm.identify.models import Identity, Person
from armature.crm.learn.assessments import models as assessment_models  # noqa: F401  so that Django finds its tables
from armature.crm.learn.replays import models as replay_models  # noqa: F401  so that Django finds its tables
from armature.crm.learn.who_judges import models as judges_models  # noqa: F401  the same
from armature.crm.listen.models import Channel, Conversation, Interaction
from armature.crm.understand.models import Intent, Reading


class Feedback(models.Model):
    """What came back after a response: a reply, a rating, an answer to a survey, or silence.

    ``stars`` (one to five) are of a rating, ``score`` of ``most`` of a survey; an empty verdict says neither. The first
    rating stands.
    """

    response = models.ForeignKey(Response, models.PROTECT, related_name="feedback")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True)
    kind = models.CharField(max_length=10)
    verdict = models.CharField(max_length=20)
    stars = models.SmallIntegerField(null=True)
    score = models.SmallIntegerField(null=True)
    most = models.SmallIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("response", condition=models.Q(kind="rating"), name="rated_once"),
            models.UniqueConstraint("response", condition=models.Q(kind="survey"), name="surveyed_once"),
        ]


class Said(models.Model):
    """What a customer says they meant, asked on our page: ``read_as`` was shown to them, ``meant`` is their word."""

    interaction = models.OneToOneField(Interaction, models.PROTECT, primary_key=True)
    read_as = models.ForeignKey(Intent, models.PROTECT, db_index=False, related_name="+")
    meant = models.ForeignKey(Intent, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())


class Label(models.Model):
    """A reading that somebody is asked, or was asked, to check, beside the work on its case.

    ``drawn``: by chance, so that accuracy can be told from it, or because the reader was unsure. ``verdict`` is a
    person's reading (given here or at the case), empty while nobody gave one; ``unknown``: they could not say either.
    """

    class Drawn(models.TextChoices):
        RANDOM = "random", _("drawn by chance")
        UNSURE = "unsure", _("the reader is unsure")

    interaction = models.OneToOneField(Interaction, models.PROTECT, primary_key=True)
    suggestion = models.ForeignKey(Reading, models.PROTECT, db_index=False, related_name="+", db_constraint=False)
    drawn = models.CharField(max_length=10, choices=Drawn)
    verdict = models.ForeignKey(Reading, models.PROTECT, null=True, db_index=False, related_name="+")
    unknown = models.BooleanField(db_default=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False)
    drawn_at = models.DateTimeField(db_default=Now())
    at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("drawn_at", name="labels_to_give", condition=models.Q(at__isnull=True)),
            models.Index("user", "at", name="labels_of_user", condition=models.Q(at__isnull=False)),
            models.Index(
                "at", "interaction", name="labels_by_chance", condition=models.Q(drawn="random", at__isnull=False)
            ),
        ]


class Outcome(models.Model):
    """What a decision came to, on the person and on the rule that decided."""

    judgement = models.ForeignKey(Judgement, models.PROTECT, db_index=False, related_name="outcomes")
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    rule = models.CharField(max_length=80, help_text="Table and row that fired, as in Judgement.rows.")
    verdict = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("rule", "at", name="outcomes_of_rule")]


class Measured(models.Model):
    """One thing that is counted: a message heard, a first answer, an end, an approval, an outcome, a delivery, a clock,
    a way through the map, a stay at one of its steps.

    Worked out from the rows it is about, and again whenever these change; ``source`` is the number of that row, and
    ``kind`` and ``source`` name it once. ``day`` and ``hour`` are the company's own. ``label`` and ``more`` say what
    came of it (`learn.cells` knows for each kind). ``minutes`` go round the clock, ``open_minutes`` are business time
    in the hours of that moment. ``past`` was brought in from before.
    """

    kind = models.CharField(max_length=10)
    source = models.BigIntegerField()
    conversation = models.ForeignKey(Conversation, models.DO_NOTHING, db_index=False, db_constraint=False)
    identity = models.ForeignKey(Identity, models.DO_NOTHING, db_index=False, db_constraint=False)
    case = models.ForeignKey(Case, models.DO_NOTHING, db_index=False, db_constraint=False)
    brand = models.ForeignKey(Brand, models.DO_NOTHING, db_index=False, db_constraint=False)
    channel = models.ForeignKey(Channel, models.DO_NOTHING, db_index=False, db_constraint=False)
    team = models.CharField(max_length=50)
    at = models.DateTimeField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    intent = models.CharField(max_length=50, blank=True)
    label = models.CharField(max_length=100, blank=True)
    more = models.CharField(max_length=40, blank=True)
    rules = ArrayField(models.CharField(max_length=80))
    overridden = models.BooleanField()
    minutes = models.FloatField(null=True)
    open_minutes = models.FloatField(null=True)
    restricted = models.BooleanField()
    past = models.BooleanField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("conversation", "identity", name="measured_of_case"),
            models.Index("kind", "day", "at", "id", name="measured_by_day"),
        ]


class MeasureSum(models.Model):
    """So many things of one kind on one day, of one brand, channel, team and so on: the sum of rows of `Measured`.

    Written in the transaction that writes those rows, by one worker at a time. ``bucket`` is a length of time.
    """

    kind = models.CharField(max_length=16)
    day = models.DateField()
    hour = models.SmallIntegerField()
    brand = models.ForeignKey(Brand, models.DO_NOTHING, db_index=False, db_constraint=False)
    channel = models.ForeignKey(Channel, models.DO_NOTHING, db_index=False, db_constraint=False)
    team = models.CharField(max_length=50)
    intent = models.CharField(max_length=50, blank=True)
    label = models.CharField(max_length=100, blank=True)
    more = models.CharField(max_length=80, blank=True)
    bucket = models.SmallIntegerField()
    restricted = models.BooleanField()
    past = models.BooleanField()
    number = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "kind", "day", "hour", "brand", "channel", "team", "intent", "label", "more", "bucket", "restricted",
                "past", name="one_sum_each",
            )
        ]  # fmt: skip


class Unmeasured(models.Model):
    """Work of one person in one conversation (without a person: of all in it) that has changed since it was measured.

    The database writes these rows itself. There may be several for the same.
    """

    conversation = models.ForeignKey(Conversation, models.DO_NOTHING, db_index=False, db_constraint=False)
    identity = models.ForeignKey(Identity, models.DO_NOTHING, null=True, db_index=False, db_constraint=False)

"""Who works here, for which brand and in which team; and the log of what everybody did."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Users(BaseUserManager["User"]):
    """Finds and makes users by their e-mail address."""

    def create_user(self, email: str, name: str, password: str | None) -> "User":
        """A person who can log in; without a password nobody can log in as them."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody of the company. Customers are persons, in ``identify``."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """One face of the company: channels, templates and hours hang on it.

    When its hours or promises change, what is open is reckoned anew.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    hours_changed_at = models.DateTimeField(null=True)
    reckoned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Who acts together. Lanes of the map and rows of the tables name a team by its key.

    What it let pass twice is offered to ``next_team``.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    next_team = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of a team may do; each later one may do what the earlier ones may."""

    DRAFT_ONLY = "draft_only", "Drafts only"
    AGENT = "agent", "Agent"
    LEAD = "lead", "Lead"
    EXECUTIVE = "executive", "Executive"
    ADMIN = "admin", "Administrator"


class Membership(models.Model):
    """A user's role in a team, for one brand or (without a brand) for all. Without a team it holds for every team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("user", "team", "brand", name="one_role_each", nulls_distinct=False)
        ]


class BusinessHours(models.Model):
    """When a team (or, without one, everybody of a brand) works. ``week`` is seven lists of [from, to] minutes.

    Closed on the public holidays of ``country`` (and its part), and on ``holidays``, the company's own.
    """

    brand = models.ForeignKey(Brand, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    week = models.JSONField()
    country = models.CharField(max_length=2, blank=True, default="")
    part_of_country = models.CharField(max_length=20, blank=True, default="")
    holidays = ArrayField(models.DateField(), default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "team", name="one_week_each", nulls_distinct=False)
        ]


class Promise(models.Model):
    """How soon customers of a team (or, without one, of a brand) are answered and done with, in minutes.

    ``first`` runs until the first answer, ``next`` from further words of theirs to the next answer, ``resolution``
    until the case ends, but not while it is their turn. Minutes are business time, unless they go ``round_the_clock``.
    """

    brand = models.ForeignKey(Brand, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    first = models.PositiveIntegerField(null=True)
    next = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    round_the_clock = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "team", name="one_promise_each", nulls_distinct=False)
        ]


class AuditEntry(models.Model):
    """One thing somebody did. Append-only: the application's role may add and read, nobody may change.

    ``subject`` names what it was done to in words ("case 42"); ``digest`` is a salted hash of the values, which stand
    in ``AuditValue`` and can be erased without breaking the chain.
    """

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False)
    actor_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    digest = models.BinaryField()
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", []),
        help_text="Which database transaction wrote it; the sealer takes finished ones only.",
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("transaction", "id", name="audit_to_seal"),
            models.Index("subject", "id", name="audit_of_subject"),
        ]


class AuditValue(models.Model):
    """The values of one entry and their salt; erasure empties them."""

    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, primary_key=True, related_name="value")
    salt = models.BinaryField()
    values = models.JSONField(null=True)


class AuditSeal(models.Model):
    """A link of the chain: the hash over all entries of finished transactions since the last link."""

    before = models.BigIntegerField(help_text="All entries of transactions below this one are sealed.")
    entries = models.IntegerField()
    chain = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

"""What the company wants to hear of: queries, what they found, and what was looked for in posts that are kept."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import Brand, User
from armature.crm.lease import Lease


class ListeningQuery(models.Model):
    """Words that posts are heard for. With a brand it hears what comes in for that brand, without one everything.

    ``key`` is what rules call it: one word. A change of what it finds raises ``version``.
    """

    class Purpose(models.TextChoices):
        BRAND = "brand", _("Our brand")
        PRODUCT = "product", _("A product of ours")
        COMPETITOR = "competitor", _("A competitor")
        SIGNAL = "signal", _("Signal words")
        OWN = "own", _("Something else")

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=80)
    purpose = models.CharField(_("what it is for"), max_length=10, choices=Purpose)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, verbose_name=_("brand"))
    text = models.TextField(_("query"), max_length=4000)
    active = models.BooleanField(_("it listens"), default=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")

    def __str__(self) -> str:
        return self.name


class QueryStamp(models.Model):
    """One row whose stamp the database changes with every change of a query: workers ask for it before each batch."""

    stamp = models.UUIDField()


class QueryFollower(models.Model):
    """Somebody who is told when a query suddenly finds much more than usual."""

    query = models.ForeignKey(ListeningQuery, models.CASCADE, db_index=False, related_name="followers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("query", "user", name="query_followed_once")
        ]


class Hit(models.Model):
    """That a query matched what somebody said. ``places`` is a flat list: start, end, start, end of what matched.

    They count characters of the subject, two line ends and the text. ``live`` is false when it was found later, by
    looking back. ``copy_of`` is the first hit of the same query that says nearly the same.
    """

    query = models.ForeignKey(ListeningQuery, models.CASCADE, db_index=False, related_name="hits")
    interaction = models.ForeignKey("listen.Interaction", models.CASCADE, db_index=False, related_name="hits")
    at = models.DateTimeField(help_text="When it was said.")
    places = ArrayField(models.IntegerField())
    version = models.IntegerField()
    live = models.BooleanField(default=True)
    likeness = models.BigIntegerField(help_text="The simhash of the words: see copies.py.")
    bands = ArrayField(models.IntegerField(), help_text="Its parts, each with the query; near copies share one.")
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, db_index=False, related_name="copies")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("interaction", "query", name="hit_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(models.F("query"), models.F("at").desc(), models.F("id").desc(), name="hits_of_query"),
            models.Index("copy_of", name="copies_of_hit", condition=models.Q(copy_of__isnull=False)),
            GinIndex("bands", name="hits_alike", fastupdate=False),
        ]


class SetAside(models.Model):
    """That what a query found is noise: kept, but not counted and not listed, until it is taken back."""

    interaction = models.ForeignKey("listen.Interaction", models.CASCADE, db_index=False, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "interaction", condition=models.Q(taken_back_at__isnull=True), name="set_aside_once"
            )
        ]


class Spike(models.Model):
    """That a query found far more in an hour than in the same hour of earlier weeks; told once."""

    query = models.ForeignKey(ListeningQuery, models.CASCADE, db_index=False, related_name="spikes")
    hour = models.DateTimeField()
    found = models.IntegerField()
    usual = models.FloatField()
    goes_on = models.BooleanField(default=False, help_text="The hour before was one too: nobody is told again.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("query", "hour", name="one_spike_an_hour")
        ]


class PostWords(models.Model):
    """The words of a post as our tokeniser cuts them, to look for posts that are kept; made a part at a time."""

    interaction = models.OneToOneField("listen.Interaction", models.CASCADE, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [GinIndex("words", name="words_of_posts")]


class PostPart(models.Model):
    """How far the words of a stretch of interactions are kept. It is closed when nobody can add a post to it."""

    part = models.BigIntegerField(primary_key=True)
    past_at = models.DateTimeField(help_text="By then all numbers of it were given out.")
    upto = models.BigIntegerField(db_default=0)
    done_at = models.DateTimeField(null=True)


class BackSearch(models.Model):
    """What a query would have found in posts that are kept, looked for part by part, from the newest backwards.

    With ``query`` what it finds becomes hits of that query.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Looking")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Broken off by a fault of ours")

    user = models.ForeignKey(User, models.CASCADE)
    query = models.ForeignKey(ListeningQuery, models.CASCADE, null=True, db_index=False, related_name="+")
    text = models.TextField()
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, db_index=False, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, db_default="running")
    first_part = models.BigIntegerField()
    part = models.BigIntegerField()
    last_part = models.BigIntegerField()
    upto = models.BigIntegerField(db_default=0)
    kept = models.IntegerField(db_default=0)
    at = models.DateTimeField(db_default=Now())

    @property
    def percent(self) -> int:
        """How much of the posts was looked at."""
        parts = self.first_part - self.last_part + 1
        return 100 if self.state == self.State.DONE else int(100 * (self.first_part - self.part) / max(1, parts))


class BackSearchTodo(Lease):
    """A search that a worker has to go on with."""

    search = models.OneToOneField(BackSearch, models.CASCADE, primary_key=True)


class BackSearchHit(models.Model):
    """One post that a search found."""

    search = models.ForeignKey(BackSearch, models.CASCADE, db_index=False, related_name="hits")
    interaction = models.ForeignKey("listen.Interaction", models.CASCADE, db_index=False, related_name="+")
    at = models.DateTimeField()
    places = ArrayField(models.IntegerField())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("search", "interaction", name="found_back_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(models.F("search"), models.F("at").desc(), models.F("id").desc(), name="hits_of_search")
        ]


class Quoted(models.Model):
    """A post that somebody saw in the browser and brought in: where it stands, and who brought it."""

    channel = models.ForeignKey("listen.Channel", models.CASCADE, db_index=False, related_name="+")
    external_id = models.CharField(max_length=300)
    address = models.TextField()
    title = models.CharField(max_length=300, blank=True)
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("channel", "external_id", name="quoted_once")
        ]

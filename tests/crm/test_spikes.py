"""A query that suddenly finds much more: whoever follows it is told once, of what they may see."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from armature.arm.listening.spike import at_least, grown, is_spike
from armature.crm.act import listening, spikes
from armature.crm.act.models import Case, Notice
from armature.crm.listen.wanted import ListeningQuery, Spike
from house import House
from visitors import stranger

NOW = datetime(2026, 3, 30, 14, 40, tzinfo=timezone.get_fixed_timezone(0))


def hear(house: House, many: int, at: datetime, text: str = "A parcel, number {n}", who: str = "p{n}") -> None:
    for n in range(many):
        house.hear(text.format(n=n), author=f"{who.format(n=n)}@people.example", occurred_at=at.isoformat())
    house.settle()


@pytest.fixture
def query(house: House) -> ListeningQuery:
    one = listening.keep(house.leo, ListeningQuery(name="Parcels", purpose="brand", text="parcel"))
    listening.follow(house.leo, one, True)
    return one


def test_a_spike_is_told_once_and_when_it_goes_on_not_again(house: House, query: ListeningQuery) -> None:
    hear(house, 12, NOW)
    assert spikes.look(NOW) == 1
    assert spikes.look(NOW) == 0
    notice = Notice.objects.get(kind="spike")
    assert (notice.user, notice.query, notice.text) == (house.leo, query, "Parcels: 12 posts in an hour")
    hear(house, 12, NOW + timedelta(hours=1))
    assert spikes.look(NOW + timedelta(hours=1)) == 1
    assert list(Spike.objects.order_by("hour").values_list("goes_on", flat=True)) == [False, True]
    assert Notice.objects.filter(kind="spike").count() == 1
    hear(house, 40, NOW + timedelta(hours=3))
    assert spikes.look(NOW + timedelta(hours=3)) == 1
    assert Notice.objects.filter(kind="spike").count() == 2


def test_what_is_usual_at_this_hour_is_no_spike(house: House, query: ListeningQuery) -> None:
    for week in range(1, 5):
        hear(house, 10, NOW - timedelta(days=7 * week))
    hear(house, 12, NOW)
    assert spikes.look(NOW) == 0


def test_few_posts_are_no_spike(house: House, query: ListeningQuery) -> None:
    hear(house, 9, NOW)
    assert spikes.look(NOW) == 0


def test_nobody_is_told_of_what_they_may_not_see(house: House, query: ListeningQuery) -> None:
    sam = stranger("sales")
    listening.follow(sam, query, True)
    hear(house, 12, NOW)
    Case.objects.update(team="support", asks="")
    assert spikes.look(NOW) == 1
    assert [one.user for one in Notice.objects.filter(kind="spike")] == [house.leo]
    spike = Spike.objects.get()
    assert spikes.cause(sam, query, spike) is None


def test_the_likely_cause(house: House, query: ListeningQuery) -> None:
    for week in range(1, 3):
        hear(house, 5, NOW - timedelta(days=7 * week), "A parcel came late, number {n}")
    hear(house, 12, NOW, "The parcel was soaked by the flood, number {n}", who="loud")
    hear(house, 3, NOW, "A parcel came late")
    spikes.look(NOW)
    cause = spikes.cause(house.leo, query, Spike.objects.get())
    assert cause is not None
    assert set(cause.words[:3]) == {"flood", "soaked"} | set(cause.words[:3]) - {"late", "parcel", "the"}
    assert {"flood", "soaked"} <= set(cause.words) and "late" not in cause.words
    assert cause.author == ("loud@people.example", 12) and cause.source == ("Mailbox", 15)


@pytest.mark.parametrize(
    ("found", "usual", "spike"),
    [(9, 0, False), (10, 0, True), (10, 3, False), (20, 3, True), (120, 100, False), (150, 100, True)],
)
def test_the_bound(found: int, usual: float, spike: bool) -> None:
    assert is_spike(found, usual) == spike


def test_chance_is_that_of_poisson() -> None:
    assert at_least(0, 3) == 1.0
    assert at_least(1, 2.0) == pytest.approx(0.8646647)
    assert at_least(10, 3.0) == pytest.approx(0.0011025, rel=1e-4)
    assert at_least(5, 50.0) == pytest.approx(1.0)


def test_words_of_the_query_and_common_ones_are_no_cause() -> None:
    now = ["the parcel drowned", "the parcel drowned too", "the parcel drowned as well"]
    assert grown(now, ["the parcel came"], "parcel") == ["drowned"]

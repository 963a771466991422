"""Looking back finds exactly what listening would have found, however the posts are kept."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hearing
from armature.arm.listening import Node, unparse
from armature.arm.listening.findable import findable
from armature.crm import jobs
from armature.crm.accounts.models import User
from armature.crm.act import listening
from armature.crm.act.work import Refused
from armature.crm.channels import lines
from armature.crm.listen import back_search, commands, post_words
from armature.crm.listen.models import Interaction
from armature.crm.listen.wanted import BackSearch, BackSearchHit, Hit, ListeningQuery, PostPart, PostWords
from house import MONDAY, House

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Parts of eight numbers and pages of three posts, so that a few posts are many parts and pages."""
    monkeypatch.setattr(post_words, "BITS", 3)
    monkeypatch.setattr(post_words, "CHUNK", 3)
    monkeypatch.setattr(back_search, "PAGE", 3)
    yield


def look(user: User, text: str, **more: object) -> BackSearch:
    """A search to its end."""
    search = back_search.ask(user, text, *ALWAYS, **more)  # type: ignore[arg-type]
    while jobs.look_back():
        pass
    search.refresh_from_db()
    return search


def found(search: BackSearch) -> dict[int, list[int]]:
    return dict(BackSearchHit.objects.filter(search=search).values_list("interaction", "places"))


def keep_words() -> None:
    """The newest parts, whatever numbers other tests took: some of them hold no post."""
    for _ in range(40):
        post_words.keep_some()


TEXTS = st.lists(
    st.tuples(hearing.texts, st.sampled_from(["", "de", "de-at", "en"]), st.booleans()), min_size=1, max_size=12
)
TREES = st.lists(hearing.queries.filter(findable), min_size=1, max_size=6)


EDITS = st.lists(st.tuples(st.integers(1, 12), hearing.texts), max_size=4)


def edit(house: House, name: str, text: str) -> None:
    """They change what they said, through the whole process."""
    house.said += 1
    at = MONDAY + timedelta(minutes=house.said)
    line = {"event": "edited", "external_id": name, "text": text, "occurred_at": at.isoformat()}
    commands.accept(house.mailbox, [lines.envelope(line, at)])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(posts=TEXTS, trees=TREES, ahead=st.integers(0, 12), edits=EDITS)
def test_looking_back_is_listening(
    house: House, posts: list[tuple[str, str, bool]], trees: list[Node], ahead: int, edits: list[tuple[int, str]]
) -> None:
    """Also to what was edited: what it no longer says stays heard, at no place, and is not found by looking back."""
    house.said = 0
    with transaction.atomic():
        for number, tree in enumerate(trees):
            ListeningQuery.objects.create(key=f"q{number}", name=f"q{number}", purpose="own", text=unparse(tree))
        for number, (text, language, anns) in enumerate(posts):
            if number == ahead:
                house.settle()
                keep_words()
            house.hear(text, author="ann" if anns else "bob", language=language, subject=text[:4] if anns else "")
        for number, text in edits:
            edit(house, f"said-{number}", text)
        house.settle()
        keep_words()
        edited = set(Interaction.objects.filter(edited_at__isnull=False).values_list("pk", flat=True))
        for query in ListeningQuery.objects.all():
            live = dict(Hit.objects.filter(query=query).values_list("interaction", "places"))
            search = look(house.leo, query.text)
            assert (search.state, search.percent) == ("done", 100)
            again = found(search)
            assert again == {one: places for one, places in live.items() if one in again}, query.text
            assert {one for one in live if one not in again and (live[one] or one not in edited)} == set(), query.text
        transaction.set_rollback(True)


def test_the_words_of_closed_parts_are_kept_and_others_looked_at_one_by_one(house: House) -> None:
    for number in range(30):
        house.hear(f"Parcel {number}", author=f"p{number}@people.example")
    house.settle()
    keep_words()
    last = Interaction.objects.latest("id").pk >> post_words.BITS
    kept = set(PostWords.objects.values_list("interaction", flat=True))
    assert kept == {n for n in Interaction.objects.values_list("id", flat=True) if n >> post_words.BITS < last}
    assert len(kept) > 15
    assert found(look(house.leo, "parcel")).keys() == set(Interaction.objects.values_list("id", flat=True))


def test_what_was_edited_is_heard_and_found_with_its_new_words(house: House) -> None:
    one = listening.keep(house.leo, ListeningQuery(name="Parcels", text="parcel", purpose="brand"))
    other = listening.keep(house.leo, ListeningQuery(name="Letters", text="letter", purpose="brand"))
    for number in range(20):
        house.hear(f"A parcel, number {number}", author=f"p{number}@people.example")
    house.settle()
    keep_words()
    edit(house, "said-2", "No: it was the letter, number 1")
    house.settle()
    assert list(Hit.objects.filter(query=other).values_list("interaction__external_id", "places")) == [
        ("said-2", [15, 21])
    ]
    assert Hit.objects.get(query=one, interaction__external_id="said-2").places == []
    changed = Interaction.objects.get(external_id="said-2").pk
    assert found(look(house.leo, "letter")) == {changed: [15, 21]}
    assert changed not in found(look(house.leo, "parcel"))
    edit(house, "said-3", "A nice PARCEL")
    edit(house, "said-4", "A nice PARCEL, too")
    house.settle()
    assert Hit.objects.get(query=one, interaction__external_id="said-3").places == [7, 13]


def test_an_edit_that_comes_with_what_it_changes_is_heard_once(house: House) -> None:
    listening.keep(house.leo, ListeningQuery(name="Parcels", text="parcel", purpose="brand"))
    house.hear("The parcel is here")
    edit(house, "said-1", "Here is the parcel")
    house.settle()
    assert list(Hit.objects.values_list("places", flat=True)) == [[12, 18]]


def test_only_candidates_are_read_where_words_are_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        house.hear("A needle" if number == 7 else "Hay", author=f"p{number}@people.example")
    house.settle()
    keep_words()
    read: list[int] = []
    verified = back_search._verified
    monkeypatch.setattr(
        back_search,
        "_verified",
        lambda search, numbers, detect: read.extend(numbers) or verified(search, numbers, detect),
    )
    assert len(found(look(house.leo, "needle"))) == 1
    assert len(read) <= 1 + 8 + 7, "the needle, and the posts of parts that are not closed"


def test_a_part_is_not_closed_while_somebody_may_add_to_it(open_house: House) -> None:
    """A transaction that began before the part was full may have taken a number of it, and commit later."""
    taken, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nextval('listen_interaction_id_seq')")
            taken.set()
            go_on.wait(30)
        connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    try:
        assert taken.wait(30)
        for number in range(20):
            open_house.hear(f"Parcel {number}", author=f"p{number}@people.example")
        open_house.settle()
        assert post_words.keep_some() == 0
        assert PostPart.objects.filter(done_at=None).exists()
    finally:
        go_on.set()
        thread.join()
    assert post_words.keep_some() > 0


def test_only_the_days_that_were_asked_for(house: House) -> None:
    for _ in range(3):
        house.hear("A parcel")
    house.settle()
    second = back_search.ask(house.leo, "parcel", MONDAY + timedelta(minutes=2), MONDAY + timedelta(minutes=3))
    while jobs.look_back():
        pass
    assert [Interaction.objects.get(pk=n).external_id for n in found(second)] == ["said-2"]


def test_a_search_can_be_stopped_and_says_how_far_it_is(house: House) -> None:
    for number in range(40):
        house.hear(f"Parcel {number}", author=f"p{number}@people.example")
    house.settle()
    search = back_search.ask(house.leo, "parcel", *ALWAYS)
    for _ in range(6):
        jobs.look_back()
    search.refresh_from_db()
    assert 0 < search.percent < 100
    before = search.kept
    back_search.stop(search)
    while jobs.look_back():
        pass
    search.refresh_from_db()
    assert (search.state, search.kept) == ("cancelled", before)


def test_what_is_found_later_becomes_hits_once_and_no_rule_sees_it(house: House) -> None:
    house.hear("A parcel")
    house.settle()
    one = listening.keep(house.leo, ListeningQuery(name="Parcels", purpose="brand", text="parcel"))
    house.hear("A parcel again")
    house.settle()
    for _ in range(2):
        listening.look_back(house.leo, one.text, 400, None, one)
        while jobs.look_back():
            pass
    hits = Hit.objects.filter(query=one).order_by("interaction")
    assert list(hits.values_list("interaction__external_id", "live")) == [("said-1", False), ("said-2", True)]
    from armature.crm.decide import queries as decisions

    assert [decisions.interaction(hit.interaction_id).heard for hit in hits] == ["", "parcels"]


def test_a_fault_of_ours_ends_a_search(house: House) -> None:
    house.hear("A parcel")
    house.settle()
    search = back_search.ask(house.leo, "the", *ALWAYS)
    from armature.crm.listen.wanted import BackSearchTodo

    for _ in range(5):
        jobs.look_back()
        BackSearchTodo.objects.update(leased_until=None)
    search.refresh_from_db()
    assert search.state == "failed"


@pytest.mark.parametrize(
    ("text", "days", "why"), [("the", 30, "cannot be read"), ("parcel", 0, "days"), ("parcel", 401, "days")]
)
def test_what_cannot_be_looked_for_is_refused(house: House, text: str, days: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        listening.look_back(house.leo, text, days, None)

"""What queries hear in what comes in: kept with the batch, known to rules, and live in every worker at once."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm import lease, process, rows
from armature.crm.act import aside, assigning, endings, listening
from armature.crm.act.work import Refused
from armature.crm.decide import queries as decisions
from armature.crm.decide.models import Wait
from armature.crm.listen import back_search, copies, hits, matching
from armature.crm.listen.models import Interaction, Unopened
from armature.crm.listen.wanted import Hit, ListeningQuery
from armature.crm.understand import language
from house import House

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def wants(house: House, text: str, name: str = "Parcels", **more: Any) -> ListeningQuery:
    """A query that Leo made."""
    one = ListeningQuery(name=name, text=text, **{"purpose": "brand", **more})
    return listening.keep(house.leo, one)


def heard(house: House, one: ListeningQuery) -> list[str]:
    """What it heard, in the order of its coming."""
    house.settle()
    return list(
        Hit.objects.filter(query=one).order_by("interaction").values_list("interaction__external_id", flat=True)
    )


def test_what_comes_in_is_found_and_points_back(house: House) -> None:
    one = wants(house, 'parcel NEAR/3 broken -"all fine"')
    house.hear("My parcel is broken!")
    house.hear("The parcel was broken, now all fine.")
    house.hear("Broken in two: the ΠΑΡCEL, sorry, Parcel.", subject="About a parcel")
    assert heard(house, one) == ["said-1", "said-3"]
    hit = Hit.objects.select_related("interaction").get(interaction__external_id="said-1")
    assert hit.places == [3, 9, 13, 19]
    assert [hit.interaction.text[a:b] for a, b in ((3, 9), (13, 19))] == ["parcel", "broken"]
    assert (hit.version, hit.live, hit.at) == (1, True, hit.interaction.occurred_at)


def test_the_subject_is_heard_too(house: House) -> None:
    one = wants(house, "refund")
    house.hear("Please!", subject="Refund")
    assert heard(house, one) == ["said-1"]
    assert Hit.objects.get().places == [0, 6]
    assert matching.begin_of_text("Refund") == len(matching.words_of("Refund", "x")) - 1


def test_a_changed_query_is_live_with_the_next_batch(house: House) -> None:
    one = wants(house, "parcel")
    house.hear("A parcel.")
    assert heard(house, one) == ["said-1"]
    one = listening.keep(house.leo, one, text="letter")
    house.hear("A parcel.")
    house.hear("A letter.")
    assert heard(house, one) == ["said-1", "said-3"]
    assert Hit.objects.get(interaction__external_id="said-3").version == 2
    one = listening.keep(house.leo, one, active=False)
    house.hear("A letter.")
    assert heard(house, one) == ["said-1", "said-3"]


def test_a_query_changed_behind_our_back_is_seen_too(house: House) -> None:
    """The database itself says that something changed: nobody can forget to."""
    one = wants(house, "parcel")
    matching.current()
    ListeningQuery.objects.filter(pk=one.pk).update(text="letter")
    house.hear("A letter.")
    assert heard(house, one) == ["said-1"]


def test_what_did_not_change_is_not_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(house, "parcel")
    wants(house, "letter", "Letters")
    matching.current()
    read: list[str] = []
    monkeypatch.setattr(matching, "parse", lambda text, parse=matching.parse: read.append(text) or parse(text))
    matching.current()
    wants(house, "stamp", "Stamps")
    matching.current()
    matching.current()
    assert read == ["stamp"]


def test_a_query_of_a_brand_hears_only_that_brand(house: House) -> None:
    mine = wants(house, "parcel", "Mine", brand=house.brand)
    other = house.brand.__class__.objects.create(key="other", name="Other")
    theirs = wants(house, "parcel", "Theirs", brand=other)
    house.hear("A parcel.")
    assert (heard(house, mine), heard(house, theirs)) == (["said-1"], [])


def test_a_language_is_what_the_source_says_else_what_the_words_look_like(house: House) -> None:
    one = wants(house, "paket lang:de")
    house.hear("Das Paket ist kaputt und ich bin nicht zufrieden.")
    house.hear("Das Paket ist kaputt und ich bin nicht zufrieden.", language="nl")
    house.hear("Paket", language="de-AT")
    assert heard(house, one) == ["said-1", "said-3"]


def test_a_place_is_what_sort_of_place_the_channel_is(house: House) -> None:
    mails, letters = wants(house, "parcel place:email"), wants(house, "parcel place:letter", "Letters")
    house.hear("My parcel is broken.")
    assert (heard(house, mails), heard(house, letters)) == (["said-1"], [])
    ahead = back_search.ask(house.leo, "parcel place:letter OR broken place:email", *ALWAYS)
    house.settle()
    assert [hit.interaction.external_id for hit in ahead.hits.all()] == ["said-1"]


def test_rules_know_which_queries_heard_it(house: House) -> None:
    wants(house, "parcel", "Our parcels")
    wants(house, "broken", "Damage", purpose="signal")
    house.hear("My parcel is broken.")
    house.hear("Good morning.", author="b@people.example")
    house.settle()
    first, second = Interaction.objects.order_by("id")
    from armature.arm import listen

    assert listen.said(decisions.interaction(first.pk))["heard"] == " damage our_parcels "
    assert listen.said(decisions.interaction(second.pk))["heard"] == "  "


def test_names_are_kept_apart_and_bad_queries_refused(house: House) -> None:
    wants(house, "parcel")
    with pytest.raises(Refused, match="of this name"):
        wants(house, "letter", "PARCELS!")
    with pytest.raises(Refused, match="cannot be read"):
        wants(house, "the", "Everything")
    with pytest.raises(Refused, match="needs a letter"):
        wants(house, "letter", "!!!")


def _statements(act: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [re.sub(r'"s\d+_x\d+"', "", query["sql"].split("(")[0][:60]) for query in captured]


def test_a_batch_costs_the_same_however_large_it_is(house: House) -> None:
    wants(house, "parcel")
    wants(house, "broken lang:en", "Damage")
    taken = []
    for size in (2, 1, 10, 200):
        for _ in range(size):
            house.hear("My parcel is broken.", author=f"{house.said}@people.example")
        opened = lease.claim(Unopened, size)
        taken.append(_statements(lambda opened=opened: process.arrive(opened)))
    assert taken[1] == taken[2] == taken[3]
    assert Hit.objects.count() == 2 * 213


def test_without_queries_a_batch_costs_one_small_question(house: House) -> None:
    house.hear("My parcel is broken.")
    statements = _statements(lambda: process.arrive(lease.claim(Unopened, 1)))
    assert [one for one in statements if "listen_hit" in one] == []
    assert len([one for one in statements if "SELECT" in one and "stamp" in one.lower()]) <= 1
    assert _statements(lambda: hits.find([], language.detect)).__len__() == 1


def test_near_copies_and_shares_are_counted_with_the_first(house: House) -> None:
    wants(house, "tent")
    said = "The new Ridge tent leaks at the seams after two nights of rain, what a shame for the price"
    first = house.hear(said)
    house.hear(f"RT @ann: {said} https://social.example/ann/1", author="b@people.example")
    house.hear(said.replace("shame", "shame!!") + " #camping", author="c@people.example")
    house.settle()
    house.hear(said.upper(), author="d@people.example")
    other = house.hear("The new Ridge tent is dry and light, we love it and take it everywhere we go this summer")
    house.hear("A tent", author="e@people.example")
    house.hear("The tent", author="f@people.example")
    house.hear("a TENT!", author="g@people.example")
    house.settle()
    copies = dict(Hit.objects.values_list("interaction__external_id", "copy_of__interaction__external_id"))
    assert [copies[f"said-{n}"] for n in range(1, 9)] == [None, first, first, first, None, None, None, "said-6"]
    assert other == "said-5"


def test_the_case_of_noise_needs_no_response_and_is_open_again_when_it_was_none(house: House) -> None:
    one = wants(house, "parcel")
    house.hear("Parcel adverts, cheap!")
    house.settle()
    hit = Hit.objects.get()
    assert aside.set_aside(house.mona, one, hit.pk, "an advert")
    case = house.case()
    assert (case.status, case.reason, case.asks) == ("no_response", "Noise: an advert", "")
    assert not Wait.objects.filter(conversation=case.conversation_id, state="open").exists()
    aside.take_back(house.mona, one, hit.pk)
    assert house.case().status in ("new", "open")


@pytest.mark.parametrize("more", ["said more", "taken", "ended"])
def test_what_is_more_than_noise_stays_as_it_is(house: House, more: str) -> None:
    one = wants(house, "parcel")
    first = house.hear("Parcel adverts, cheap!")
    house.settle()
    if more == "said more":
        house.hear("And where is mine?", in_reply_to=first)
        house.settle()
    elif more == "taken":
        assigning.claim(house.mona, house.case())
    else:
        endings.end(house.mona, house.case(), how="spam")
    before = house.case()
    assert not aside.set_aside(house.mona, one, Hit.objects.order_by("pk")[0].pk, "an advert")
    after = house.case()
    assert (after.pk, after.status, after.reason) == (before.pk, before.status, before.reason)
    aside.take_back(house.mona, one, Hit.objects.order_by("pk")[0].pk)
    assert house.case().status == before.status


def test_what_other_queries_found_is_not_looked_at_for_copies(house: House) -> None:
    wants(house, "tent")
    wants(house, "rain", "Rain")
    house.hear("The new Ridge tent leaks at the seams after two nights of rain")
    house.settle()
    one, other = (set(bands) for bands in Hit.objects.values_list("bands", flat=True))
    assert len(one) == len(other) == 4
    assert not one & other


MANY_HITS = """INSERT INTO listen_hit
        (query_id, interaction_id, at, places, version, live, likeness, bands, copy_of_id)
    SELECT CASE WHEN n < 500 THEN %s ELSE n + 1000000 END, n, now() - n * interval '1 minute', '{}', 1, true, n,
        ARRAY[n, -n], NULL
    FROM generate_series(1, 5000) AS n"""


def test_a_query_that_finds_very_much_is_looked_through_by_bands_and_not_hit_by_hit(house: House) -> None:
    one = wants(house, "tent")
    rows.run("SET LOCAL session_replication_role = replica", [])  # these hits stand for posts that are not there
    rows.run(MANY_HITS, [one.pk])
    rows.run("ANALYZE listen_hit", [])
    asked = [{"q": one.pk, "i": 1, "t": "2100-01-01T00:00:00+00:00", "h": 1, "b": [1, 2]}]
    rows.by_index()
    plan = rows.fetch(f"EXPLAIN {copies.NEAR}", [rows.as_json(asked), copies.FOR, copies.MOST_APART])
    assert "hits_alike" in str(plan) and "hits_of_query" not in str(plan), plan

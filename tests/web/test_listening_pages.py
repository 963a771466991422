"""The pages of listening: made, tried, read; nobody sees or counts what is not theirs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act import listening, restricted
from armature.crm.act.models import Case
from armature.crm.listen.models import Channel
from armature.crm.listen.wanted import BackSearch, Hit, ListeningQuery, SetAside
from house import House
from visitors import PART, stranger, visit

GIVEN = {"name": "Parcels", "purpose": "brand", "brand": "", "text": "parcel", "active": "on", "do": "keep"}


def made(house: House, **more: Any) -> ListeningQuery:
    return listening.keep(
        house.leo, ListeningQuery(**{"name": "Parcels", "purpose": "brand", "text": "parcel", **more})
    )


def hear_now(house: House, text: str, **more: Any) -> None:
    house.hear(text, occurred_at=timezone.now().isoformat(), **more)


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_query_is_made_listens_and_shows_what_it_heard(house: House) -> None:
    client = visit(house.leo)
    answer = client.post("/listening/new", GIVEN, follow=True)
    assert "It listens from now on" in answer.content.decode()
    hear_now(house, "My <b>parcel</b> is broken & wet")
    house.settle()
    shown = page(client, f"/listening/{ListeningQuery.objects.get().pk}")
    assert "My &lt;b&gt;<mark>parcel</mark>&lt;/b&gt; is broken &amp; wet" in shown
    assert f'href="/cases/open/{house.case().pk}"' in shown
    assert "1 post" in page(client, "/listening")
    case = page(client, f"/cases/open/{house.case().pk}")
    assert re.search(r'<mark class="[^"]*heard[^"]*">parcel', case)
    assert f'href="/listening/{ListeningQuery.objects.get().pk}"' in case


def test_faults_stand_where_they_are_and_nothing_is_kept(house: House) -> None:
    shown = visit(house.leo).post("/listening/new", GIVEN | {"text": "parcel or (letter"})
    words = shown.content.decode()
    assert shown.status_code == 409
    assert "Column 8:" in words and "<mark>or</mark>" in words and "Write OR in capitals" in words
    everything = visit(house.leo).post("/listening/new", GIVEN | {"text": "-jobs"}).content.decode()
    assert "it would match nearly every post" in everything
    assert not ListeningQuery.objects.exists()


def test_pickers_write_the_query(house: House) -> None:
    picked = {"all": "parcel wet*", "any": "or late", "phrase": 'out of "stock', "none": "jobs", "one": "money",
              "other": "back", "distance": "3", "language": "de", "place": "email", "author": "@anna"}  # fmt: skip
    shown = visit(house.leo).post("/listening/new", GIVEN | picked | {"do": "build"}).content.decode()
    typed = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", shown)
    assert typed is not None
    words = typed[1].replace("&quot;", '"').strip()
    assert words == (
        'parcel AND wet* AND ("or" OR late) AND "out of stock" AND money NEAR/3 back AND lang:de '
        "AND place:email AND author:anna AND NOT jobs"
    )


def test_a_query_is_tried_on_what_is_kept_before_it_is_kept(house: House) -> None:
    hear_now(house, "My parcel is broken.")
    hear_now(house, "A letter", author="b@people.example")
    house.settle()
    client = visit(house.leo)
    answer = client.post("/listening/new", GIVEN | {"do": "try", "days": "7", "text": "parcel OR letter"})
    address = answer.headers["Location"]
    assert "hx-get" in page(client, address)
    while jobs.look_back():
        pass
    shown = page(client, address)
    assert "2 posts found" in shown and "hx-get" not in shown
    assert "?text=parcel%20OR%20letter" in shown
    assert "parcel OR letter</textarea>" in page(client, "/listening/new", text="parcel OR letter")
    assert not ListeningQuery.objects.exists()
    assert visit(house.mona).get(address).status_code == 404
    refused = client.post("/listening/new", GIVEN | {"do": "try", "days": "7", "text": "the"})
    assert refused.status_code == 409


def test_a_search_is_stopped(house: House) -> None:
    client = visit(house.leo)
    client.post("/listening/new", GIVEN | {"do": "try", "days": "7"})
    search = BackSearch.objects.get()
    part = client.get(f"/listening/search/{search.pk}?part=1", headers=PART).content.decode()
    assert "Looking through" in part and "<html" not in part
    client.post(f"/listening/search/{search.pk}/stop")
    search.refresh_from_db()
    assert search.state == "cancelled"


def test_a_query_hears_later_what_was_said_before(house: House) -> None:
    hear_now(house, "My parcel is broken.")
    house.settle()
    one, client = made(house), visit(house.leo)
    assert "Nothing that you may see" in page(client, f"/listening/{one.pk}")
    client.post(f"/listening/{one.pk}/look-back", {"days": "30"})
    while jobs.look_back():
        pass
    assert "<mark>parcel</mark>" in page(client, f"/listening/{one.pk}")


def _numbers(shown: str) -> list[int]:
    return [int(n) for n in re.findall(r"(\d+) posts?[;,]", shown)]


def test_nobody_sees_or_counts_what_is_not_theirs(house: House) -> None:
    one = made(house)
    hear_now(house, "My parcel, said to support.", author="a@people.example")
    hear_now(house, "My parcel, said to sales.", author="b@people.example")
    house.settle()
    Case.objects.filter(identity__address="a@people.example").update(team="support", asks="")
    Case.objects.filter(identity__address="b@people.example").update(team="sales", asks="")
    sam = stranger("sales")
    shown = page(visit(sam), f"/listening/{one.pk}")
    assert "said to sales" in shown and "said to support" not in shown
    assert set(_numbers(shown)) == {1}
    assert set(_numbers(page(visit(house.leo), f"/listening/{one.pk}"))) == {2}
    search = listening.look_back(sam, "parcel", 30, None)
    while jobs.look_back():
        pass
    shown = page(visit(sam), f"/listening/search/{search.pk}")
    assert "1 post found" in shown and "said to support" not in shown


def test_a_restricted_case_is_not_counted(house: House) -> None:
    one = made(house)
    hear_now(house, "My parcel is secret.")
    house.settle()
    restricted.restrict(house.leo, house.case(), reason="secret")
    shown = page(visit(house.mona), f"/listening/{one.pk}")
    assert "is secret" not in shown and set(_numbers(shown)) == {0}


def test_queries_of_another_brand_are_not_there(house: House) -> None:
    other = Brand.objects.create(key="other", name="Other")
    theirs = made(house, name="Theirs", brand=other)
    user = User.objects.create_user("uma@shop.example", "Uma", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD, brand=house.brand)
    client = visit(user)
    assert "Theirs" not in page(client, "/listening")
    for address in (f"/listening/{theirs.pk}", f"/listening/{theirs.pk}/change"):
        assert client.get(address).status_code == 404
    assert client.post(f"/listening/{theirs.pk}/change", GIVEN).status_code == 404
    client.post("/listening/new", GIVEN | {"name": "All"})
    client.post("/listening/new", GIVEN | {"name": "Foreign", "brand": other.pk})
    client.post("/listening/new", GIVEN | {"name": "Mine", "brand": house.brand.pk})
    assert set(ListeningQuery.objects.values_list("name", flat=True)) == {"Theirs", "Mine"}


@pytest.mark.parametrize("who", ["mona", "nia", "olga"])
def test_only_leads_of_all_teams_change_queries(house: House, who: str) -> None:
    one = made(house)
    client = visit(getattr(house, who))
    client.post("/listening/new", GIVEN | {"name": "New"})
    client.post(f"/listening/{one.pk}/change", GIVEN | {"text": "letter"})
    client.post(f"/listening/{one.pk}/look-back", {"days": "30"})
    client.post("/listening/new", GIVEN | {"do": "try", "days": "7"})
    assert list(ListeningQuery.objects.values_list("name", "text")) == [("Parcels", "parcel")]
    assert not BackSearch.objects.exists()


def test_noise_is_set_aside_kept_and_taken_back(house: House) -> None:
    one, client = made(house), visit(house.mona)
    hear_now(house, "My parcel is noise.")
    house.settle()
    hit, address = Hit.objects.get(), f"/listening/{one.pk}"
    assert "few words why" in client.post(f"{address}/aside", {"hit": hit.pk}, follow=True).content.decode()
    client.post(f"{address}/aside", {"hit": hit.pk, "reason": "an advert"})
    assert "is noise" not in page(client, address) and set(_numbers(page(client, address))) == {0}
    noise = page(client, address, aside="1")
    assert "is noise" in noise and "an advert" in noise
    client.post(f"{address}/aside", {"hit": hit.pk, "back": "yes"})
    assert "is noise" in page(client, address) and set(_numbers(page(client, address))) == {1}
    assert SetAside.objects.get().taken_back_by == house.mona
    assert visit(house.nia).post(f"{address}/aside", {"hit": hit.pk, "reason": "x"}).status_code == 302
    assert SetAside.objects.count() == 1


def test_noise_of_others_is_not_touched(house: House) -> None:
    one = made(house)
    hear_now(house, "My parcel.")
    house.settle()
    Case.objects.update(team="support", asks="support")
    client = visit(stranger("sales"))
    assert client.post(f"/listening/{one.pk}/aside", {"hit": Hit.objects.get().pk, "reason": "x"}).status_code == 404


def test_copies_are_counted_once_and_shown(house: House) -> None:
    one, client = made(house), visit(house.leo)
    said = "The new parcel tape leaks at the seams after two nights of rain, what a shame for the price"
    for number in range(4):
        hear_now(house, f"{said} https://social.example/{number}", author=f"p{number}@people.example")
    house.settle()
    shown = page(client, f"/listening/{one.pk}")
    assert "and 3 copies" in shown and shown.count('id="hit-') == 1 and set(_numbers(shown)) == {1}


def test_hits_are_paged_without_gap_or_repeat(house: House) -> None:
    one, client = made(house), visit(house.leo)
    for number in range(70):
        house.hear(f"parcel number{number}", author=f"p{number}@people.example")
    house.settle()
    seen: list[str] = []
    address = f"/listening/{one.pk}"
    while address:
        shown = page(client, address)
        seen += re.findall(r"number(\d+)", shown)
        further = re.search(r'href="(\?[^"]*after=[^"]+)"', shown)
        address = f"/listening/{one.pk}{further[1].replace('&amp;', '&')}" if further else ""
    assert seen == [str(number) for number in reversed(range(70))]
    assert client.get(f"/listening/{one.pk}?after=x").status_code == 404


def test_share_of_voice_and_sources(house: House) -> None:
    one = made(house)
    made(house, name="Rival", purpose="competitor", text="rival")
    made(house, name="Anger", purpose="signal", text="angry")
    hear_now(house, "parcel")
    for number in range(3):
        hear_now(house, f"rival number {number} and more words so that none copies", author=f"{number}@people.example")
    house.settle()
    shown = page(visit(house.leo), f"/listening/{one.pk}")
    voices = shown.partition("Share of voice")[2].partition("</section>")[0]
    assert re.findall(r"<bdi>(\w+)</bdi>", voices) == ["Rival", "Parcels"] and "Anger" not in voices
    assert "this query" in voices and "25 %" in voices
    assert "Mailbox" in shown.partition("Sources")[2]


def test_pages_cost_the_same_however_much_was_heard(house: House, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one, client = made(house), visit(house.leo)
    costs = []
    for size in (3, 30):
        for number in range(size):
            hear_now(house, f"parcel {size} {number}", author=f"{size}-{number}@people.example")
            made(house, name=f"More {size} {number}", text="letter")
        house.settle()
        costs.append([])
        for address in ("/listening", f"/listening/{one.pk}"):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            costs[-1].append(len(captured))
    assert costs[0] == costs[1]


def test_days_are_those_of_the_company(house: House) -> None:
    from armature.crm.act import heard

    one = made(house)
    house.hear("parcel", occurred_at="2026-03-01T23:30:00+00:00")
    house.settle()
    day = timezone.datetime(2026, 3, 2).date()
    there = heard.volumes(house.leo, [one.pk], day - timedelta(days=2), day, "Europe/Oslo")[one.pk].days
    assert there[day] == 1
    assert sum(there.values()) == 1
    assert Channel.objects.count() == 1 and Team.objects.exists()


def test_a_query_is_tried_before_it_has_a_name(house: House) -> None:
    words = visit(house.leo).post("/listening/new", {"do": "try", "days": "7", "text": "(the"}).content.decode()
    assert "The query cannot be read yet" in words
    assert "This field is required" not in words
    page = visit(house.leo).get("/listening/new").content.decode()
    assert 'value="try" formnovalidate' in page

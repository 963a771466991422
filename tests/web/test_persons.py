"""Persons and companies: one timeline over all channels, facts with sources, and nobody sees whom they may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, User
from armature.crm.act import approvals, notes, persons, restricted, timeline
from armature.crm.act.models import Case
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Company, Fact, Identity, Person, Purchase
from house import MONDAY, House
from visitors import stranger, to_approve, to_judge, visit


def ingrid(house: House) -> Person:
    """A customer with an answer, a purchase, two notes, a fact and a second address."""
    response = to_approve(house, "We are sorry, Ingrid.")
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    notes.add_note(house.mona, response.case, text="She called twice.")
    identity = Identity.objects.get(pk=response.case.identity_id)
    person = identify.person_of(identity.pk)
    Identity.objects.create(network="mastodon", address="@ingrid@social.example", person=person)
    persons.note(house.mona, person, "Prefers mail.")
    buy(identity, "A-1", 3)
    Fact.objects.create(
        identity=identity, kind="last_product", value="Boots", source="the shop", verified=True, observed_at=MONDAY
    )
    return person


def buy(identity: Identity, order: str, days: int, what: str = "Ridge boots") -> None:
    """The shop says that they bought something so many days before."""
    identify.keep_purchases([{
        "identity": identity.pk, "source": "the shop", "order_number": order, "what": what, "currency": "EUR",
        "at": (MONDAY - timedelta(days=days)).isoformat(), "amount": "129.50",
    }])  # fmt: skip


def kinds(user: User, person: Person) -> list[str]:
    """What a user sees in the timeline, latest first."""
    return [event.kind for event in timeline.page(user, list(person.identities.all()))[0]]


def test_one_timeline_holds_what_they_said_what_we_answered_what_we_noted_and_what_they_bought(house: House) -> None:
    person = ingrid(house)
    assert sorted(kinds(house.mona, person)) == ["about", "in", "note", "out", "purchase"]
    page = visit(house.mona).get(f"/people/{person.pk}").content.decode()
    for words in ("My parcel is broken.", "We are sorry, Ingrid.", "She called twice.", "Prefers mail.", "Ridge boots",
                  "129.50 EUR", "Last product bought",
                      "Boots", "the shop, 2 Mar 2026", "@ingrid@social.example"):  # fmt: skip
        assert words in page, words


def test_the_timeline_is_paged_without_a_gap_or_a_double_also_at_one_moment(house: House) -> None:
    person = ingrid(house)
    identity = person.identities.get(network="email")
    for number in range(40):
        buy(identity, f"B-{number}", number // 4)
        persons.note(house.mona, person, f"Note {number}")
    identities = list(person.identities.all())
    seen: list[tuple[str, int]] = []
    after, pages = "", 0
    while True:
        events, after = timeline.page(house.mona, identities, after)
        seen += [(one.kind, one.number) for one in events]
        pages += 1
        if not after:
            break
    assert pages == 3
    assert len(seen) == len(set(seen)) == 3 + 41 + 41


def test_another_channel_stands_in_the_same_timeline(house: House) -> None:
    person = ingrid(house)
    house.hear("Hello from here.", author="@ingrid@social.example", network="mastodon")
    house.settle()
    Identity.objects.filter(address="@ingrid@social.example").update(person=person)
    page = visit(house.mona).get(f"/people/{person.pk}").content.decode()
    assert "Hello from here." in page and "My parcel is broken." in page


def test_only_what_stands_in_cases_they_may_see_is_shown(house: House) -> None:
    person = ingrid(house)
    house.hear("A word about my lawyer.", author="ingrid@people.example", external_id="own")
    house.settle()
    case = Case.objects.get(conversation__interaction__external_id="own")
    restricted.restrict(house.leo, case)
    assert kinds(house.leo, person).count("in") == 2
    assert kinds(house.mona, person).count("in") == 1
    assert "lawyer" not in visit(house.mona).get(f"/people/{person.pk}").content.decode()


def test_who_sees_no_case_of_somebody_does_not_find_them(house: House) -> None:
    person = ingrid(house)
    persons.change(house.mona, person, name="Ingrid", company="Nord AS")
    company, identity = Company.objects.get(), person.identities.get(network="email")
    for other in (house.olga, stranger()):
        client = visit(other)
        for address in (f"/people/{person.pk}", f"/people/at/{identity.pk}", f"/companies/{company.pk}"):
            assert client.get(address).status_code == 404, address
        for address in (f"/people/{person.pk}/note", f"/people/{person.pk}/keep", f"/companies/{company.pk}/keep"):
            assert client.post(address, {"text": "x", "name": "x"}).status_code == 404, address
        assert "ngrid" not in client.get("/people").content.decode()
        assert "ngrid@" not in client.get("/people?q=ingrid").content.decode()
    assert Person.objects.get().name == "Ingrid"


@pytest.mark.parametrize("words", ["ingrid@people", "Ingri", "jens", "INGRID@people.example", "ingrid jensen"])
def test_people_are_found_by_the_beginnings_of_their_name_or_address(house: House, words: str) -> None:
    to_judge(house, name="Ingrid Jensen")
    to_judge(house, author="bo@people.example", name="Bo")
    page = visit(house.mona).get("/people", {"q": words}).content.decode()
    assert "ingrid@people.example" in page and "bo@people.example" not in page


@pytest.mark.parametrize("words", ["'", "\\", "a' | 'b", ":*", "&", "!", "''':*", "\x00", "  ", "(", "<->", "%s %(x)s"])
def test_signs_in_a_search_mean_nothing(house: House, words: str) -> None:
    to_judge(house)
    assert visit(house.mona).get("/people", {"q": words}).status_code == 200


def test_somebody_nobody_answered_has_a_page_and_can_be_kept(house: House) -> None:
    identity = to_judge(house).identity
    client = visit(house.mona)
    assert "nobody we have answered yet" in client.get(f"/people/at/{identity.pk}").content.decode()
    kept = client.post(f"/people/at/{identity.pk}/keep")
    person = Person.objects.get()
    assert kept.headers["Location"] == f"/people/{person.pk}"
    assert client.get(f"/people/at/{identity.pk}").headers["Location"] == f"/people/{person.pk}"


def test_names_and_companies_are_kept_and_logged(house: House) -> None:
    person = ingrid(house)
    client = visit(house.mona)
    client.post(f"/people/{person.pk}/keep", {"name": "Ingrid B", "company": "Nord AS"})
    client.post(f"/people/{person.pk}/keep", {"name": "Ingrid B", "company": "NORD as"})
    company = Company.objects.get()
    assert "Ingrid B" in client.get(f"/companies/{company.pk}").content.decode()
    client.post(f"/companies/{company.pk}/keep", {"name": "Nord", "website": "https://nord.example"})
    assert 'href="https://nord.example"' in client.get(f"/companies/{company.pk}").content.decode()
    client.post(f"/companies/{company.pk}/keep", {"name": "Nord", "website": "javascript:alert(1)"})
    assert Company.objects.get().website == "https://nord.example"
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"changed a person", "changed a company", "noted about a person"} <= verbs


def test_who_only_drafts_reads_but_does_not_change(house: House) -> None:
    person = ingrid(house)
    with pytest.raises(NotAllowed):
        persons.change(house.nia, person, name="x", company="")
    with pytest.raises(NotAllowed):
        persons.note(house.nia, person, "x")
    with pytest.raises(Refused):
        persons.note(house.mona, person, "  ")
    assert "Keep the note" not in visit(house.nia).get(f"/people/{person.pk}").content.decode()


def test_an_order_that_changes_is_written_over(house: House) -> None:
    identity = to_judge(house).identity
    buy(identity, "A-1", 3)
    buy(identity, "A-1", 3, "Ridge boots, size 39")
    assert [one.what for one in Purchase.objects.all()] == ["Ridge boots, size 39"]


@pytest.mark.parametrize("after", ["x", "1_2", "1_2_x", f"{9**30}_1_1", "1_1_1_1", "²_1_1"])
def test_a_place_that_is_none_is_not_there(house: House, after: str) -> None:
    person = ingrid(house)
    assert visit(house.mona).get(f"/people/{person.pk}", {"after": after}).status_code == 404


def test_pages_cost_the_same_however_much_there_is(house: House) -> None:
    person = ingrid(house)
    addresses = (f"/people/{person.pk}", "/people", "/people?q=ingrid")
    client = visit(house.mona)
    few = {address: _cost(client, address) for address in addresses}
    for number in range(10):
        house.hear(f"Again {number}", author="ingrid@people.example")
        house.hear("Hello", author=f"ingrid{number}@people.example", name="Ingrid")
        buy(person.identities.get(network="email"), f"C-{number}", number)
    house.settle()
    assert {address: _cost(client, address) for address in addresses} == few
    assert max(few.values()) <= 25


def _cost(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)

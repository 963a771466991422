"""Two persons are one, or one is two: seen side by side first, kept in the log, and undone for thirty days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import persons, restricted, same_person, timeline
from armature.crm.act.models import Case
from armature.crm.identify.models import Fact, Identity, Merge, Person
from house import MONDAY, House
from visitors import stranger, to_judge, visit


def _known(house: House, address: str, name: str) -> Person:
    case = to_judge(house, f"This is {name}.", author=address, name=name)
    return persons.know(house.mona, case.identity)


@pytest.fixture
def two(house: House) -> tuple[Person, Person]:
    """Ingrid by mail, and Ingrid from somewhere else with a fact and a note."""
    kept, gone = _known(house, "ingrid@people.example", "Ingrid"), _known(house, "inga@people.example", "Inga")
    Fact.objects.create(identity=gone.identities.get(), kind="tier", value="gold", source="the shop", verified=True,
                        observed_at=MONDAY)  # fmt: skip
    persons.note(house.mona, gone, "Prefers mail.")
    return kept, gone


def _said(house: House, person: Person) -> set[str]:
    return {event.text for event in timeline.page(house.mona, list(person.identities.all()))[0]}


def test_both_stand_side_by_side_and_one_click_makes_them_one(house: House, two: tuple[Person, Person]) -> None:
    kept, gone = two
    client = visit(house.mona)
    assert f"?with={gone.pk}" in client.get(f"/people/{kept.pk}/same", {"q": "inga"}).content.decode()
    page = client.get(f"/people/{kept.pk}/same", {"with": gone.pk}).content.decode()
    for words in ("ingrid@people.example", "inga@people.example", "They are one person"):
        assert words in page
    page = client.post(f"/people/{kept.pk}/join", {"with": gone.pk}, follow=True).content.decode()
    assert "They are one person now." in page
    for words in ("This is Ingrid.", "This is Inga.", "Prefers mail.", "the shop"):
        assert words in page, words
    assert client.get(f"/people/{gone.pk}").headers["Location"] == f"/people/{kept.pk}"
    assert set(Case.objects.values_list("person", flat=True)) == {kept.pk}
    assert AuditEntry.objects.filter(verb="joined persons", subject=f"person {gone.pk}").exists()


def test_a_wrong_join_is_undone_to_the_letter(house: House, two: tuple[Person, Person]) -> None:
    kept, gone = two
    before = {p.pk: (_said(house, p), list(p.notes.values_list("text", flat=True))) for p in two}
    merge = same_person.join(house.mona, kept, gone)
    assert _said(house, kept) == before[kept.pk][0] | before[gone.pk][0]
    visit(house.mona).post(f"/people/joined/{merge.pk}/undo")
    assert {p.pk: (_said(house, p), list(p.notes.values_list("text", flat=True))) for p in two} == before
    assert {case.person_id for case in Case.objects.all()} == {kept.pk, gone.pk}
    with pytest.raises(Refused, match="undone already"):
        same_person.undo(house.mona, Merge.objects.get())


def test_after_thirty_days_it_stands(house: House, two: tuple[Person, Person]) -> None:
    merge = same_person.join(house.mona, *two)
    Merge.objects.update(at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused, match="30 days"):
        same_person.undo(house.mona, Merge.objects.get())
    assert same_person.merges_of(merge.kept) == []


def test_an_address_of_somebody_else_becomes_a_person_of_its_own(house: House, two: tuple[Person, Person]) -> None:
    kept, gone = two
    same_person.join(house.mona, kept, gone)
    address = Identity.objects.get(address="inga@people.example")
    visit(house.mona).post(f"/people/{kept.pk}/split", {"identity": address.pk})
    address.refresh_from_db()
    assert address.person_id not in (None, kept.pk)
    assert Case.objects.get(identity=address).person_id == address.person_id
    with pytest.raises(Refused, match="only address"):
        same_person.split(house.mona, kept, kept.identities.get())
    with pytest.raises(Refused, match="same person already"):
        same_person.join(house.mona, kept, kept)


def test_who_does_not_work_on_cases_of_both_cannot_join_them(house: House, two: tuple[Person, Person]) -> None:
    kept, gone = two
    with pytest.raises(NotAllowed):
        same_person.join(house.nia, kept, gone)
    assert visit(house.nia).post(f"/people/{kept.pk}/join", {"with": gone.pk}).status_code == 302
    sales = stranger()
    assert visit(sales).post(f"/people/{kept.pk}/join", {"with": gone.pk}).status_code == 404
    restricted.restrict(house.leo, Case.objects.get(identity__person=gone), readers=[house.leo])
    assert visit(house.mona).post(f"/people/{kept.pk}/join", {"with": gone.pk}).status_code == 404
    assert not Merge.objects.exists()


def test_joining_shows_nobody_a_case_that_was_not_theirs(house: House, two: tuple[Person, Person]) -> None:
    kept, gone = two
    restricted.restrict(house.leo, Case.objects.get(identity__person=gone), readers=[house.leo])
    same_person.join(house.leo, kept, gone)
    page = visit(house.mona).get(f"/people/{kept.pk}").content.decode()
    assert "This is Ingrid." in page
    assert "This is Inga." not in page

"""Several maps side by side: one starts from the library, is published, and is in force where somebody says so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.decide import assigning, drafts, library, publishing, versions, waits
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement, MapAssignment, Wait
from armature.crm.listen.models import Channel
from house import House

pytestmark = pytest.mark.django_db


def _published(anna: User, key: str = "assessment", name: str = "What is said about us") -> str:
    shipped = library.shipped(key)
    assert shipped is not None
    draft = library.start(anna, shipped, name)
    publishing.publish(anna, list(Draft.objects.order_by("id")), "From the library")
    return draft.key


@pytest.mark.parametrize("key", [one.key for one in library.LIBRARY])
def test_every_map_of_the_library_is_fit_to_be_published_as_it_ships(anna: User, key: str) -> None:
    assert _published(anna, key) == "what-is-said-about-us"
    assert versions.newest_maps()["what-is-said-about-us"].version == 1


def test_only_tables_that_are_missing_are_begun(anna: User) -> None:
    _published(anna)
    again = library.shipped("assessment")
    assert again is not None
    library.start(anna, again, "What is said about us")
    assert [(one.kind, one.key) for one in Draft.objects.all()] == [("map", "what-is-said-about-us-2")]


def test_letting_something_stand_is_an_outcome_with_its_reason(house: House, anna: User) -> None:
    assigning.assign(anna, _published(anna))
    house.hear("They are all clowns.", author="troll@people.example")
    house.settle()
    wait = Wait.objects.get(state="open")
    assert (wait.form, wait.element) == ("intent", "Evaluate")
    waits.answer(wait.pk, {"intent": "spam", "judged_by_person": True})
    house.settle()
    end = Judgement.objects.latest("id")
    assert (end.element, end.outcome, end.reason) == ("LetStand", "no_response", "spam: let stand")


def test_the_most_exact_word_decides_and_the_others_are_shown_as_overruled(house: House, anna: User) -> None:
    key = _published(anna)
    second = Channel.objects.create(kind="demo", place="blog", address="b", name="Blog", brand=house.brand)
    brand_word = assigning.assign(anna, "reactive", brand=house.brand)
    assigning.assign(anna, key, channel=second)
    with CaptureQueriesContext(connection) as captured:
        found = {one.channel.name: one for one in assigning.wheres()}
    assert len(captured) == 2
    assert found["Blog"].decides is not None and found["Blog"].decides.map.key == key
    assert found["Blog"].overruled[0] == brand_word and len(found["Blog"].overruled) == 2
    assert found["Mailbox"].decides == brand_word
    assigning.end(anna, brand_word)
    assert MapAssignment.objects.count() == 2
    with pytest.raises(Refused, match="everything else"):
        assigning.end(anna, MapAssignment.objects.get(brand=None, channel=None))


def test_of_a_brand_its_own_word_holds_and_never_one_for_a_single_channel(house: House, anna: User) -> None:
    key = _published(anna)
    reactive = versions.for_the_rest()
    assigning.assign(anna, key, channel=house.mailbox)
    assert versions.for_brand(house.brand.pk) == reactive
    word = assigning.assign(anna, key, brand=house.brand)
    assert (versions.for_brand(house.brand.pk), versions.for_the_rest()) == (word.map, reactive)


def test_a_map_that_was_never_published_cannot_be_in_force_and_not_everybody_decides(house: House, anna: User) -> None:
    shipped = library.shipped("assessment")
    assert shipped is not None
    draft = library.start(house.leo, shipped, "Mine")
    with pytest.raises(Refused, match="Publish"):
        assigning.assign(anna, draft.key)
    with pytest.raises(NotAllowed):
        assigning.assign(house.leo, "reactive", brand=house.brand)
    with pytest.raises(NotAllowed):
        library.start(house.mona, shipped, "Mine")
    with pytest.raises(Refused, match="name"):
        library.start(house.leo, shipped, " \x00 ")
    drafts.give_up(house.leo, draft)

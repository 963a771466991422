"""A draft goes back change by change, over the last of its wordings, and never over what somebody else drew."""

import pytest

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.decide import drafts, drawing
from armature.crm.decide.drawn import Draft, DraftBefore
from house import House

pytestmark = pytest.mark.django_db


def _draft(house: House) -> Draft:
    return drafts.begin(house.leo, "map", "ours", name="Ours", body="0")


def test_changes_are_taken_back_one_after_the_other(house: House) -> None:
    draft = _draft(house)
    for body in ("1", "2", "3"):
        draft = drafts.keep(house.leo, draft, body, revision=draft.revision)
    for body in ("2", "1", "0"):
        draft = drafts.undo(house.leo, draft, revision=draft.revision)
        assert draft.body == body
    with pytest.raises(Refused, match="no change"):
        drafts.undo(house.leo, draft, revision=draft.revision)


def test_only_the_last_wordings_are_kept_and_go_with_their_draft(house: House) -> None:
    draft = _draft(house)
    for number in range(drafts.KEPT + 5):
        draft = drafts.keep(house.leo, draft, str(number), revision=draft.revision)
    assert DraftBefore.objects.count() == drafts.KEPT
    drafts.give_up(house.leo, draft)
    assert not DraftBefore.objects.exists()


def test_nobody_takes_back_what_another_drew_unseen_or_without_the_right(house: House) -> None:
    draft = _draft(house)
    drafts.keep(house.leo, draft, "1", revision=draft.revision)
    with pytest.raises(drafts.DrawnMeanwhile):
        drafts.undo(house.leo, draft, revision=draft.revision)
    with pytest.raises(NotAllowed):
        drafts.undo(house.mona, draft, revision=2)
    assert Draft.objects.get().body == "1"


def test_a_change_that_changes_nothing_is_no_wording(house: House) -> None:
    from armature.crm.decide import versions

    body = versions.newest_maps()["reactive"].body
    draft = drafts.begin(house.leo, "map", "reactive", name="", body=body)
    after, given = drawing.change(house.leo, draft, draft.revision, lambda one: one.map.name)
    assert (after.revision % 1_000, given) == (1, "Reactive ARM process")
    assert not DraftBefore.objects.exists()

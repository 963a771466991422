"""A restricted case stays restricted when cases are split, merged, given to somebody or marked."""

import pytest

from armature.crm.accounts.models import Membership, Team
from armature.crm.act import bulk, joining, marking, queries, restricted
from armature.crm.act.models import Case, Reader, Restriction
from armature.crm.act.work import Refused
from armature.crm.listen.models import Interaction
from house import House
from visitors import stranger, to_answer, to_judge, visit


def _two(house: House) -> tuple[Case, Case]:
    first = to_answer(house, text="The zeppelin is mine.")
    house.hear("It is about the tent.")
    house.settle()
    return first, house.case()


def _seen(house: House) -> int:
    return queries.cases_for(house.mona).count()


def test_what_is_split_off_is_restricted_for_the_same_people(house: House) -> None:
    first = house.hear("My lawyer has seen the zeppelin.")
    house.hear("It was mine.", in_reply_to=first)
    house.settle()
    case = house.case()
    restricted.restrict(house.leo, case, reason="a lawsuit")
    last = Interaction.objects.filter(conversation=case.conversation_id).latest("id")
    new = joining.split(house.leo, case, said=[last.pk])
    assert not queries.cases_for(house.mona).filter(pk=new.pk).exists()
    assert queries.cases_for(house.leo).filter(pk=new.pk).exists()


@pytest.mark.parametrize("which", [0, 1])
def test_a_restricted_case_and_one_that_is_not_are_never_merged(house: House, which: int) -> None:
    both = _two(house)
    restricted.restrict(house.leo, both[which])
    with pytest.raises(Refused, match="restricted"):
        joining.merge(house.leo, both[0], into=both[1])


def test_words_of_a_merged_case_go_when_it_is_restricted(house: House) -> None:
    first, second = _two(house)
    joining.merge(house.leo, first, into=second)
    assert "zeppelin" in visit(house.mona).get(f"/cases/open/{second.pk}").content.decode()
    restricted.restrict(house.leo, first)
    assert "zeppelin" not in visit(house.mona).get(f"/cases/open/{second.pk}").content.decode()
    assert "zeppelin" in visit(house.leo).get(f"/cases/open/{second.pk}").content.decode()


def test_with_a_case_goes_what_was_merged_into_it(house: House) -> None:
    first, second = _two(house)
    joining.merge(house.leo, first, into=second)
    restricted.restrict(house.leo, second)
    assert _seen(house) == 0
    restricted.name(house.leo, second, house.mona)
    assert _seen(house) == 2
    restricted.unname(house.leo, second, house.mona)
    assert _seen(house) == 0
    restricted.lift(house.leo, second)
    assert not Restriction.objects.exists()


def test_a_restriction_of_its_own_stays_when_that_of_the_other_is_lifted(house: House) -> None:
    both = _two(house)
    for one in both:
        restricted.restrict(house.leo, one)
    joining.merge(house.leo, both[0], into=both[1])
    restricted.lift(house.leo, both[1])
    assert not queries.cases_for(house.mona).filter(pk=both[0].pk).exists()


def test_what_was_restricted_before_it_was_carried_keeps_its_own_readers(house: House) -> None:
    first, second = _two(house)
    restricted.restrict(house.leo, first, readers=[house.mona])
    restricted.restrict(house.leo, second)
    joining.merge(house.leo, first, into=second)
    restricted.lift(house.leo, second)
    restricted.restrict(house.leo, second, readers=[house.nia])
    readers = Reader.objects.filter(restriction__conversation=first.conversation_id)
    assert {one.user for one in readers} == {house.leo, house.mona}


def test_nobody_takes_a_merge_apart_of_which_they_see_one_half(house: House) -> None:
    first, second = _two(house)
    link = joining.merge(house.leo, first, into=second)
    restricted.restrict(house.leo, first)
    assert visit(house.mona).post(f"/merge/{link.pk}/undo").status_code == 404
    first.refresh_from_db()
    assert first.merged_into_id == second.pk


def test_who_followed_a_case_of_a_team_they_left_is_not_named(house: House) -> None:
    case, sam = to_judge(house, "The zeppelin."), stranger()
    Membership.objects.filter(user=sam).update(team=None)
    marking.follow(sam, case)
    Membership.objects.filter(user=sam).update(team=Team.objects.get(key="sales"))
    restricted.restrict(house.leo, case)
    assert not queries.cases_for(sam).filter(pk=case.pk).exists()


def test_many_at_once_are_not_given_to_who_could_not_see_them(house: House) -> None:
    case = to_judge(house, "The zeppelin.")
    restricted.restrict(house.leo, case)
    job = bulk.ask(house.leo, deed="assign", values={"to": house.mona.pk}, chosen=queries.cases_for(house.leo))
    house.settle()
    case.refresh_from_db()
    assert case.assignee_id is None
    assert "restricted" in job.items.get().words

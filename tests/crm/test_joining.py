"""Two cases become one and one becomes two: no message is lost, nothing waits twice, and both sides show it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import commands, endings, joining, marking, notes, queries, responses
from armature.crm.act.models import Case, CaseLink, Mention, Response
from armature.crm.act.work import Refused
from armature.crm.decide.models import Judgement, Wait
from armature.crm.listen.models import Interaction
from house import House
from test_endings import broken
from visitors import stranger, to_answer, to_judge


def _two(house: House) -> tuple[Case, Case]:
    first = to_answer(house, text="The tent is broken.")
    house.hear("It is about the tent.")
    house.settle()
    second = house.case()
    assert first.pk != second.pk
    return first, second


def _case(number: int) -> Case:
    return Case.objects.select_related("conversation__channel", "identity").get(pk=number)


def test_what_waited_in_a_merged_case_is_answered_in_the_other(house: House) -> None:
    first, second = _two(house)
    due = timezone.now() + timedelta(minutes=20)
    Wait.objects.filter(conversation=first.conversation).update(due_at=due)
    Case.objects.filter(pk=first.pk).update(due_at=due)
    joining.merge(house.mona, first, into=second)
    merged, kept = _case(first.pk), _case(second.pk)
    assert (merged.status, merged.merged_into_id, merged.form, merged.settled) == ("closed", kept.pk, "", True)
    assert kept.due_at == due
    assert Judgement.objects.get(current=True, interaction__text="The tent is broken.").outcome == "merged"
    assert Wait.objects.filter(state="open").count() == 1
    assert AuditEntry.objects.filter(verb="merged").count() == 2
    assert broken() == []


def test_tags_followers_and_mentions_go_with_a_merged_case(house: House) -> None:
    first, second = _two(house)
    marking.tag(house.mona, first, name="tent")
    marking.tag(house.mona, second, name="tent")
    marking.follow(house.nia, first)
    notes.add_note(house.mona, first, text="@leo look")
    joining.merge(house.mona, first, into=second)
    assert second.taggings.count() == 1
    assert set(second.followers.values_list("user", flat=True)) == {house.nia.pk, house.leo.pk}
    assert Mention.objects.get().case == second


def test_new_words_in_a_merged_conversation_make_a_case_that_follows_it(house: House) -> None:
    first, second = _two(house)
    joining.merge(house.mona, first, into=second)
    house.hear("And the bag.", in_reply_to="said-1")
    house.settle()
    third = house.case()
    assert third.pk not in (first.pk, second.pk)
    assert third.follows_id == first.pk
    assert broken() == []


def test_a_merge_is_undone_and_the_case_waits_as_it_did(house: House) -> None:
    first, second = _two(house)
    promised = timezone.now() + timedelta(minutes=20)
    Wait.objects.filter(conversation=first.conversation).update(due_at=promised, timers=[])
    before = Wait.objects.get(state="open", conversation=first.conversation)
    link = joining.merge(house.mona, first, into=second)
    joining.undo(house.mona, link)
    again = _case(first.pk)
    assert (again.status, again.form, again.merged_into_id, again.due_at) == ("open", "response", None, promised)
    now = Wait.objects.get(state="open", conversation=first.conversation)
    assert (now.element, now.timers, now.team) == (before.element, before.timers, before.team)
    assert broken() == []
    with pytest.raises(Refused, match="undone already"):
        joining.undo(house.mona, link)
    responses.write(house.mona, again, text="We mend it.", seen=queries.last_said(again))
    house.settle()
    assert broken() == []


def test_a_merge_whose_conversation_has_a_new_case_is_not_undone(house: House) -> None:
    first, second = _two(house)
    link = joining.merge(house.mona, first, into=second)
    house.hear("And the bag.", in_reply_to="said-1")
    house.settle()
    with pytest.raises(Refused, match="new case"):
        joining.undo(house.mona, link)
    assert CaseLink.objects.get().undone_at is None


def test_a_case_is_not_merged_into_itself_nor_into_an_ended_one_nor_twice(house: House) -> None:
    first, second = _two(house)
    with pytest.raises(Refused):
        joining.merge(house.mona, first, into=first)
    endings.end(house.mona, second, how="closed")
    with pytest.raises(Refused, match="has ended"):
        joining.merge(house.mona, first, into=_case(second.pk))
    joining.merge(house.mona, _case(second.pk), into=first)
    with pytest.raises(Refused, match="merged already"):
        joining.merge(house.mona, _case(second.pk), into=first)
    with pytest.raises(Refused, match="was merged"):
        endings.reopen(house.mona, _case(second.pk))


def test_nobody_merges_or_splits_what_they_may_not_touch(house: House) -> None:
    first, second = _two(house)
    for user in (house.nia, stranger("legal")):
        with pytest.raises(NotAllowed):
            joining.merge(user, first, into=second)
        with pytest.raises(NotAllowed):
            joining.split(user, first, said=[1])
    assert not CaseLink.objects.exists()


def _three_said(house: House) -> tuple[Case, list[int]]:
    to_judge(house, text="The tent is broken.")
    house.hear("Do you also sell boots?", in_reply_to="said-1")
    house.hear("Hello?", in_reply_to="said-1")
    house.settle()
    return house.case(), list(Interaction.objects.order_by("pk").values_list("pk", flat=True))


def test_messages_split_off_are_a_case_of_their_own_that_waits_for_the_same(house: House) -> None:
    case, said = _three_said(house)
    new = joining.split(house.mona, case, said=[said[1]])
    old = _case(case.pk)
    assert (new.form, new.status, old.form) == ("intent", "new", "intent")
    assert queries.last_said(new) == said[1]
    assert queries.last_words([new.pk])[new.pk].text == "Do you also sell boots?"
    assert old.last_in_at == Interaction.objects.get(pk=said[2]).occurred_at
    assert Wait.objects.filter(state="open").count() == 2
    link = CaseLink.objects.get()
    assert (link.kind, link.earlier_id, link.later_id) == ("split", old.pk, new.pk)
    assert broken() == []
    commands.judge_intent(house.mona, new, intent="question")
    commands.judge_intent(house.mona, old, intent="complaint")
    house.settle()
    assert {_case(new.pk).form, _case(old.pk).form} <= {"response", "executive"}
    assert broken() == []


def test_what_answers_a_message_that_was_split_off_goes_with_it(house: House) -> None:
    case, said = _three_said(house)
    new = joining.split(house.mona, case, said=[said[1]])
    house.hear("Size 42, please.", in_reply_to="said-2")
    house.settle()
    assert Interaction.objects.get(text="Size 42, please.").conversation_id == new.conversation_id
    assert broken() == []


def test_a_case_keeps_at_least_one_message_and_gives_only_its_own(house: House) -> None:
    case, said = _three_said(house)
    other = to_judge(house, author="kaia@people.example")
    theirs = Interaction.objects.get(conversation=other.conversation).pk
    for chosen in (said, [], [theirs], [999999]):
        with pytest.raises(Refused):
            joining.split(house.mona, case, said=chosen)


def test_a_message_of_an_ended_case_is_taken_up_again_when_it_is_split_off(house: House) -> None:
    case, said = _three_said(house)
    endings.end(house.mona, case, how="resolved")
    new = joining.split(house.mona, _case(case.pk), said=[said[1]])
    assert (new.form, new.status) == ("response", "open")
    assert _case(case.pk).status == "resolved"
    assert broken() == []


def test_messages_whose_answer_waits_for_approval_stay(house: House) -> None:
    case, said = _three_said(house)
    commands.judge_intent(house.mona, case, intent="cancel")
    house.settle()
    case = house.case()
    responses.write(house.mona, case, text="We are sorry.", seen=queries.last_said(case))
    house.settle()
    assert Response.objects.get().state == "approval"
    with pytest.raises(Refused, match="being approved"):
        joining.split(house.mona, house.case(), said=[said[1]])

"""Taken, given, handed over, put aside: who has a case, until when, and who hears of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import assigning, endings, marking, notes, queries, responses
from armature.crm.act.models import Case, Follower, Mention, Note, Notice, Tag, Tagging
from armature.crm.act.work import Refused
from armature.crm.decide.models import Wait
from house import House
from test_endings import broken
from visitors import stranger, to_answer, to_judge


def test_a_case_is_given_to_a_colleague_who_hears_of_it(house: House) -> None:
    case = to_answer(house)
    assigning.assign(house.mona, case, to=house.leo, seen=None)
    assert house.case().assignee == house.leo
    assert Notice.objects.get().user == house.leo
    assigning.assign(house.leo, case, to=house.leo, seen=house.leo.pk)
    assert Notice.objects.count() == 1


def test_of_two_who_give_it_at_once_the_second_hears_who_has_it(house: House) -> None:
    case = to_answer(house)
    assigning.assign(house.mona, case, to=house.leo, seen=None)
    with pytest.raises(Refused, match="Leo has the case by now"):
        assigning.assign(house.leo, case, to=house.mona, seen=None)
    assert house.case().assignee == house.leo


def test_a_case_is_only_given_to_people_who_may_see_it(house: House) -> None:
    case = to_answer(house)
    for user in (house.olga, stranger("legal")):
        with pytest.raises(Refused, match="does not work in this team"):
            assigning.assign(house.mona, case, to=user, seen=None)
    house.leo.is_active = False
    house.leo.save()
    with pytest.raises(Refused):
        assigning.assign(house.mona, case, to=house.leo, seen=None)
    with pytest.raises(NotAllowed):
        assigning.assign(house.nia, case, to=house.mona, seen=None)


def test_a_case_is_put_back_by_whoever_has_it_or_by_a_lead(house: House) -> None:
    case = to_answer(house)
    assigning.assign(house.leo, case, to=house.nia, seen=None)
    with pytest.raises(NotAllowed):
        assigning.put_back(house.mona, house.case())
    assigning.put_back(house.nia, house.case())
    assert house.case().assignee is None


def test_a_case_handed_over_is_the_other_teams_turn_and_stays_theirs(house: House) -> None:
    case = to_answer(house)
    sam = stranger("legal")
    with pytest.raises(Refused, match="Write a note"):
        assigning.hand_over(house.mona, case, team=Team.objects.get(key="legal"), note=" ")
    assigning.hand_over(house.mona, case, team=Team.objects.get(key="legal"), note="They name a lawyer.", to=sam)
    handed = queries.case_for(sam, case.pk)
    assert (handed.team, handed.asks, handed.assignee) == ("legal", "legal", sam)
    assert Wait.objects.get(state="open").team == "legal"
    assert Note.objects.get().text == "They name a lawyer."
    assert Notice.objects.filter(user=sam, kind="handed").exists()
    house.hear("Well?", in_reply_to="said-1")
    house.settle()
    assert queries.case_for(sam, case.pk).team == "legal"
    assert broken() == []


def test_a_snoozed_case_comes_back_by_itself(house: House) -> None:
    case = to_answer(house)
    due = case.due_at
    Follower.objects.create(case=case, user=house.leo)
    marking.snooze(house.mona, case, until=timezone.now() + timedelta(minutes=1))
    assert house.case().status == "snoozed"
    assert house.case().due_at == due
    assert Wait.objects.get(state="open").due_at == due
    Case.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    assert jobs.tick()
    assert (house.case().status, house.case().snoozed_until) == ("open", None)
    assert Notice.objects.filter(user=house.leo, kind="woke").exists()
    assert broken() == []


def test_a_snooze_stops_no_promise_it_ends_when_the_case_is_due(house: House) -> None:
    case = to_answer(house)
    due = timezone.now() + timedelta(hours=2)
    Case.objects.update(due_at=due)
    assert marking.snooze(house.mona, case, until=timezone.now() + timedelta(days=5)) == due


def test_new_words_wake_a_snoozed_case_also_when_their_clock_is_behind(house: House) -> None:
    case = to_judge(house)
    marking.snooze(house.mona, case, until=timezone.now() + timedelta(days=1))
    Case.objects.update(last_in_at=timezone.now())
    house.hear("Hello?", in_reply_to="said-1")
    house.settle()
    assert house.case().form == case.form
    assert house.case().status in ("new", "open")
    assert house.case().snoozed_until is None


def test_an_ended_case_and_a_time_gone_by_cannot_be_snoozed(house: House) -> None:
    case = to_answer(house)
    for until in (timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=400)):
        with pytest.raises(Refused):
            marking.snooze(house.mona, case, until=until)
    endings.end(house.mona, case, how="closed")
    with pytest.raises(Refused):
        marking.snooze(house.mona, case, until=timezone.now() + timedelta(days=1))
    assert house.case().status == "closed"


def test_ending_a_snoozed_case_ends_its_snooze(house: House) -> None:
    case = to_answer(house)
    marking.snooze(house.mona, case, until=timezone.now() + timedelta(days=1))
    endings.end(house.mona, case, how="closed")
    assert house.case().snoozed_until is None
    assert marking.wake_due() == 0


def test_a_priority_that_a_person_gave_stays(house: House) -> None:
    case = to_answer(house)
    marking.set_priority(house.mona, case, priority=1)
    house.hear("Hello?", in_reply_to="said-1")
    house.settle()
    assert house.case().priority == 1
    with pytest.raises(Refused):
        marking.set_priority(house.mona, case, priority=9)


def test_tags_are_one_whatever_their_capitals_and_go_on_and_off(house: House) -> None:
    case = to_judge(house)
    marking.tag(house.mona, case, name="  Water   damage ")
    marking.tag(house.nia, case, name="water DAMAGE")
    assert [tag.name for tag in Tag.objects.all()] == ["Water damage"]
    assert Tagging.objects.count() == 1
    marking.untag(house.mona, case, tag=Tag.objects.get().pk)
    assert not Tagging.objects.exists()
    with pytest.raises(Refused):
        marking.tag(house.mona, case, name=" ")


def test_who_is_named_in_a_note_finds_it_until_they_have_seen_to_it(house: House) -> None:
    case = to_judge(house)
    note = notes.add_note(house.mona, case, text="@leo and @Nia, mail ask@nowhere.example? @mona")
    assert {one.user for one in note.mentions.all()} == {house.leo, house.nia, house.mona}
    assert set(Notice.objects.values_list("user", flat=True)) == {house.leo.pk, house.nia.pk}
    notes.seen_to(house.leo, case)
    notes.add_note(house.nia, case, text="Done.")
    assert not Mention.objects.filter(done_at=None).exclude(user=house.mona).exists()


def test_who_may_not_see_a_case_is_not_told_of_it(house: House) -> None:
    case = to_judge(house)
    stranger("legal")
    notes.add_note(house.mona, case, text="@sam @olga look")
    assert not Mention.objects.exists()
    assert not Notice.objects.exists()


def test_of_two_with_one_first_name_neither_is_guessed(house: House) -> None:
    for last in ("Berg", "Dahl"):
        user = User.objects.create_user(f"kim.{last.lower()}@shop.example", f"Kim {last}", None)
        Membership.objects.create(user=user, role=Role.AGENT)
    people = list(queries.colleagues_of(to_judge(house)))
    assert notes.mentioned("@Kim, please", people) == []
    assert [one.name for one in notes.mentioned("@Kim Berg please and @kim.dahl.", people)] == ["Kim Berg", "Kim Dahl"]


def test_followers_hear_of_notes_and_ends_but_not_of_their_own(house: House) -> None:
    case = to_answer(house)
    marking.follow(house.leo, case)
    marking.follow(house.mona, case)
    notes.add_note(house.mona, case, text="They called.")
    endings.end(house.mona, case, how="resolved")
    told = Notice.objects.order_by("pk").values_list("user", "kind")
    assert list(told) == [(house.leo.pk, "note"), (house.leo.pk, "ended")]
    marking.unfollow(house.leo, case)
    assert not Follower.objects.filter(user=house.leo).exists()


def test_a_response_to_a_snoozed_case_takes_it_out_of_the_snooze(house: House) -> None:
    case = to_answer(house, intent="complaint")
    marking.snooze(house.mona, case, until=timezone.now() + timedelta(days=1))
    responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    assert house.case().status != "snoozed"

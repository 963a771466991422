"""Taken back for certain or not at all; sent later and sooner; nobody's words are written over, nobody's are lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import approvals, drafts, outbox, queries, responses
from armature.crm.act.drafts import Base, Terms
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from house import House
from together import together
from visitors import to_answer


@pytest.fixture
def minded(settings: Any) -> None:
    """What is released can be taken back for ten seconds."""
    settings.UNDO_SECONDS = 10


def _sent_off(house: House, **terms: Any) -> Response:
    case = to_answer(house, "complaint")
    response = responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case), terms=Terms(**terms))
    jobs.judge_conversations()
    return queries.response_for(house.mona, response.pk)


def _broken() -> dict[str, list[str]]:
    return {law.words: found for law, found in conservation.broken() if found}


def test_what_is_taken_back_in_time_never_leaves_and_is_a_draft_again(
    house: House, left: list[Outgoing], minded: None
) -> None:
    response = _sent_off(house)
    assert jobs.send() == 0, "it waits"
    responses.take_back(house.mona, response)
    house.settle()
    Delivery.objects.update(not_before=timezone.now())
    house.settle()
    response.refresh_from_db()
    assert (left, response.state, house.case().form) == ([], "draft", "response")
    assert response.why == "Mona took it back before it left."
    assert not _broken()


def test_it_can_be_sent_again_after_it_was_taken_back(house: House, left: list[Outgoing], minded: None) -> None:
    responses.take_back(house.mona, _sent_off(house))
    house.settle()
    case = house.case()
    responses.write(house.mona, case, text="We mend it today.", seen=queries.last_said(case))
    jobs.judge_conversations()
    Delivery.objects.filter(state="queued").update(not_before=timezone.now())
    house.settle()
    assert [one.text for one in left] == ["We mend it today."]
    assert not _broken()


def test_what_has_begun_to_leave_is_not_taken_back(house: House, left: list[Outgoing]) -> None:
    response = _sent_off(house)
    claimed = outbox.claim(1)
    with pytest.raises(Refused, match="begun to leave"):
        responses.take_back(house.mona, response)
    outbox.send(claimed[0])
    assert len(left) == 1


def test_of_taking_back_and_leaving_at_once_exactly_one_happens(open_house: House, left: list[Outgoing]) -> None:
    for number in range(6):
        author = f"{number}@people.example"
        case = to_answer(open_house, "complaint", author=author)
        response = responses.write(open_house.mona, case, text=f"{number}", seen=queries.last_said(case))
        jobs.judge_conversations()
        response = queries.response_for(open_house.mona, response.pk)
        before = len(left)
        came = together(lambda response=response: responses.take_back(open_house.mona, response), lambda: jobs.send())
        open_house.settle()
        went = len(left) - before
        assert went == (1 if isinstance(came[0], Refused) else 0), came
    assert not _broken()


def test_who_only_drafts_takes_back_own_words_and_no_others(house: House, minded: None) -> None:
    with pytest.raises(NotAllowed, match="wrote yourself"):
        responses.take_back(house.nia, _sent_off(house))


def test_a_writer_takes_back_what_waits_for_approval(house: House) -> None:
    case = to_answer(house)
    response = responses.write(house.mona, case, text="Do stay.", seen=queries.last_said(case))
    house.settle()
    responses.take_back(house.mona, queries.response_for(house.mona, response.pk))
    house.settle()
    response.refresh_from_db()
    assert (response.state, house.case().form) == ("draft", "response")
    with pytest.raises(Refused):
        approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)


def test_what_is_to_leave_later_leaves_then_or_sooner_when_somebody_says_so(house: House, left: list[Outgoing]) -> None:
    at = timezone.now() + timedelta(hours=3)
    response = _sent_off(house, send_at=at)
    assert Delivery.objects.get().not_before == at
    house.settle()
    assert left == []
    responses.send_now(house.mona, response)
    house.settle()
    assert len(left) == 1


@pytest.mark.parametrize("hours", [-1, 24 * 400])
def test_a_time_that_is_past_or_too_far_is_refused(house: House, hours: int) -> None:
    with pytest.raises(Refused, match="time to send"):
        _sent_off(house, send_at=timezone.now() + timedelta(hours=hours))


def _state(case: Case) -> list[tuple[str, str]]:
    return list(Response.objects.filter(case=case).order_by("id").values_list("author__name", "text"))


def test_everybody_has_a_draft_of_their_own_and_may_go_on_with_a_colleagues(house: House) -> None:
    case = to_answer(house)
    theirs = drafts.save(house.nia, case, text="Dear Ingrid")
    drafts.save(house.mona, case, text="Hello")
    assert _state(case) == [("Nia", "Dear Ingrid"), ("Mona", "Hello")]
    drafts.take_over(house.mona, case, theirs.pk)
    assert _state(case) == [("Nia", "Dear Ingrid"), ("Mona", "Dear Ingrid")]


def test_once_one_of_several_drafts_is_sent_the_others_say_who_was_quicker(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house, "complaint")
    drafts.save(house.nia, case, text="Dear Ingrid")
    responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    other = Response.objects.get(author=house.nia)
    assert (other.state, other.text, other.why) == ("void", "Dear Ingrid", "Mona has answered.")


def test_a_second_window_does_not_write_over_the_first(house: House) -> None:
    case = to_answer(house)
    first = drafts.save(house.mona, case, text="From here", base=Base(0, "here"))
    with pytest.raises(drafts.Conflict) as conflict:
        drafts.save(house.mona, case, text="From there", base=Base(0, "there"))
    assert conflict.value.there.text == "From here"
    assert drafts.save(house.mona, case, text="From here too", base=Base(0, "here")).pk == first.pk, (
        "its answer got lost"
    )
    kept = drafts.save(house.mona, case, text="From there", base=Base(2, "there"))
    assert (kept.pk, kept.text, kept.version) == (first.pk, "From there", 3)


def test_of_two_windows_that_save_at_once_one_wins_and_the_other_hears_it(open_house: House) -> None:
    case = to_answer(open_house)
    came = together(
        *(
            lambda tab=tab: drafts.save(open_house.mona, case, text=f"From {tab}", base=Base(0, tab))
            for tab in ("here", "there")
        )
    )
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Response"]
    assert Response.objects.count() == 1


def test_who_answers_after_a_colleague_has_is_told_and_keeps_their_words(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house, "complaint")
    drafts.save(house.leo, case, text="We will")
    seen = queries.last_said(case)
    responses.write(house.mona, case, text="We mend it.", seen=seen)
    jobs.judge_conversations()
    with pytest.raises(responses.Overtaken, match="Nobody waits for a response"):
        responses.write(house.leo, queries.case_for(house.leo, case.pk), text="We will mend it.", seen=seen)
    assert drafts.of(house.leo, case).get().text == "We will mend it."


@pytest.mark.parametrize("text", ["Dear {{name}}", "{{ }}", "Case {{ case.secret }}"])
def test_a_placeholder_that_is_not_filled_in_stops_the_response(house: House, text: str) -> None:
    case = to_answer(house)
    with pytest.raises(Refused, match="Not filled in yet"):
        responses.write(house.mona, case, text=text, seen=queries.last_said(case))


@pytest.mark.parametrize("copies", ["nonsense", "a@b.example\r\nBcc: x@y.example"])
def test_a_recipient_that_is_none_is_refused_by_name(house: House, copies: str) -> None:
    case = to_answer(house)
    with pytest.raises(Refused, match="is not an e-mail address"):
        responses.write(house.mona, case, text="x", seen=queries.last_said(case), terms=Terms(copies=(copies,)))


def test_a_copy_goes_to_whom_somebody_added(house: House, left: list[Outgoing]) -> None:
    _sent_off(house, copies=("boss@people.example",))
    house.settle()
    assert (left[0].recipients, left[0].copies) == (("ingrid@people.example",), ("boss@people.example",))

"""What was released is what leaves, whole; two people stand behind it; nothing that was released stays so for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import approvals, caps, drafts, outbox, queries, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from house import House
from visitors import to_answer


def _handed_in(house: House, intent: str = "cancel", by: str = "mona", **terms: Any) -> Response:
    case = to_answer(house, intent)
    user = getattr(house, by)
    response = responses.write(user, case, text="Do stay, please.", seen=queries.last_said(case), terms=Terms(**terms))
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass
    return queries.response_for(house.leo, response.pk)


def _approved(house: House, response: Response) -> None:
    approvals.approve(house.leo, response, digest=response.digest)
    while jobs.judge_conversations():
        pass


def _broken() -> dict[str, list[str]]:
    return {law.words: found for law, found in conservation.broken() if found}


def _public(house: House) -> None:
    house.mailbox.settings["public"] = True
    house.mailbox.save()


def test_what_left_without_the_approval_its_rule_demands_is_found_whichever_facts_there_are(
    house: House, left: list[Outgoing]
) -> None:
    _approved(house, _handed_in(house))
    house.settle()
    assert _broken() == {}
    Approval.objects.all().delete()
    assert "nothing left without the approval its rule demands" in _broken()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Go away."},
        {"subject": "Another"},
        {"recipients": ["else@people.example"]},
        {"copies": ["else@people.example"]},
        {"audience": "public"},
        {"sender": "The boss"},
    ],
)
def test_whatever_of_a_released_response_is_changed_it_does_not_leave(
    house: House, left: list[Outgoing], change: dict[str, Any]
) -> None:
    response = _handed_in(house)
    _approved(house, response)
    Response.objects.filter(pk=response.pk).update(**change)
    house.settle()
    assert left == []
    assert Delivery.objects.get().reason == "The text was changed after it was released."


def test_another_account_of_ours_than_the_one_it_was_released_for_sends_nothing(
    house: House, left: list[Outgoing]
) -> None:
    _approved(house, _handed_in(house))
    house.mailbox.address = "other@shop.example"
    house.mailbox.save()
    house.settle()
    assert left == []


def test_first_in_public_then_in_private_leaves_as_two_in_this_order(house: House, left: list[Outgoing]) -> None:
    _public(house)
    response = _handed_in(house, "complaint", audience="both", private_text="Your number, please?")
    house.settle()
    assert [(one.public, one.text) for one in left] == [(True, "Do stay, please."), (False, "Your number, please?")]
    response.refresh_from_db()
    assert (response.state, house.case().form) == ("sent", "feedback")
    assert not _broken()


def test_when_only_the_private_part_fails_only_that_goes_back_and_the_public_one_is_not_posted_again(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    from armature.crm.channels.lines import Demo
    from armature.crm.channels.port import Failed

    _public(house)
    honest, refuses = Demo.send, [True]

    def send(self: Demo, account: Any, outgoing: Outgoing) -> Any:
        if not outgoing.public and refuses:
            return Failed("They take no private messages.")
        return honest(self, account, outgoing)

    monkeypatch.setattr(Demo, "send", send)
    _handed_in(house, "complaint", audience="both", private_text="Your number, please?")
    house.settle()
    rest = Response.objects.get(state="draft")
    assert (rest.audience, rest.text, rest.why) == (
        "private", "Your number, please?", "They take no private messages."
    )  # fmt: skip
    assert house.case().form == "response"
    refuses.clear()
    case = house.case()
    terms = drafts.terms_of(rest)
    responses.write(house.mona, case, text=rest.text, seen=queries.last_said(case), terms=terms)
    house.settle()
    assert [one.public for one in left] == [True, False]
    assert not _broken()


def test_a_lead_who_changes_the_words_a_rule_guards_needs_another_pair_of_eyes(
    house: House, left: list[Outgoing]
) -> None:
    response = _handed_in(house)
    assert not approvals.change(house.leo, response, digest=response.digest, text="Please stay, {0}.")
    response = queries.response_for(house.mona, response.pk)
    assert (response.author, response.sender) == (house.leo, "Leo")
    with pytest.raises(NotAllowed, match="Somebody else"):
        approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    assert left == []
    approvals.approve(house.mona, response, digest=response.digest)
    house.settle()
    assert [(one.text, one.author_name) for one in left] == [("Please stay, {0}.", "Leo")]
    assert [one.author.name for one in response.wordings.order_by("id")] == ["Mona", "Leo"]
    assert not _broken()


def test_who_neither_leads_nor_wrote_it_does_not_release_a_leads_words(house: House) -> None:
    response = _handed_in(house)
    approvals.change(house.leo, response, digest=response.digest, text="Please stay.")
    response = queries.response_for(house.nia, response.pk)
    with pytest.raises(NotAllowed):
        approvals.approve(house.nia, response, digest=response.digest)
    assert not Approval.objects.exists()


def test_where_only_the_writers_role_asked_a_leads_own_words_leave_at_once(house: House, left: list[Outgoing]) -> None:
    response = _handed_in(house, "complaint", by="nia")
    assert (response.state, response.asked_by) == ("approval", "role")
    assert approvals.change(house.leo, response, digest=response.digest, text="We mend it.")
    house.settle()
    assert [one.text for one in left] == ["We mend it."]
    assert not _broken()


def test_what_was_approved_before_somebody_changed_it_was_not_approved(house: House, left: list[Outgoing]) -> None:
    response = _handed_in(house)
    approvals.change(house.leo, response, digest=response.digest, text="Other words.")
    with pytest.raises(Refused, match="changed after you opened it"):
        approvals.approve(house.mona, queries.response_for(house.mona, response.pk), digest=response.digest)


def test_an_approval_does_not_hold_for_ever(house: House, left: list[Outgoing]) -> None:
    _approved(house, _handed_in(house))
    Approval.objects.update(holds_until=timezone.now() - timedelta(seconds=1))
    house.settle()
    assert left == []
    assert Delivery.objects.get().reason == "The approval no longer holds: ask again."
    assert house.case().form == "response"


@pytest.mark.parametrize("how", ["left", "demoted"])
def test_an_approval_of_who_may_approve_no_longer_does_not_hold(house: House, left: list[Outgoing], how: str) -> None:
    _approved(house, _handed_in(house))
    if how == "left":
        User.objects.filter(pk=house.leo.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=house.leo).update(role=Role.AGENT)
    house.settle()
    assert left == []
    assert house.case().form == "response"


def test_what_nobody_decides_about_goes_back_to_its_writer(house: House) -> None:
    response = _handed_in(house)
    assert approvals.expire() == 0
    Response.objects.update(written_at=timezone.now() - approvals.WAITS - timedelta(minutes=1))
    assert approvals.expire() == 1
    house.settle()
    response.refresh_from_db()
    assert (response.state, house.case().form) == ("draft", "response")
    assert "Nobody approved it within 72 hours" in response.why
    assert approvals.expire() == 0


def test_more_than_a_storm_of_words_is_refused_when_it_is_written(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    _handed_in(house, "complaint")
    house.settle()
    second = to_answer(house, "complaint")
    monkeypatch.setattr(caps, "PER_RECIPIENT", 1)
    with pytest.raises(Refused, match="it may be a storm"):
        responses.write(house.mona, second, text="Again.", seen=queries.last_said(second))
    assert len(left) == 1


def test_more_than_a_storm_of_words_is_refused_at_the_door_too(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    response = _handed_in(house)
    monkeypatch.setattr(caps, "PER_CONVERSATION", 0)
    _approved(house, response)
    house.settle()
    assert left == []
    assert "it may be a storm" in Delivery.objects.get().reason


def test_counting_against_storms_is_one_statement(house: House, django_assert_num_queries: Any) -> None:
    case = to_answer(house)
    with django_assert_num_queries(1):
        assert caps.refusal(case, ["ingrid@people.example"]) == ""


def test_the_last_check_before_the_door_stands_before_what_was_sent_later_too(
    house: House, left: list[Outgoing]
) -> None:
    at = timezone.now() + timedelta(hours=2)
    response = _handed_in(house, "complaint", send_at=at)
    assert (outbox.claim(1), house.case().form) == ([], "send")
    house.hear("It works again, forget it.", in_reply_to="said-1")
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass
    Delivery.objects.update(not_before=timezone.now())
    house.settle()
    assert left == []
    response.refresh_from_db()
    assert "They wrote again before it was due" in Delivery.objects.get().reason

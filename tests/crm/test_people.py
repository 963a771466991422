"""What people may do, in which order, and what they are told when they may not."""

import pytest

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import AuditEntry, Membership, Role, Team
from armature.crm.act import approvals, assigning, commands, drafts, notes, queries, responses, work
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.decide.models import Judgement, Wait
from armature.crm.understand.models import Reading
from house import House


def _to_write(house: House, intent: str = "complaint") -> Case:
    house.hear("The tent is broken.")
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent=intent)
    house.settle()
    return house.case()


def _write(house: House, case: Case, text: str = "We mend it.", by: str = "mona") -> Response:
    response = responses.write(getattr(house, by), case, text=text, seen=queries.last_said(case))
    house.settle()
    return queries.response_for(house.leo, response.pk)


def test_somebody_without_a_team_sees_no_case(house: House) -> None:
    _to_write(house)
    assert not queries.cases_for(house.olga).exists()


def test_a_member_of_another_team_sees_no_case_and_may_do_nothing(house: House) -> None:
    case = _to_write(house)
    Membership.objects.create(user=house.olga, role=Role.LEAD, team=Team.objects.get(key="sales"))
    assert not queries.cases_for(house.olga).exists()
    with pytest.raises(NotAllowed):
        notes.add_note(house.olga, case, text="I was here")
    assert not AuditEntry.objects.filter(verb="noted").exists()


def test_somebody_who_left_sees_nothing(house: House) -> None:
    _to_write(house)
    house.mona.is_active = False
    house.mona.save()
    assert rights_of(house.mona).roles == ()


def test_a_complaint_in_private_needs_no_approval_and_leaves(house: House) -> None:
    assert _write(house, _to_write(house)).state == Response.State.SENT


def test_what_a_drafting_colleague_writes_always_waits_for_approval(house: House) -> None:
    response = _write(house, _to_write(house), by="nia")
    assert response.state == Response.State.APPROVAL
    assert not Delivery.objects.exists()


def test_nobody_approves_their_own_words(house: House) -> None:
    case = _to_write(house, "cancel")
    response = _write(house, case, by="leo")
    with pytest.raises(NotAllowed, match="Somebody else"):
        approvals.approve(house.leo, response, digest=response.digest)


def test_an_agent_cannot_approve(house: House) -> None:
    response = _write(house, _to_write(house, "cancel"), by="leo")
    with pytest.raises(NotAllowed):
        approvals.approve(house.mona, response, digest=response.digest)


def test_what_was_sent_back_comes_to_its_writer_with_the_reason(house: House) -> None:
    response = _write(house, _to_write(house, "cancel"))
    approvals.send_back(house.leo, response, reason="too cold")
    house.settle()
    response.refresh_from_db()
    assert (response.state, response.why) == (Response.State.DRAFT, "Leo: too cold")
    assert house.case().form == "response"


def test_sending_back_needs_a_reason(house: House) -> None:
    response = _write(house, _to_write(house, "cancel"))
    with pytest.raises(work.Refused, match="what should change"):
        approvals.send_back(house.leo, response, reason=" ")


def test_an_answer_to_what_was_not_read_yet_is_refused(house: House) -> None:
    case = _to_write(house)
    seen = queries.last_said(case)
    house.hear("One more thing!", in_reply_to="said-1")
    house.settle()
    with pytest.raises(work.Refused, match="wrote again"):
        responses.write(house.mona, house.case(), text="We mend it.", seen=seen)


def test_the_intent_can_be_corrected_while_somebody_writes(house: House) -> None:
    case = _to_write(house, "complaint")
    assert case.team == "support"
    commands.judge_intent(house.mona, case, intent="cancel")
    house.settle()
    assert (house.case().team, house.case().form) == ("retention", "response")
    assert Reading.objects.filter(current=True).get().intent_id == "cancel"
    assert Reading.objects.count() == 3


def test_the_suggestion_and_the_persons_word_stand_side_by_side(house: House) -> None:
    _to_write(house, "praise")
    suggested, confirmed = Reading.objects.order_by("id")
    assert (suggested.reader is not None, suggested.current) == (True, False)
    assert (confirmed.user, confirmed.confidence) == (house.mona, 1.0)


def test_what_was_known_at_each_decision_is_kept(house: House) -> None:
    _write(house, _to_write(house, "cancel"))
    assert Judgement.objects.count() > 2
    assert Judgement.objects.filter(current=True).count() == 1
    assert "business_rules:R04" in Judgement.objects.get(current=True).rows


def test_a_case_belongs_to_whoever_took_it(house: House) -> None:
    case = _to_write(house)
    assigning.claim(house.mona, case)
    with pytest.raises(work.Refused, match="Mona has taken this case"):
        assigning.claim(house.leo, case)


def test_an_empty_answer_is_refused(house: House) -> None:
    case = _to_write(house)
    with pytest.raises(work.Refused, match="empty"):
        responses.write(house.mona, case, text="  ", seen=queries.last_said(case))
    assert Wait.objects.get(state="open").form == "response"


def test_a_draft_is_kept_on_the_server_and_is_not_sent(house: House) -> None:
    case = _to_write(house)
    drafts.save(house.mona, case, text="We me")
    house.settle()
    assert case.responses.get().state == Response.State.DRAFT
    assert house.case().form == "response"


def test_the_word_of_a_person_holds_for_both_messages_that_wait_at_two_places(house: House) -> None:
    _to_write(house)
    house.hear("And the second one too.", in_reply_to="said-1")
    house.settle()
    assert Wait.objects.filter(state="open").count() == 2
    commands.judge_intent(house.mona, house.case(), intent="cancel")
    house.settle()
    wait = Wait.objects.get(state="open")
    assert (wait.form, wait.items.count()) == ("response", 2)

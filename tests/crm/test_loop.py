"""The whole loop on one conversation: heard, judged, answered by a person, approved, sent, answered, learned from."""

from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.decide.models import Judgement, Wait
from armature.crm.identify.models import Person
from armature.crm.learn.models import Feedback, Outcome
from armature.crm.listen.models import Interaction
from house import House


def _written(house: House, text: str = "We are sorry.") -> Response:
    house.hear("My parcel is broken. I want my money back.")
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent="cancel")
    house.settle()
    case = house.case()
    response = responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()
    return queries.response_for(house.mona, response.pk)


def test_what_was_said_waits_for_somebody_to_judge_its_intent(house: House) -> None:
    house.hear("My parcel is broken. I want my money back.")
    house.settle()
    assert (house.case().form, house.case().status) == ("intent", "new")
    assert not Person.objects.exists()


def test_a_second_message_joins_the_first_one_that_waits(house: House) -> None:
    first = house.hear("My parcel is broken.")
    house.settle()
    house.hear("Hello? Anybody there?", in_reply_to=first)
    house.settle()
    assert Case.objects.count() == 1
    assert Wait.objects.get().items.count() == 2


def test_a_response_that_needs_approval_does_not_leave_without_it(house: House) -> None:
    response = _written(house)
    assert response.state == Response.State.APPROVAL
    assert not Delivery.objects.exists()


def test_an_approved_response_leaves_and_thanks_close_the_loop_on_person_and_rule(house: House) -> None:
    response = _written(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    response.refresh_from_db()
    assert response.state == Response.State.SENT
    sent = Interaction.objects.get(direction="out")
    house.hear("Thank you so much, that was quick!", in_reply_to=sent.external_id)
    house.settle()
    assert list(Feedback.objects.values_list("kind", "verdict")) == [("reply", "satisfied")]
    assert Outcome.objects.get().person == Person.objects.get()
    assert Outcome.objects.get().rule == "business_rules:R04"
    assert house.case().status == "resolved"


def test_a_draft_waiting_for_approval_is_withdrawn_when_the_customer_writes_again(house: House) -> None:
    response = _written(house)
    house.hear("Forget it, I found it.", in_reply_to="said-1")
    house.settle()
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    assert "wrote again" in response.why
    assert Judgement.objects.filter(current=True).count() == 2

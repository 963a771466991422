"""What came of a response counts once."""

from armature.crm.act import approvals, commands, queries, responses
from armature.crm.learn.models import Feedback, Outcome
from armature.crm.listen.models import Interaction
from house import House


def test_thanks_for_one_response_to_two_messages_count_once_for_its_rule(house: House) -> None:
    first = house.hear("My parcel is broken. I want my money back.")
    house.hear("And so is the second one.", in_reply_to=first)
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent="cancel")
    house.settle()
    response = responses.write(house.mona, house.case(), text="Do stay.", seen=queries.last_said(house.case()))
    house.settle()
    approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)
    house.settle()
    house.hear("Thank you so much!", in_reply_to=Interaction.objects.get(direction="out").external_id)
    house.settle()
    assert Feedback.objects.get().verdict == "satisfied"
    assert Outcome.objects.get().rule == "business_rules:R04"

"""The page of a survey: whoever has a signed link answers, and what they say is judged like any message."""

import pytest
from django.test import Client

from armature.crm.accounts.models import AuditEntry
from armature.crm.act.models import Case
from armature.crm.decide.models import Judgement
from armature.crm.decide.snapshot import unpack
from armature.crm.listen.models import Envelope, Interaction
from armature.crm.listen.surveys.models import SurveyAnswer
from asked import answer, ask, make_survey, open_address
from house import House
from visitors import to_judge

BAD = "I am very disappointed: my boots broke after a week. I want to complain."


def test_an_answer_by_the_open_link_is_an_interaction_that_is_judged(house: House) -> None:
    survey = make_survey(house)
    address = open_address(survey)
    shown = Client().get(address)
    assert shown.status_code == 200 and b"Would you recommend us?" in shown.content
    sent = answer(address, rating="2", **{"q-why": BAD, "q-what": "Boots", "name": "Yara"})
    assert sent.status_code == 302, sent.content.decode()
    assert b"Thanks a lot." in Client().get(sent.headers["Location"]).content
    house.settle()
    said = Interaction.objects.get(channel=survey.channel)
    assert (said.kind, said.direction, said.public) == ("survey", "in", False)
    assert said.text == f"{BAD}\n\nRating: 2 of 10"
    judged = Judgement.objects.get(interaction=said, current=True)
    facts = unpack(judged.snapshot, judged.catalogue)
    assert (facts["survey"], facts["score"], facts["channel"]) == ("nps", 2, "survey")
    assert facts["intent"] == "complaint"
    case = Case.objects.get(conversation=said.conversation_id)
    assert case.status in ("new", "open")
    assert case.identity.name == "Yara"
    kept = SurveyAnswer.objects.get()
    assert (kept.score, kept.given) == (2, {"why": BAD, "what": "Boots"})
    assert AuditEntry.objects.filter(verb="answered a survey").count() == 1
    assert Envelope.objects.filter(channel=survey.channel).count() == 1


def test_an_answer_by_a_personal_link_is_said_by_that_person_about_that_case(house: House) -> None:
    case = to_judge(house)
    _link, address = ask(house, case, make_survey(house, "csat"))
    assert answer(address, rating="1", **{"q-why": BAD}).status_code == 302
    house.settle()
    said = Interaction.objects.get(kind="survey")
    assert f"case {case.pk}" in said.subject
    found = Case.objects.get(conversation=said.conversation_id)
    assert found.identity_id == case.identity_id


RATINGS = ("nps 9 no", "nps 6 yes", "csat 3 no", "csat 2 yes", "ces 4 no", "ces 3 yes")


@pytest.mark.parametrize("given", RATINGS)
def test_a_rating_alone_asks_something_of_people_only_when_it_is_low(house: House, given: str) -> None:
    kind, rating, judged = given.split()
    assert answer(open_address(make_survey(house, kind)), rating=rating).status_code == 302
    house.settle()
    assert Case.objects.get().status == ("new" if judged == "yes" else "no_response")

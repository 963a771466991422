"""An answer that is changed: an edit, counted once, under the words it was given under."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from armature.crm.act import surveys
from armature.crm.act.models import Case
from armature.crm.channels.survey.wording import Wording
from armature.crm.decide.models import Judgement
from armature.crm.listen.models import Envelope, Interaction, Revision
from armature.crm.listen.surveys.models import SurveyAnswer
from asked import WHY, answer, ask, make_survey, open_address
from house import House
from visitors import to_judge, visit

BAD = "I am very disappointed: my boots broke after a week. I want to complain."


def test_a_personal_link_is_one_answer_and_a_second_one_is_an_edit(house: House) -> None:
    _link, address = ask(house, to_judge(house), make_survey(house))
    for _ in range(2):
        assert answer(address, rating="4", **{"q-why": "Too late."}).status_code == 302
    assert Client().get(address).headers["Location"] == f"{address}/thanks"
    change = Client().get(f"{address}?change=1").content.decode()
    assert "Too late." in change and 'value="4"' in change
    assert answer(address, rating="5", **{"q-why": "A little late."}).status_code == 302
    house.settle()
    said = Interaction.objects.get(kind="survey")
    assert said.text == "A little late.\n\nRating: 5 of 10"
    assert said.edited_at is not None
    assert {one.text for one in Revision.objects.filter(interaction=said)} == {
        "Too late.\n\nRating: 4 of 10", "A little late.\n\nRating: 5 of 10",
    }  # fmt: skip
    assert SurveyAnswer.objects.get().score == 5
    assert Envelope.objects.filter(channel__kind="survey").count() == 2, "each wording is kept raw, once"


def test_an_answer_stays_as_it_is_when_its_days_are_over(house: House) -> None:
    _link, address = ask(house, to_judge(house), make_survey(house))
    answer(address, rating="4", **{"q-why": "Late."})
    SurveyAnswer.objects.update(at=timezone.now() - timedelta(days=8))
    assert Client().get(f"{address}?change=1").status_code == 302
    late = answer(address, rating="10", **{"q-why": "Good."})
    assert late.status_code == 409 and b"stays as it is" in late.content
    assert SurveyAnswer.objects.get().score == 4


@pytest.mark.parametrize(("first", "then", "heard"), [
    ({"rating": "9"}, {"rating": "9", "q-why": BAD}, 2), ({"rating": "9", "q-why": "Good."}, {"rating": "1"}, 2),
    ({"rating": "9", "q-why": "Good."}, {"rating": "10", "q-why": "Very good."}, 1),
])  # fmt: skip
def test_what_needs_nobody_and_then_does_is_heard_as_new_words(
    house: House, first: dict[str, str], then: dict[str, str], heard: int
) -> None:
    _link, address = ask(house, to_judge(house), make_survey(house))
    answer(address, **first)
    house.settle()
    answer(address, **then)
    house.settle()
    said = Interaction.objects.filter(kind="survey")
    assert (said.count(), said.values("conversation").distinct().count()) == (heard, 1)
    assert SurveyAnswer.objects.count() == 1
    assert Judgement.objects.filter(interaction__kind="survey", current=True).count() == heard


def test_what_was_opened_before_it_was_worded_anew_is_kept_under_its_own_words(house: House) -> None:
    survey = make_survey(house)
    again = Wording("nps", "Quite other words?", (replace(WHY, label="What now?"),))
    surveys.keep(house.leo, survey, again, name=survey.name, brand=survey.brand)
    answer(open_address(survey), wording="1", rating="1", **{"q-why": BAD, "q-what": "Boots"})
    answer(open_address(survey), once="later-form", wording="2", rating="1", **{"q-why": BAD, "q-what": "Boots"})
    house.settle()
    old, new = SurveyAnswer.objects.order_by("pk")
    assert (old.wording.number, new.wording.number) == (1, 2)
    assert "what" in old.given and "what" not in new.given
    shown = {case.pk: visit(house.leo).get(f"/cases/open/{case.pk}").content.decode() for case in Case.objects.all()}
    first, second = (shown[number] for number in sorted(shown))
    assert "Would you recommend us?" in first and "What now?" not in first
    assert "Quite other words?" in second and "What now?" in second

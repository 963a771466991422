"""An answer by a personal link is feedback on the answer it was asked about."""

import pytest
from django.utils import timezone

from armature.crm.act import (
    survey_links,
    surveys,
)
from armature.crm.act.models import SurveyLink
from armature.crm.channels.survey import Who
from armature.crm.channels.survey.wording import Filled
from armature.crm.decide.models import Wait
from armature.crm.learn import coming_back
from armature.crm.learn.models import Feedback
from armature.crm.listen.surveys import answers, tokens
from asked import make_survey, send_answer
from house import House
from test_feedback import _answered, _back
from visitors import to_answer

SURVEYS = [
    ("csat", 2, "not_satisfied"), ("csat", 3, ""), ("csat", 4, "satisfied"),
    ("nps", 6, "not_satisfied"), ("nps", 8, ""), ("nps", 9, "satisfied"),
    ("ces", 3, "not_satisfied"), ("ces", 5, "satisfied"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "score", "verdict"), SURVEYS)
def test_an_answer_by_a_personal_link_is_feedback_on_the_last_answer(
    house: House, kind: str, score: int, verdict: str
) -> None:
    response = _answered(house)
    survey = make_survey(house, kind)
    link = survey_links.ask(house.mona, house.case(), survey)
    assert [_survey_answered(link, given) for given in (score, score, score + 1)] == [True, False, False]
    house.settle()
    kept = Feedback.objects.get(response=response)
    assert (kept.kind, kept.verdict, kept.score) == ("survey", verdict, score)
    assert Wait.objects.filter(form="feedback", state="open").exists() == (verdict == "")
    if verdict == "not_satisfied":
        _back(house, response)


def _survey_answered(link: SurveyLink, score: int) -> bool:
    before, one = Feedback.objects.count(), link.identity
    answer = answers.take_in(
        link.survey, surveys.latest(link.survey), survey_links.key_of(link), Who(one.network, one.address),
        Filled(score, {}), timezone.now(),
    )  # fmt: skip
    coming_back.survey_answered(answer, link)
    return Feedback.objects.count() > before


def test_a_survey_whose_link_stands_in_an_answer_is_about_that_answer(house: House) -> None:
    case = to_answer(house, "question")
    link = survey_links.ask(house.mona, case, make_survey(house, "csat"))
    with_it = send_answer(house, text=f"Here: https://x.example/survey/{tokens.personal_token(link.pk)}")
    house.hear("And how do I send it back?")
    _answered(house)
    assert _survey_answered(link, 1)
    assert Feedback.objects.get(kind="survey").response_id == with_it.pk


def test_a_survey_about_a_case_without_an_answer_is_no_feedback(house: House) -> None:
    link = survey_links.ask(house.mona, to_answer(house, "question"), make_survey(house, "csat"))
    assert not _survey_answered(link, 1)

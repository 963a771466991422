"""Surveys: who makes them, who is asked, never twice, and what happens at the same moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry, Brand, Membership, Role, Team, User
from armature.crm.act import restricted, survey_links, surveys
from armature.crm.act.models import Case, SurveyLink
from armature.crm.act.work import Refused
from armature.crm.channels.survey import Who
from armature.crm.channels.survey.wording import Filled, Wording, from_json
from armature.crm.identify.models import Identity, Person
from armature.crm.listen.models import Channel, Envelope, Interaction
from armature.crm.listen.surveys import answers
from armature.crm.listen.surveys.models import Survey, SurveyAnswer, SurveyWording
from asked import WHAT, WHY, long_ago, make_survey
from house import House
from together import together, well
from visitors import to_judge

WHO = Who("email", "ingrid@people.example", "Ingrid")


def take(survey: Survey, key: str = "k", score: int | None = 9, who: Who = WHO, **given: Any) -> SurveyAnswer:
    filled = Filled(score, given)
    return answers.take_in(survey, surveys.latest(survey), key, who, filled, timezone.now())


def test_surveys_are_made_by_leads_of_all_teams_of_the_brand(house: House) -> None:
    support = Team.objects.get(key="support")
    other = Brand.objects.create(key="other", name="Other")
    held = [(Role.AGENT, None, None), (Role.LEAD, support, None), (Role.ADMIN, None, other), (Role.LEAD, None, None)]
    for number, (role, team, brand) in enumerate(held):
        user = User.objects.create_user(f"u{number}@shop.example", "U", "a good password")
        Membership.objects.create(user=user, role=role, team=team, brand=brand)
        asked = Wording("nps", "Well?")
        if number == 3:
            surveys.keep(user, Survey(), asked, name="Mine", brand=house.brand)
            continue
        with pytest.raises(NotAllowed):
            surveys.keep(user, Survey(), asked, name="Mine", brand=house.brand)
    assert Survey.objects.count() == 1
    assert Channel.objects.filter(kind="survey").count() == 1
    assert AuditEntry.objects.filter(verb="made a survey").count() == 1


def test_a_survey_cannot_be_moved_to_a_brand_by_somebody_who_leads_only_that_one(house: House) -> None:
    survey, other = make_survey(house), Brand.objects.create(key="other", name="Other")
    Membership.objects.create(user=house.olga, role=Role.LEAD, brand=other)
    with pytest.raises(NotAllowed):
        surveys.keep(house.olga, survey, Wording("nps", "Well?"), name="Taken", brand=other)
    with pytest.raises(NotAllowed):
        surveys.set_state(house.olga, survey, "closed")
    survey.refresh_from_db()
    assert (survey.name, survey.brand_id, survey.state) == ("After delivery", house.brand.pk, "open")


def test_words_that_did_not_change_are_no_new_wording(house: House) -> None:
    survey = make_survey(house)
    asked = from_json(surveys.latest(survey).body)
    surveys.keep(house.leo, survey, asked, name="Another name", brand=house.brand)
    assert SurveyWording.objects.count() == 1
    surveys.keep(house.leo, survey, Wording("nps", "Other words?"), name="Another name", brand=house.brand)
    assert list(SurveyWording.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_survey_with_answers_keeps_its_kind_and_its_brand(house: House) -> None:
    survey, other = make_survey(house), Brand.objects.create(key="other", name="Other")
    surveys.keep(house.leo, survey, Wording("csat", "Well?"), name="Still free", brand=house.brand)
    take(survey, score=3)
    for kind, brand in (("nps", house.brand), ("csat", other)):
        with pytest.raises(Refused, match="has answers already"):
            surveys.keep(house.leo, survey, Wording(kind, "Well?"), name="No", brand=brand)


def test_a_survey_for_which_customers_have_links_keeps_its_brand(house: House) -> None:
    """Else their answers, with who they are and what their case was, were heard by the people of another brand."""
    survey, other = make_survey(house), Brand.objects.create(key="other", name="Other")
    survey_links.ask(house.mona, to_judge(house), survey)
    asked = from_json(surveys.latest(survey).body)
    with pytest.raises(Refused, match="have links"):
        surveys.keep(house.leo, survey, asked, name="Moved", brand=other)
    survey.refresh_from_db()
    assert (survey.brand_id, survey.channel.brand_id, survey.name) == (house.brand.pk, house.brand.pk, "After delivery")


def test_a_survey_whose_last_day_is_over_is_not_opened(house: House) -> None:
    survey = make_survey(house, opened=False, closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="last day is over"):
        surveys.set_state(house.leo, survey, "open")


def test_nobody_is_asked_twice_within_the_days_that_leave_them_alone(house: House) -> None:
    case, first, second = to_judge(house), make_survey(house), make_survey(house, "csat", name="Other", quiet_days=30)
    link = survey_links.ask(house.mona, case, first)
    assert survey_links.ask(house.leo, case, first).pk == link.pk, "the link that waits is given again"
    with pytest.raises(Refused, match=r"asked on .* already \(After delivery\). Ask them again from"):
        survey_links.ask(house.mona, case, second)
    long_ago(link, 31)
    assert survey_links.ask(house.mona, case, second).pk != link.pk
    assert AuditEntry.objects.filter(verb="asked for an answer to a survey").count() == 2


def test_a_person_is_one_whatever_address_they_write_from(house: House) -> None:
    case, other, survey = to_judge(house), to_judge(house, author="i@work.example"), make_survey(house)
    person = Person.objects.create(name="Ingrid")
    Identity.objects.filter(pk__in=[case.identity_id, other.identity_id]).update(person=person)
    survey_links.ask(house.mona, case, survey)
    with pytest.raises(Refused, match="already"):
        survey_links.ask(house.mona, other, survey)


def test_who_may_not_ask_or_asks_for_what_is_not_open_is_refused(house: House) -> None:
    case, survey = to_judge(house), make_survey(house)
    with pytest.raises(NotAllowed):
        survey_links.ask(house.nia, case, survey)
    other = Brand.objects.create(key="other", name="Other")
    foreign = make_survey(house, brand=other)
    with pytest.raises(Refused, match="not open for customers of this brand"):
        survey_links.ask(house.mona, case, foreign)
    surveys.set_state(house.leo, survey, "closed")
    with pytest.raises(Refused, match="not open"):
        survey_links.ask(house.mona, case, surveys.survey_for(house.leo, survey.pk))
    assert not SurveyLink.objects.exists()


def test_nobody_is_asked_about_a_case_that_only_named_people_see(house: House) -> None:
    case, survey = to_judge(house), make_survey(house)
    restricted.restrict(house.leo, case, reason="because")
    with pytest.raises(Refused, match="Only named people"):
        survey_links.ask(house.leo, Case.objects.select_related("conversation__channel", "identity").get(), survey)


def test_many_colleagues_who_ask_at_once_make_one_link(open_house: House) -> None:
    house = open_house
    case, survey = to_judge(house), make_survey(house)
    other = make_survey(house, "csat", name="Other")
    came = together(*[lambda: survey_links.ask(house.mona, case, survey)] * 4,
                    *[lambda: survey_links.ask(house.leo, case, other)] * 4)  # fmt: skip
    assert SurveyLink.objects.count() == 1
    assert len(well(came)) == 4, came
    assert sum(isinstance(one, Refused) for one in came) == 4


def test_one_answer_sent_many_times_at_once_is_one(open_house: House) -> None:
    survey = make_survey(open_house)
    came = together(*[lambda: take(survey, why="The zip broke.")] * 8)
    assert len({one.pk for one in well(came)}) == 1 and len(well(came)) == 8, came
    open_house.settle()
    assert (SurveyAnswer.objects.count(), Envelope.objects.filter(channel=survey.channel).count()) == (1, 1)
    assert Interaction.objects.filter(kind="survey").count() == 1
    assert AuditEntry.objects.filter(verb="answered a survey").count() == 1


def test_changes_at_once_are_edits_of_one_answer_and_the_figures_are_those_of_its_last_words(open_house: House) -> None:
    survey = make_survey(open_house)
    for number in range(6):
        take(survey, f"k{number}", 8, why="Fine.")
        came = together(*[lambda n=n: take(survey, f"k{number}", n, why=f"Words {n}.") for n in (7, 9, 10) * 2])  # noqa: B023
        assert len(well(came)) == 6, came
    open_house.settle()
    for kept in SurveyAnswer.objects.all():
        said = Interaction.objects.get(external_id=kept.external_id)
        assert said.text == f"{kept.given['why']}\n\nRating: {kept.score} of 10"
        assert said.revisions.count() >= 4


def test_raw_and_figures_stand_or_fall_together(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = make_survey(house)
    monkeypatch.setattr(answers.commands, "accept", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(survey)
    assert not SurveyAnswer.objects.exists() and not Envelope.objects.exists()


def test_taking_an_answer_in_costs_the_same_however_many_there_are(
    house: House, django_assert_max_num_queries: Any
) -> None:
    survey = make_survey(house, questions=(WHY, WHAT))
    for number in range(5):
        take(survey, f"k{number}", why="Words.")
    with django_assert_max_num_queries(22):
        take(survey, "last", why="Words.")

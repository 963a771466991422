"""The page of a survey: whoever has a signed link answers, and what they say is judged like any message."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from foreign import everything_written

from armature.crm.accounts.models import AuditEntry
from armature.crm.act import restricted
from armature.crm.act.models import Case
from armature.crm.act.queries import cases_for
from armature.crm.channels.survey.wording import Question
from armature.crm.decide.models import Judgement
from armature.crm.decide.queries import interaction
from armature.crm.decide.snapshot import unpack
from armature.crm.listen import guard
from armature.crm.listen.models import Channel, Envelope, Interaction
from armature.crm.listen.surveys.models import Survey, SurveyAnswer
from armature.crm.web.visitor.address import new_token
from asked import WHAT, answer, ask, filled, long_ago, make_survey, open_address
from house import House
from visitors import to_judge, visit

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


WRONG = ("x", "~", "~~", "o", "p1", "p1~", "oabc~sig")


def _forged(address: str) -> list[str]:
    token = address.rsplit("/", 1)[1]
    what, sign = token.split("~")
    other = f"{sign[:-2]}{'A' if sign[-2] != 'A' else 'B'}{sign[-1]}"
    neighbour = f"p{int(what[1:]) + 1}" if what[0] == "p" else "p2"
    return [
        *WRONG,
        f"{what}~{other}",
        f"{what}1~{sign}",
        f"{neighbour}~{sign}",
        f"{what[0]}{what[2:]}~{sign}",
        f"{what.upper()}~{sign}",
    ]


def test_a_forged_link_gets_one_plain_page_and_writes_nothing(house: House) -> None:
    case, survey = to_judge(house), make_survey(house)
    _link, personal = ask(house, case, survey)
    for address in (personal, open_address(survey)):
        for token in _forged(address):
            before = everything_written()
            for page in (Client().get(f"/survey/{token}"), answer(f"/survey/{token}", rating="1")):
                assert page.status_code == 404, token
                assert "This link leads nowhere" in page.content.decode()
                assert "After delivery" not in page.content.decode()
            assert everything_written() == before, token


def test_a_link_about_a_case_that_was_restricted_since_takes_no_words(house: House) -> None:
    """Others than those who are named would read them."""
    case = to_judge(house)
    _link, address = ask(house, case, make_survey(house))
    restricted.restrict(house.leo, case)
    before = everything_written()
    assert Client().get(address).status_code == 410
    assert answer(address, rating="1", **{"q-why": BAD}).status_code == 410
    assert everything_written() == before


def test_what_was_answered_before_a_case_was_restricted_is_restricted_with_it(house: House) -> None:
    case = to_judge(house)
    _link, address = ask(house, case, make_survey(house))
    answer(address, rating="1", **{"q-why": BAD})
    house.settle()
    about = Case.objects.exclude(pk=case.pk).get()
    assert about in cases_for(house.mona)
    restricted.restrict(house.leo, case)
    assert about not in cases_for(house.mona) and about in cases_for(house.leo)
    restricted.lift(house.leo, case)
    assert about in cases_for(house.mona)


def test_a_link_signed_for_something_else_leads_nowhere(house: House) -> None:
    survey = make_survey(house)
    page = Channel.objects.create(kind="web", place="web_form", address="hello", name="Page", brand=house.brand)
    for token in (new_token(page, "once"), signing.Signer(sep="~").sign(f"o{survey.key}"), signing.dumps(survey.key)):
        assert Client().get(f"/survey/{token}").status_code == 404


def test_a_link_that_has_run_out_says_so_and_writes_nothing(house: House) -> None:
    link, address = ask(house, to_judge(house), make_survey(house))
    long_ago(link, 31)
    before = everything_written()
    assert Client().get(address).status_code == 410
    assert "is closed" in answer(address, rating="1").content.decode()
    assert everything_written() == before


@pytest.mark.parametrize("how", ["draft", "closed", "over", "paused"])
def test_a_survey_that_is_not_open_takes_nothing(house: House, how: str) -> None:
    survey = make_survey(house)
    if how == "over":
        Survey.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    elif how == "paused":
        Channel.objects.filter(kind="survey").update(active=False)
    else:
        Survey.objects.update(state=how)
    for page in (Client().get(open_address(survey)), answer(open_address(survey), rating="1")):
        assert page.status_code == 410
    assert not SurveyAnswer.objects.exists()


def test_the_open_page_sent_twice_is_one_answer(house: House) -> None:
    address = open_address(make_survey(house))
    for _ in range(3):
        answer(address, rating="1", **{"q-why": BAD})
    answer(address, once="another-form", rating="1", **{"q-why": BAD})
    house.settle()
    assert (SurveyAnswer.objects.count(), Interaction.objects.filter(kind="survey").count()) == (2, 2)


def test_an_address_that_is_typed_is_that_person_with_a_warning(house: House) -> None:
    case = to_judge(house)
    answer(open_address(make_survey(house)), rating="1", email="INGRID@people.example", **{"q-why": BAD})
    house.settle()
    said = Interaction.objects.get(kind="survey")
    assert "nobody has proven" in said.warning
    assert Case.objects.get(conversation=said.conversation_id).identity_id == case.identity_id


@pytest.mark.parametrize("given", [
    {"rating": ""}, {"rating": "11"}, {"rating": "-1"}, {"rating": "1.5"}, {"rating": "1", "q-what": "Shoes"},
    {"rating": "1", "q-why": "x" * 4001}, {"rating": "1", "email": "no address"}, {"rating": "1", "website": "x"},
    {"rating": "1", "opened": "forged"}, {"rating": "1", "seconds": 0}, {"rating": "1", "once": "?"},
], ids=str)  # fmt: skip
def test_what_no_person_sends_is_refused_in_words_and_nothing_is_lost(house: House, given: dict[str, Any]) -> None:
    sent = answer(open_address(make_survey(house)), **{"q-why": "My words", **given})
    shown = sent.content.decode()
    assert sent.status_code == 422 and 'class="problem"' in shown
    assert str(given.get("q-why", "My words"))[:50] in shown
    assert not SurveyAnswer.objects.exists() and not Interaction.objects.filter(kind="survey").exists()


def test_a_required_question_says_so(house: House) -> None:
    asked = (replace(WHAT, required=True), Question("n", "number", "How often?", low=0, high=3, required=True),
             Question("y", "yes_no", "Again?", required=True),
             Question("m", "choices", "Which?", ("A", "B"), required=True))  # fmt: skip
    address = open_address(make_survey(house, "own", questions=asked))
    assert answer(address).content.decode().count('role="alert"') == 4
    sent = answer(address, **{"q-what": "Boots", "q-n": "0", "q-y": "no", "q-m": ["A", "B"]})
    assert sent.status_code == 302
    assert SurveyAnswer.objects.get().given == {"what": "Boots", "n": 0, "y": "no", "m": ["A", "B"]}


def test_nothing_at_all_is_asked_for_something(house: House) -> None:
    sent = answer(open_address(make_survey(house, "own")))
    assert sent.status_code == 422 and b"Answer at least one question" in sent.content


def test_more_than_people_answer_is_asked_to_wait(house: House) -> None:
    for _ in range(guard.MOST_AN_HOUR):
        guard.knock("127.0.0.1")
    sent = answer(open_address(make_survey(house)), rating="1", **{"q-why": "One too many"})
    assert sent.status_code == 429 and b"One too many" in sent.content
    assert not SurveyAnswer.objects.exists()


HOSTILE = "<script>alert(1)</script>\"'>{{ settings.SECRET_KEY }}\u202e"


def test_hostile_words_are_shown_as_words_everywhere(house: House) -> None:
    asked = (Question("why", "text", HOSTILE), Question("what", "choice", HOSTILE, (HOSTILE, "B")))
    survey = make_survey(house, questions=asked, name=HOSTILE)
    answer(open_address(survey), rating="1", name=HOSTILE, **{"q-why": HOSTILE, "q-what": HOSTILE})
    house.settle()
    case = Case.objects.get()
    leo = visit(house.leo)
    pages = ["/surveys", f"/surveys/{survey.pk}", f"/surveys/{survey.pk}/change", f"/surveys/{survey.pk}/preview",
             f"/case/{case.pk}/survey", f"/cases/open/{case.pk}", open_address(survey)]  # fmt: skip
    for page in pages:
        shown = leo.get(page)
        assert shown.status_code == 200, page
        assert "<script>alert" not in shown.content.decode(), page
        assert "&lt;script&gt;" in shown.content.decode(), page


def test_whoever_answers_gets_no_cookie_and_needs_no_script(house: House) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = open_address(make_survey(house))
    page = strict.get(address)
    assert b"<script" not in page.content
    sent = strict.post(address, filled(rating="1"))
    assert sent.status_code == 302
    strict.get(sent.headers["Location"])
    assert not strict.cookies


def test_the_page_costs_the_same_however_many_have_answered(house: House) -> None:
    survey = make_survey(house)
    address = open_address(survey)

    def cost() -> list[int]:
        found = []
        for page in (address, f"{address}/thanks"):
            with CaptureQueriesContext(connection) as queries:
                assert Client().get(page).status_code == 200
            found.append(len(queries))
        return found

    few = cost()
    for number in range(10):
        answer(address, once=f"form-{number:04}", rating="1", **{"q-why": BAD})
    assert cost() == few
    assert max(few) <= 5


def test_those_who_want_an_answer_are_led_to_the_page_where_one_is_given(house: House) -> None:
    address = open_address(make_survey(house))
    assert b"/talk/" not in Client().get(f"{address}/thanks").content
    Channel.objects.create(kind="web", place="web_form", address="hello", name="Page", brand=house.brand)
    assert b'href="/talk/hello"' in Client().get(f"{address}/thanks").content


def test_only_what_they_wrote_is_read_and_not_the_rating_beside_it(house: House) -> None:
    answer(open_address(make_survey(house)), rating="6", **{"q-why": "The parcel was late."})
    house.settle()
    said = Interaction.objects.get(kind="survey")
    assert said.text.endswith("Rating: 6 of 10")
    assert interaction(said.pk).text == "The parcel was late."

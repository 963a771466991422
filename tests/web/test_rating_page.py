"""The page behind the link in an answer: to open it says nothing, the first rating stands, and it tells no secrets."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from foreign import everything_written

from armature.crm.act import approvals, commands, leaving, queries, rating_links, responses, restricted
from armature.crm.act.models import Case, Delivery, RatingAsk, RatingLink, Response
from armature.crm.identify.commands import person_of
from armature.crm.learn.models import Feedback
from armature.crm.listen import guard
from armature.crm.listen.models import Interaction
from asked import answer, ask, ask_after_answers, make_survey, rating_address, send_answer
from house import House
from visitors import to_answer, to_approve, visit


@pytest.fixture
def response(house: House) -> Response:
    """An answer that asked how it was."""
    ask_after_answers(house)
    to_answer(house, "question")
    return send_answer(house)


def _send(response: Response, **given: str) -> HttpResponse:
    return Client().post(rating_address(response), given)  # type: ignore[return-value]


def test_to_open_the_link_counts_for_nothing(response: Response) -> None:
    before = everything_written()
    for _ in range(2):
        page = Client().get(rating_address(response))
        assert page.status_code == 200 and not page.cookies
        assert Client().head(rating_address(response)).status_code == 200
    assert everything_written() == before
    shown = page.content.decode()
    for word in ("Very good", "Good", "Neither good nor bad", "Not good", "Bad", "noindex", "no-referrer"):
        assert word in shown
    for secret in ("ingrid", "My parcel", "It is on its way", "Mona"):
        assert secret not in shown


def test_what_is_sent_counts_once_and_brings_the_case_back(house: House, response: Response) -> None:
    sent = _send(response, stars="2")
    assert sent.status_code == 302
    assert "You said: Not good" in Client().get(rating_address(response)).content.decode()
    assert _send(response, stars="5").status_code == 302
    house.settle()
    assert [(one.stars, one.verdict) for one in Feedback.objects.all()] == [(2, "not_satisfied")]
    case = Case.objects.get(pk=response.case_id)
    assert case.ended_at is None and case.form in ("intent", "response")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "They rated it 2 of 5" in page and "not satisfied" in page


def test_words_may_follow_and_are_shown_on_the_case_and_with_the_person(house: House, response: Response) -> None:
    _send(response, stars="1", words="It never came. <b>I want to complain.</b>")
    again = Client().get(rating_address(response)).content.decode()
    assert "Your words have arrived too" in again and "<textarea" not in again
    house.settle()
    assert Interaction.objects.filter(channel__kind="survey", text__startswith="It never came.").count() == 1
    person = person_of(response.case.identity_id)
    for address in (f"/cases/open/{response.case_id}", f"/people/{person.pk}"):
        page = visit(house.mona).get(address).content.decode()
        assert "They rated it 1 of 5" in page and "It never came. &lt;b&gt;" in page, address


def test_words_can_be_added_later(house: House, response: Response) -> None:
    _send(response, stars="4")
    assert _send(response, words="").status_code == 422
    assert _send(response, words="Thank you all!").status_code == 302
    assert RatingLink.objects.get().commented_at


@pytest.mark.parametrize("given", [{}, {"stars": "0"}, {"stars": "6"}, {"stars": "x"}, {"words": "only words"},
                                   {"stars": "3", "website": "spam"}, {"stars": "3", "words": "x" * 4001}])  # fmt: skip
def test_what_is_no_rating_is_refused_in_words_and_changes_nothing(response: Response, given: dict[str, str]) -> None:
    sent = _send(response, **given)
    assert sent.status_code == 422 and b'role="alert"' in sent.content
    assert not Feedback.objects.exists()


def test_links_that_are_not_ours_or_over_tell_nothing(house: House, response: Response) -> None:
    address = rating_address(response)
    for wrong in (
        f"{address[:-1]}A" if address[-1] != "A" else f"{address[:-1]}B",
        "/rate/x",
        f"/rate/{response.pk}~x",
    ):
        assert Client().get(wrong).status_code == 404, wrong
        assert Client().post(wrong, {"stars": "1"}).status_code == 404
    Delivery.objects.update(settled_at=timezone.now() - timedelta(days=61))
    assert _send(response, stars="1").status_code == 410
    Delivery.objects.update(settled_at=timezone.now())
    restricted.restrict(house.leo, response.case)
    assert _send(response, stars="1").status_code == 410
    assert not Feedback.objects.exists()


def test_an_answer_that_is_not_out_cannot_be_rated(house: House) -> None:
    ask_after_answers(house)
    waiting = to_approve(house)
    assert _send(waiting, stars="5").status_code == 410


def test_colleagues_do_not_rate_their_own_answers(house: House, response: Response) -> None:
    sent = visit(house.mona).post(rating_address(response), {"stars": "5"})
    assert sent.status_code == 403 and not Feedback.objects.exists()


def test_a_flood_is_refused_and_loses_no_words(response: Response, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_AN_HOUR", 0)
    sent = _send(response, stars="2", words="Still here.")
    assert sent.status_code == 429 and b"Still here." in sent.content
    assert not Feedback.objects.exists()


def test_writer_and_approver_see_the_line_before_it_leaves(house: House) -> None:
    ask_after_answers(house)
    case = to_answer(house)
    assert "How was this answer?" in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    written = responses.write(house.mona, case, text="We are sorry.", seen=queries.last_said(case))
    house.settle()
    line = rating_links.line_of(written)
    for address in ("/approvals", f"/cases/open/{case.pk}"):
        assert line in visit(house.leo).get(address).content.decode(), address


def test_a_lead_switches_it_on_and_a_wrong_number_keeps_what_was_typed(house: House) -> None:
    leo = visit(house.leo)
    assert not RatingAsk.objects.exists()
    given = {"brand": house.brand.pk, "on": "on", "quiet_days": "30", "words": "Was das gut?"}
    wrong = leo.post("/surveys/after-answers", given | {"quiet_days": "none"})
    assert wrong.status_code == 422 and b"Was das gut?" in wrong.content and not RatingAsk.objects.exists()
    assert leo.post("/surveys/after-answers", given).status_code == 302
    kept = RatingAsk.objects.get()
    assert (kept.on, kept.quiet_days, kept.words, kept.address) == (True, 30, "Was das gut?", "http://testserver")
    assert visit(house.mona).get("/surveys/after-answers").status_code == 404
    assert "after-answers" not in visit(house.mona).get("/surveys").content.decode()


def test_an_answer_to_a_survey_stands_with_the_answer_it_is_about(house: House, response: Response) -> None:
    RatingLink.objects.all().delete()
    _link, address = ask(house, house.case(), make_survey(house, "csat", questions=()))
    assert answer(address, rating="1").status_code == 302
    house.settle()
    case = Case.objects.get(pk=response.case_id)
    assert case.ended_at is None and case.form in ("intent", "response")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "They answered a survey about it: 1 of 5" in page


def test_words_added_to_a_rating_stand_in_the_case_of_the_answer(house: House, response: Response) -> None:
    """A second case for them had nobody who knew what they were about, and could not be answered."""
    _send(response, stars="1", words="It never came.")
    house.settle()
    case = Case.objects.get()
    said = Interaction.objects.get(channel__kind="survey")
    assert said.conversation_id == case.conversation_id and case.ended_at is None and not said.warning
    assert (said.author, said.subject) == (case.identity.address, f"On our answer in case {case.pk}")
    assert [one.kind for one in Feedback.objects.all()] == ["rating"], "and are no reply that counts once more"
    commands.judge_intent(house.mona, case, intent="question")
    house.settle()
    again = responses.write(house.mona, case, text="We send another.", seen=queries.last_said(case))
    house.settle()
    approvals.approve(house.leo, queries.response_for(house.leo, again.pk), digest=again.digest)
    house.settle()
    out = leaving.outgoing(Delivery.objects.get(response=again))
    assert out.in_reply_to and not any("rating-" in name for name in (out.in_reply_to, *out.references))

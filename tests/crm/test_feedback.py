"""Feedback is joined to the answer that caused it, counts once, and bad news comes back as the map says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import (
    approvals,
    drafts,
    endings,
    queries,
    rating_links,
    responses,
    restricted,
    survey_links,
)
from armature.crm.act.digest import digest_of
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Case, Delivery, RatingLink, Response
from armature.crm.act.work import Refused
from armature.crm.decide.models import Wait
from armature.crm.learn import came, ratings
from armature.crm.learn.models import Feedback, Outcome
from armature.crm.listen.models import Interaction
from asked import ask_after_answers, long_ago, make_survey, send_answer
from house import House
from together import together, well
from visitors import to_answer, to_approve


def _answered(house: House, **more: str) -> Response:
    to_answer(house, "question", **more)
    return send_answer(house, more.get("author", "ingrid@people.example"))


def _silence(house: House) -> None:
    """The days of the map are over and they said nothing."""
    wait = Wait.objects.get(form="feedback", state="open")
    past = (timezone.now() - timedelta(minutes=5)).isoformat()
    wait.timers, wait.next_timer_at = [[past, *wait.timers[0][1:]]], past
    wait.save()
    assert jobs.tick()
    house.settle()


def _back(house: House, response: Response) -> Case:
    """The case stands on the desk again: somebody owes the customer something."""
    house.settle()
    assert not {law.words: found for law, found in conservation.broken() if found}
    case = Case.objects.get(pk=response.case_id)
    assert case.ended_at is None and case.status in ("new", "open")
    return case


def test_what_leaves_is_what_was_released_with_the_line_that_asks(house: House) -> None:
    ask_after_answers(house)
    response = to_approve(house)
    line = rating_links.line_of(response)
    assert line.startswith("How was this answer? https://desk.example/rate/")
    assert len(response.rating_link.key) == 16, "96 bits that nobody guesses, and no number of ours"
    assert queries.response_for(house.leo, response.pk).digest == digest_of(response)
    RatingLink.objects.update(line=f"{line}x")
    assert digest_of(response) != response.digest, "the line is part of what was approved"
    RatingLink.objects.update(line=line)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    assert Interaction.objects.get(direction="out").text == f"We are sorry.\n\n{line}"


def test_a_line_that_was_changed_after_release_does_not_leave(house: House) -> None:
    ask_after_answers(house)
    case = to_answer(house, "question")
    response = responses.write(house.mona, case, text="So.", seen=queries.last_said(case))
    while jobs.judge_conversations():
        pass
    RatingLink.objects.update(line="Buy this: https://bad.example")
    house.settle()
    assert Delivery.objects.get(response=response).reason == "The text was changed after it was released."


def test_nothing_is_asked_where_nobody_switched_it_on(house: House) -> None:
    response = _answered(house)
    assert rating_links.line_of(response) == "" and not RatingLink.objects.exists()
    ask_after_answers(house, on=False)
    assert rating_links.line_of(_answered(house, author="bo@people.example")) == ""


def test_only_one_customer_is_asked_and_nobody_about_a_case_of_named_people(house: House) -> None:
    ask_after_answers(house)
    case = to_answer(house, "question")
    terms = Terms("private", "", None, (case.identity.address, "friend@people.example"), (), None)
    response = responses.write(house.mona, case, text="Hello all.", seen=queries.last_said(case), terms=terms)
    assert rating_links.line_of(response) == ""
    hidden = to_answer(house, "question", author="bo@people.example")
    restricted.restrict(house.leo, hidden, readers=[house.mona])
    assert rating_links.would_ask(hidden) == ""
    assert rating_links.line_of(send_answer(house, "bo@people.example")) == ""


def test_nobody_is_asked_twice_within_the_days_of_quiet_by_whichever_way(house: House) -> None:
    ask_after_answers(house)
    first = _answered(house)
    assert rating_links.line_of(first)
    house.hear("And how do I send it back?")
    second = _answered(house)
    assert rating_links.line_of(second) == ""
    with pytest.raises(Refused, match="asked on"):
        survey_links.ask(house.mona, house.case(), make_survey(house))
    RatingLink.objects.update(made_at=timezone.now() - timedelta(days=91))
    link = survey_links.ask(house.mona, house.case(), make_survey(house))
    assert rating_links.would_ask(house.case()) == ""
    long_ago(link, 91)
    assert rating_links.would_ask(house.case())


def test_a_draft_that_comes_back_keeps_its_link_and_can_be_thrown_away(house: House) -> None:
    ask_after_answers(house)
    response = to_approve(house)
    key = response.rating_link.key
    responses.take_back(house.mona, response)
    house.settle()
    case = house.case()
    again = responses.write(house.mona, case, text="Other words.", seen=queries.last_said(case))
    assert again.pk == response.pk and RatingLink.objects.get().key == key
    house.settle()
    responses.take_back(house.mona, again)
    house.settle()
    drafts.discard(house.mona, house.case())
    assert not RatingLink.objects.filter(response__state="sent").exists()


def test_a_poor_rating_brings_the_case_back(house: House) -> None:
    ask_after_answers(house)
    response = _answered(house)
    assert ratings.rate_answer(response.pk, 2)
    case = _back(house, response)
    kept = Feedback.objects.get()
    assert (kept.response_id, kept.kind, kept.verdict, kept.stars) == (response.pk, "rating", "not_satisfied", 2)
    assert {one.verdict for one in Outcome.objects.all()} == {"not_satisfied"}
    assert AuditEntry.objects.filter(verb="rated").count() == 1
    assert case.form in ("intent", "response")


def test_the_first_rating_stands_also_of_two_at_once(open_house: House) -> None:
    response = _answered(open_house)
    done = together(*[lambda stars=stars: ratings.rate_answer(response.pk, stars) for stars in (1, 5)])
    assert sorted(well(done)) == [False, True]
    assert Feedback.objects.count() == 1
    stars = Feedback.objects.get().stars
    assert not ratings.rate_answer(response.pk, 3) and Feedback.objects.get().stars == stars


@pytest.mark.parametrize("settled", [False, True])
def test_a_poor_rating_after_silence_brings_the_case_back_too(house: House, settled: bool) -> None:
    response = _answered(house)
    _silence(house)
    assert [one.kind for one in Feedback.objects.all()] == ["silence"]
    Case.objects.filter(pk=response.case_id).update(settled=settled)
    assert ratings.rate_answer(response.pk, 1)
    _back(house, response)
    assert [one.kind for one in Feedback.objects.order_by("pk")] == ["silence", "rating"]


def test_a_poor_rating_of_a_case_of_before_brings_back_the_one_that_follows_it(house: House) -> None:
    response = _answered(house)
    _silence(house)
    Case.objects.update(settled=True)
    sent = Interaction.objects.get(direction="out")
    house.hear("About 4711 and the other thing.", in_reply_to=sent.external_id)
    house.settle()
    new = house.case()
    assert new.pk != response.case_id
    endings.end(house.mona, new, how="no_response", reason="It was nothing.")
    assert ratings.rate_answer(response.pk, 1)
    house.settle()
    assert house.case().pk == new.pk and house.case().ended_at is None
    assert Case.objects.get(pk=response.case_id).ended_at


def test_a_good_rating_after_the_end_changes_no_case(house: House) -> None:
    response = _answered(house)
    _silence(house)
    assert ratings.rate_answer(response.pk, 5)
    house.settle()
    assert Case.objects.get(pk=response.case_id).ended_at


def test_what_is_said_about_an_earlier_answer_leaves_the_wait_for_the_last_one(house: House) -> None:
    first = _answered(house)
    sent = Interaction.objects.get(direction="out")
    second = _answered(house, text="About 4711 and the other thing.", in_reply_to=sent.external_id)
    assert second.case_id == first.case_id
    assert ratings.rate_answer(first.pk, 1)
    house.settle()
    assert Wait.objects.filter(form="feedback", state="open").count() == 1


def test_words_added_to_a_rating_are_said_once_and_judged(house: House) -> None:
    ask_after_answers(house)
    response = _answered(house)
    link = RatingLink.objects.get()
    assert not ratings.comment(link, "Before any rating."), "words come with a rating"
    ratings.rate_answer(response.pk, 2)
    assert ratings.comment(link, "I am very disappointed, I want to complain.")
    assert not ratings.comment(RatingLink.objects.get(), "Once more.")
    house.settle()
    said = Interaction.objects.get(channel__kind="survey")
    assert (said.text, said.author) == ("I am very disappointed, I want to complain.", "ingrid@people.example")
    theirs = Case.objects.get(conversation=said.conversation_id)
    assert theirs.identity_id == response.case.identity_id and theirs.form
    sent = Interaction.objects.get(direction="out")
    told = came.came_of(house.mona, [sent.pk])[sent.pk]
    assert [(one.kind, one.score, one.poor, one.comment, one.case) for one in told] == [
        ("rating", 2, True, said.text, theirs.pk)
    ]
    assert theirs.pk == response.case_id, "they stand with what they are about"
    assert [one.comment for one in came.came_of(house.nia, [sent.pk])[sent.pk]] == [said.text]
    restricted.restrict(house.leo, theirs)
    assert [one.comment for one in came.came_of(house.nia, [sent.pk])[sent.pk]] == [""]


def test_words_come_within_a_week_of_the_rating(house: House) -> None:
    ask_after_answers(house)
    response = _answered(house)
    ratings.rate_answer(response.pk, 2)
    Feedback.objects.update(at=timezone.now() - timedelta(days=8))
    assert not ratings.may_comment(RatingLink.objects.get())
    assert not ratings.comment(RatingLink.objects.get(), "Too late.")


def test_an_unhappy_reply_brings_the_case_back(house: House) -> None:
    response = _answered(house)
    sent = Interaction.objects.get(direction="out")
    house.hear("I am very disappointed, I want to complain.", in_reply_to=sent.external_id)
    _back(house, response)
    assert [(one.kind, one.verdict) for one in Feedback.objects.all()] == [("reply", "not_satisfied")]


def test_only_leads_of_the_brand_decide_whether_it_is_asked(house: House) -> None:
    for user in (house.mona, house.olga):
        with pytest.raises(NotAllowed):
            rating_links.keep(user, house.brand, on=True, quiet_days=90, words="Well?", address="")
        assert rating_links.asks_for(user) == []
    for wrong in ({"quiet_days": 0}, {"quiet_days": 4000}, {"words": " "}, {"words": "x" * 201}):
        with pytest.raises(Refused):
            ask_after_answers(house, **wrong)

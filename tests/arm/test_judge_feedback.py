"""What comes back is joined to the wait for it, and ends the case or begins it again."""

from datetime import timedelta

import pytest
from test_judge import one, resumed

from arm.cast import NOW, judged, said
from armature.arm import Ask, Joined, Turn


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("thanks a lot", "satisfied"),
        ("praise", "satisfied"),
        ("new complaint", "not_satisfied"),
        ("a problem", "not_satisfied"),
        ("cancel", "not_satisfied"),
    ],
)
def test_what_comes_back_joins_the_wait_for_feedback(text: str, came: str) -> None:
    judgement = judged(Turn(said(text), waits=frozenset({"Feedback"})))[0]
    assert judgement.stop == Joined("Feedback", {"feedback": came})


def test_what_went_out_earlier_in_the_same_batch_is_already_waiting_for_feedback() -> None:
    sent = Turn(said("purchase", 1), "Send", {"delivery": "sent"}, resumed(one("purchase"), "Micro", "purchase").facts)
    thanks = Turn(said("thanks", 2, at=NOW + timedelta(minutes=1)))
    stops = [judgement.stop for judgement in judged(thanks, sent)]
    assert isinstance(stops[0], Joined)
    assert isinstance(stops[1], Ask)
    assert judged(thanks)[0].path[-1] == "Micro"


@pytest.mark.parametrize("nobody", [{"identity": 0}, {"conversation": 0}])
def test_nobody_in_particular_joins_no_wait(nobody: dict[str, int]) -> None:
    turn = Turn(said("thanks", **nobody), waits=frozenset({"Feedback"}))  # type: ignore[arg-type]
    assert judged(turn)[0].path[-1] == "Micro"


def test_a_language_that_was_not_recognised_is_not_known() -> None:
    judgement = one("question", language="unknown")
    assert judgement.facts["language"] is None
    assert judgement.rows["business_rules"] == "R00"


def test_a_new_question_is_no_feedback() -> None:
    assert judged(Turn(said("question"), waits=frozenset({"Feedback"})))[0].path[-1] == "Micro"


@pytest.mark.parametrize(
    ("turn", "path"),
    [
        (Turn(said("x"), "Feedback", {"feedback": "satisfied"}), ("CameOfIt", "Flag", "EndDone")),
        (Turn(said("x"), "Silence"), ("Silence", "EndSilence")),
        (Turn(said("perhaps x"), "Feedback", {"feedback": "not_satisfied"}), ("CameOfIt", "Reopen", "Where")),
    ],
)
def test_what_came_of_it_ends_or_begins_again(turn: Turn, path: tuple[str, ...]) -> None:
    assert judged(turn)[0].path[:3] == path


def test_a_reopened_case_is_read_and_ruled_again() -> None:
    judgement = judged(Turn(said("complaint, I call it a lawsuit"), "Feedback", {"feedback": "not_satisfied"}))[0]
    assert judgement.rows == {"who_judges": "J01"}
    assert judgement.reading
    assert judgement.reading.intent == "complaint" or judgement.reading.intent == "other"

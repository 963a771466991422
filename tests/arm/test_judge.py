"""Judging: one interaction through the baseline, the answers that follow, and what comes back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from arm.cast import MAP, NOW, OFFICE, PLAN, TABLES, KeywordReader, judged, said
from armature.arm import Ask, Due, End, Fact, Joined, Judgement, Known, Past, Reading, Turn, Value, compile_plan, judge
from armature.arm.act import ask


def one(text: str, knowledge: Mapping[int, Known] | None = None, **where: object) -> Judgement:
    return judged(Turn(said(text, **where)), knowledge=knowledge)[0]  # type: ignore[arg-type]


def resumed(judgement: Judgement, after: str, text: str = "question", **answer: Value) -> Judgement:
    return judged(Turn(said(text), after, answer, judgement.facts, judgement.reading))[0]


def test_a_private_question_goes_straight_to_the_team_that_the_rules_name() -> None:
    judgement = one("a question in italian", language="it")
    road = "Received Where Intent Known WhoJudges NeedsJudging Rules WhatNext WhoAnswers Micro"
    assert " ".join(judgement.path) == road
    assert judgement.rows == {"who_judges": "J04", "business_rules": "R11"}
    assert isinstance(judgement.stop, Ask)
    assert (judgement.stop.form, judgement.stop.team, judgement.stop.priority) == ("response", "translation_desk", 3)
    assert [(due.element, due.minutes, due.interrupts) for due in judgement.stop.timers] == [
        ("MicroDue", 480, False),
        ("MicroLate", 960, False),
    ]
    assert judgement.stop.minutes == 480


@pytest.mark.parametrize(
    ("text", "where", "row"),
    [
        ("praise", {"public": True}, "J02"),
        ("perhaps praise", {}, "J00"),
        ("there was a lawsuit", {}, "J01"),
        ("praise", {"identity": 9}, "J03"),
    ],
)
def test_a_person_judges_what_is_public_unsure_grave_or_far_reaching(
    text: str, where: dict[str, object], row: str
) -> None:
    judgement = one(text, {9: Known({"followers": Fact(20_000)})}, **where)
    assert judgement.rows == {"who_judges": row}
    assert isinstance(judgement.stop, Ask)
    assert (judgement.stop.element, judgement.stop.form, judgement.stop.team) == ("Judge", "intent", "evaluation")
    assert judgement.stop.timers[0].interrupts


def test_what_a_person_judged_stands_and_facts_are_taken_fresh() -> None:
    first = one("perhaps a question", {7: Known({"tier": Fact("silver")})})
    confirmed = Reading("complaint", "billing", -0.9, "en", 1.0, by="Ada", confirmed=True)
    past = tuple(Past(NOW - timedelta(days=n), n, "complaint", n > 1) for n in (1, 2, 3))
    turn = Turn(said("perhaps a question", 5), "Judge", {"intent": "complaint"}, first.facts, confirmed)
    judgement = judged(turn, knowledge={7: Known({"tier": Fact("gold")}, past)})[0]
    assert judgement.rows == {"business_rules": "R03"}
    assert judgement.path == ("Rules", "WhatNext", "WhoAnswers", "Executive")
    assert judgement.facts["judged_by_person"] is True
    assert judgement.facts["complaints_30d"] == 3
    assert judgement.facts["complaints_30d_unconfirmed"] == 1
    assert judgement.facts["issue_type"] == "billing"


def test_when_nobody_judges_in_time_it_is_raised_and_goes_on_marked() -> None:
    judgement = resumed(one("perhaps a complaint"), "JudgeOverdue")
    assert judgement.path[:3] == ("JudgeOverdue", "RaiseJudging", "Rules")
    assert [(do.step, do.values["what"]) for do in judgement.actions] == [("raise", "not judged by a person")]
    assert judgement.facts["judged_by_person"] is False


def test_a_timer_that_does_not_interrupt_only_tells() -> None:
    judgement = resumed(one("question"), "MicroDue")
    assert judgement.path == ("MicroDue", "TellLead", "EndTold")
    assert judgement.actions[0].values["team"] == "triage"
    assert judgement.stop == End("EndTold", "noted")


def test_a_response_that_needs_approval_waits_for_it_and_goes_back_to_whoever_wrote_it() -> None:
    written = resumed(one("question"), "Micro", answer="r1")
    assert isinstance(written.stop, Ask)
    assert (written.stop.form, written.stop.team) == ("approval", "evaluation")
    assert resumed(written, "Approve", approved=True).path[-2:] == ("Details", "Send")
    assert resumed(written, "Approve", approved=False).path == ("Approved", "Writer", "Micro")


def test_a_response_that_needs_no_approval_is_sent() -> None:
    written = resumed(one("purchase"), "Micro", "purchase", answer="r1")
    assert written.path == ("NeedsApproval", "Details", "Send")
    assert isinstance(written.stop, Ask)
    assert written.stop.form == "send"


@pytest.mark.parametrize(
    ("delivery", "path"),
    [
        ("sent", ("Delivered", "Record", "Feedback")),
        ("failed", ("Delivered", "Writer", "Micro")),
        ("unknown", ("Delivered", "AskDelivery")),
    ],
)
def test_each_outcome_of_sending_has_its_road(delivery: str, path: tuple[str, ...]) -> None:
    written = resumed(one("purchase"), "Micro", "purchase")
    assert resumed(written, "Send", "purchase", delivery=delivery).path == path


def test_silence_is_counted_round_the_clock() -> None:
    stop = resumed(resumed(one("purchase"), "Micro", "purchase"), "Send", "purchase", delivery="sent").stop
    assert isinstance(stop, Ask)
    assert stop.timers == (Due("Silence", 14 * 1440, interrupts=True, round_the_clock=True, clock="feedback"),)


def test_an_executive_answers_delegates_or_meets() -> None:
    first = one("my lawsuit")
    ruled = resumed(first, "JudgeOverdue", "my lawsuit")
    assert ruled.path[-1] == "Executive"
    assert resumed(ruled, "Executive", "x", decision="answer").path[-1] == "Approve"
    assert resumed(ruled, "Executive", "x", decision="delegate").path == ("Decided", "Micro")
    met = resumed(ruled, "Executive", "x", decision="meet")
    assert met.stop == End("EndMeeting", "internal")
    assert [do.step for do in met.actions] == ["internal", "record"]


def test_a_rejected_answer_of_an_executive_goes_back_to_the_executive_and_is_not_approved_twice() -> None:
    ruled = resumed(one("my lawsuit"), "JudgeOverdue", "my lawsuit")
    answered = resumed(ruled, "Executive", "x", decision="answer")
    approved = resumed(answered, "Approve", "x", approved=True)
    failed = resumed(approved, "Send", "x", delivery="failed")
    assert failed.path[-1] == "Executive"
    again = resumed(failed, "Executive", "x", decision="answer")
    assert again.path[-1] == "Approve"
    assert again.facts["approved"] is None


def test_an_incident_has_its_own_road_through_the_same_approval() -> None:
    opened = {"team": "press", "priority": 1, "sla_minutes": 30, "reply": "public", "approval": True, "template": "t"}
    first = judged(Turn(said("outage"), "IncidentOpened", carried=opened))[0]
    assert isinstance(first.stop, Ask)
    assert (first.stop.element, first.stop.team, first.stop.minutes) == ("Macro", "press", 30)
    assert resumed(resumed(first, "Macro"), "Approve", approved=False).path[-1] == "Macro"


def test_what_a_machine_wrote_is_set_aside_with_the_reason_and_not_read() -> None:
    reader = KeywordReader()
    turn = Turn(said("out of office", automatic="auto-reply"))
    judgement = judge([turn], {}, PLAN, reader, {0: OFFICE}, NOW)[0]
    assert judgement.stop == End("Received", "no_response", "set aside: auto-reply")
    assert judgement.reading is None
    assert reader.asked == 0


def test_a_map_that_does_not_read_does_not_ask_the_reader() -> None:
    assert not {"Micro", "Judge", "Send"} & PLAN.reading
    reader = KeywordReader()
    judge([Turn(said("x"), "Micro", {}, one("purchase").facts)], {}, PLAN, reader, {}, NOW)
    assert reader.asked == 0


def test_an_answer_that_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Approve response gives approved = 'maybe', which is not yes or no"):
        resumed(one("question"), "Approve", approved="maybe")


def test_without_a_calendar_business_hours_are_not_known() -> None:
    turn = Turn(said("complaint", public=True))
    assert judge([turn], {}, PLAN, KeywordReader(), {}, NOW)[0].facts["business_hours"] is None
    assert judged(turn)[0].facts["business_hours"] is True


def test_business_hours_are_those_of_when_it_was_said_and_a_date_in_the_future_counts_as_now() -> None:
    night, weekend = NOW - timedelta(hours=9), NOW + timedelta(days=1)
    assert one("complaint", at=night).facts["business_hours"] is False
    assert one("complaint", at=weekend).facts["business_hours"] is True


def test_judgements_come_in_the_order_of_the_batch() -> None:
    turns = [Turn(said("question", number)) for number in (3, 1, 2)]
    assert [judgement.interaction for judgement in judged(*turns)] == [3, 1, 2]


def test_an_answered_intent_counts_as_judged_by_a_person_whatever_the_reading_says() -> None:
    first = one("perhaps x")
    assert resumed(first, "Judge", intent="praise").facts["judged_by_person"] is True
    assert resumed(first, "Judge", intent="cancel").rows == {"business_rules": "R04"}


def test_a_timer_that_does_not_interrupt_leaves_the_wait_for_feedback_open() -> None:
    hurried = MAP.replace(
        b'name="Silence for 14 days" attachedToRef="Feedback"',
        b'name="S" attachedToRef="Feedback" cancelActivity="false"',
    )
    plan = compile_plan(
        hurried.replace(b'name="Nothing came back" arm:outcome="answered"', b'name="N" arm:outcome="noted"'), TABLES
    )
    old, thanks = Turn(said("x", 1), "Silence"), Turn(said("thanks", 2), waits=frozenset({"Feedback"}))
    for built, stop in ((plan, Joined), (PLAN, Ask)):
        assert isinstance(judge([old, thanks], {}, built, KeywordReader(), {0: OFFICE}, NOW)[1].stop, stop)


def test_a_fact_of_the_wrong_type_counts_as_not_known() -> None:
    judgement = one("praise", {7: Known({"followers": Fact("many"), "tier": Fact("gold"), "odd": Fact(1)})})
    assert judgement.facts["followers"] is None
    assert judgement.facts["tier"] == "gold"
    assert "odd" not in judgement.facts


def test_complaints_are_counted_once_each_in_order_of_time_within_thirty_days() -> None:
    past = (
        Past(NOW - timedelta(days=31), 1, "complaint"),
        Past(NOW - timedelta(days=29), 2, "complaint"),
        Past(NOW - timedelta(days=1), 3, "praise"),
        Past(NOW, 4, "complaint"),
        Past(NOW, 6, "complaint"),
        Past(NOW, 5, "complaint"),
    )
    assert one("complaint", {7: Known({}, past)}, number=5).facts["complaints_30d"] == 2


def test_the_decision_keeps_every_fact_of_the_catalogue() -> None:
    assert one("question").facts.keys() == PLAN.catalogue.keys()


def test_no_two_judgements_share_their_facts() -> None:
    first, second = judged(Turn(said("question", 1)), Turn(said("praise", 2)))
    assert first.facts is not second.facts
    assert first.facts["intent"] == "question"


def test_a_plan_that_is_built_again_judges_the_same() -> None:
    turn = Turn(said("complaint furious", public=True))
    again = judge([turn], {}, compile_plan(MAP, TABLES), KeywordReader(), {0: OFFICE}, NOW)
    assert again == judged(turn)


@pytest.mark.parametrize(
    ("element", "facts", "minutes"),
    [
        ("Judge", {"sla_minutes": 60}, 480),
        ("Micro", {"sla_minutes": 60}, 60),
        ("Micro", {}, 480),
        ("Executive", {"sla_minutes": 60}, 480),
        ("Approve", {}, None),
    ],
)
def test_work_that_no_timer_hurries_is_due_all_the_same(
    element: str, facts: dict[str, Value], minutes: int | None
) -> None:
    asked = ask(replace(PLAN.nodes[element], timers=()), facts)
    assert (asked.timers, asked.minutes) == ((), minutes)

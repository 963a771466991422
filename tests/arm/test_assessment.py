"""What happened is cut into askings, each message in exactly one place; proposals hold what their numbers say."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from armature.arm.assessment import Judged, Ours, Routed, Theirs, exchanges, lanes, routing, watching
from armature.arm.assessment.evidence import PROMISES, Share, promise_of, within
from armature.arm.assessment.watching import having_a_person_look, looks, range_of

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ORDER = ["R01", "R07", "R00"]


def at(minutes: int) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


@st.composite
def conversations(draw: st.DrawFn) -> list[Theirs | Ours]:
    """Up to forty things said in order, by us and up to four others; some at the same moment."""
    found: list[Theirs | Ours] = []
    minutes = 0
    for number in range(draw(st.integers(0, 40))):
        minutes += draw(st.integers(0, 90))
        if draw(st.booleans()):
            found.append(Ours(at(minutes), draw(st.sampled_from(["a", "b"]))))
        else:
            found.append(Theirs(number, at(minutes), draw(st.integers(1, 4)), draw(st.booleans())))
    return found


@settings(max_examples=300)
@given(conversations())
def test_every_message_stands_in_exactly_one_exchange_and_every_asking_waits_or_was_answered(
    said: list[Theirs | Ours],
) -> None:
    found = exchanges(said)
    theirs = [one for one in said if isinstance(one, Theirs)]
    assert Counter(number for exchange in found for number in exchange.messages) == Counter(one.id for one in theirs)
    for exchange in found:
        assert [asking.opening for asking in exchange.askings] == [n == 0 for n in range(len(exchange.askings))]
        assert all(asking.answered_at for asking in exchange.askings[:-1]), "only the last may still wait"
        assert all(asking.answered_at >= asking.at for asking in exchange.askings if asking.answered_at)
        assert exchange.asked == any(one.asks for one in theirs if one.identity == exchange.identity)
        asking = [one for one in theirs if one.asks and one.identity == exchange.identity]
        assert sum(1 for one in asking if one.id in {asking.first for asking in exchange.askings}) == len(
            exchange.askings
        )


@given(conversations())
def test_somebody_waits_exactly_when_they_asked_and_we_said_nothing_since(said: list[Theirs | Ours]) -> None:
    for exchange in exchanges(said):
        last_ours = max((n for n, one in enumerate(said) if isinstance(one, Ours)), default=-1)
        since = [one for one in said[last_ours + 1 :] if isinstance(one, Theirs) and one.identity == exchange.identity]
        assert bool(exchange.waits) == any(one.asks for one in since)


def some(number: int, side: str = "billing", **more: object) -> Routed:
    """So many alike."""
    kept = Routed("email", "question", "billing", side, "R07", "support", 2, number)
    return kept._replace(**more)  # type: ignore[arg-type]


def anything(_when: object, _above: str) -> bool:
    """Every row fits."""
    return True


def test_a_row_is_proposed_where_one_side_answered_nearly_all_and_the_rules_send_it_elsewhere() -> None:
    found = routing([some(312), some(28, "sales")], ORDER, anything)
    assert [(one.kind, one.side, one.above, one.when) for one in found] == [
        (
            "routing",
            "billing",
            "R07",
            {
                "channel": {"one_of": ["email"]},
                "intent": {"one_of": ["question"]},
                "issue_type": {"one_of": ["billing"]},
            },
        ),
    ]
    numbers = found[0].numbers
    assert (numbers["count"], numbers["of"], numbers["percent"], numbers["least"]) == (312, 340, 92, 88)
    assert (numbers["now"], numbers["row"], found[0].then) == ("support", "R07", {"sla_minutes": 60})


def test_nothing_is_proposed_of_few_or_of_a_share_that_is_not_sure_or_where_it_goes_already() -> None:
    assert not routing([some(19)], ORDER, anything), "nineteen are not enough"
    assert routing([some(20)], ORDER, anything)
    assert not routing([some(15), some(6, "sales")], ORDER, anything), "71 %, but at least 50 %"
    assert not routing([some(200, team="billing")], ORDER, anything), "the rules send it there"
    assert not routing([some(200)], ORDER, lambda when, above: False), "no such row fits"
    assert not routing([some(200, "")], ORDER, anything), "nobody knows who answered"
    assert routing([], ORDER, anything) == []


def test_a_wide_kind_is_not_taken_where_a_narrow_one_in_it_goes_to_somebody_else() -> None:
    said = [some(300), some(25, "retention", issue_type="delivery")]
    found = routing(said, ORDER, anything)
    assert {(one.side, one.when["issue_type"]["one_of"][0]) for one in found} == {
        ("billing", "billing"), ("retention", "delivery"),
    }  # fmt: skip


def test_a_row_is_no_wider_than_what_was_answered_and_nothing_is_evidence_twice() -> None:
    found = routing([some(100), some(100, channel="chat")], ORDER, anything)
    assert [sorted(one.when) for one in found] == [["intent", "issue_type"]]


def test_exceptions_stay_above_a_new_row() -> None:
    found = routing([some(100), some(5, row="R01", team="legal")], ORDER, anything)
    assert {one.above for one in found} == {"R07"}
    found = routing([some(100), some(50, row="R01", team="legal")], ORDER, anything)
    assert {one.above for one in found} == {"R01"}


def test_a_lane_is_for_whoever_answered_most_of_a_kind_and_has_none() -> None:
    said = [some(60), some(40, "support", intent="problem", issue_type="support")]
    assert [one.side for one in lanes(said, {"support"})] == ["billing"]
    both = lanes(said, set())
    assert [(one.side, one.numbers["count"], one.numbers["of"]) for one in both] == [
        ("billing", 60, 100), ("support", 40, 100),
    ]  # fmt: skip
    assert lanes([some(19)], set()) == [] and lanes([some(50, "")], set()) == []
    assert lanes([some(30), some(31, "sales")], set()) == [], "half of a kind is nobody's own"


def judged(**more: object) -> Judged:
    """A hundred complaints in private, of which the machine is sure."""
    kept = Judged("email", False, "complaint", 0.8, "J04", False, 0, 0, 0, 0)
    return kept._replace(**more)  # type: ignore[arg-type]


def test_a_person_is_to_look_where_people_said_otherwise_than_the_reader() -> None:
    found = watching([judged(said=100, differs=40)], ["J04", "J00"], anything)
    assert [(one.why, one.above, one.when["confidence"], one.then) for one in found] == [
        ("differs", "J04", {">=": 0.8}, {})
    ]
    assert not watching([judged(said=100, differs=10)], ["J04"], anything)
    assert not watching([judged(said=100, differs=40, looks=True)], ["J04"], anything), "a person looks already"
    assert not watching([judged(said=19, differs=19)], ["J04"], anything)


def test_a_person_is_to_look_where_much_is_at_stake_and_it_came_late_or_never() -> None:
    assert [one.why for one in watching([judged(asked=100, late=60)], ["J04"], anything)] == ["late"]
    assert not watching([judged(asked=100, late=60, intent="question")], ["J04"], anything)
    assert not watching([judged(asked=100, late=30)], ["J04"], anything)


def test_a_person_is_proposed_in_whichever_word_the_table_has_and_never_the_machine_alone() -> None:
    assert having_a_person_look(("needs_evaluation", "judge_team"), {}) == {"needs_evaluation": True}
    assert having_a_person_look(("judging", "judge_team"), {}) == {"judging": "suggest"}
    assert having_a_person_look(("team",), {}) is None
    assert (looks({"judging": "automatic"}), looks({"judging": "draft"}), looks({})) == (False, True, None)
    assert (looks({"needs_evaluation": False}), looks({"needs_evaluation": True})) == (False, True)


@given(st.floats(-1, 2, allow_nan=False))
def test_every_confidence_has_its_range(confidence: float) -> None:
    assert range_of(confidence) in (0.0, 0.5, 0.8)


@given(st.floats(0, 10**7))
def test_the_promise_of_a_length_is_the_shortest_usual_one_that_keeps_it(minutes: float) -> None:
    number = promise_of(minutes)
    assert minutes <= PROMISES[number] or number == len(PROMISES) - 1
    assert number == 0 or minutes > PROMISES[number - 1]


def test_four_in_five_are_within_the_promise_that_is_proposed() -> None:
    assert within({0: 80, 5: 20}, 0.8) == 15
    assert within({0: 79, 5: 21}, 0.8) == PROMISES[5]


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_least_of_a_share_is_never_more_than_the_share(count: int, more: int) -> None:
    share = Share(count, count + more)
    assert 0 <= share.least <= (count / (count + more) if count + more else 0) + 1e-9

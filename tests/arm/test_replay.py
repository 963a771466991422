"""Replays: a plan over its own past differs in nothing; one changed row gives exactly its own."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from arm.cast import MAP, NOW, OFFICE, PLAN, TABLES, KeywordReader, said
from arm.drawing import draw
from arm.pasts import kept, past, pasts
from armature.arm import Interaction, Joined, Judgement, Plan, Reading, Turn, compile_plan, judge
from armature.arm.course import Course, Moment, Stop, course, difference
from armature.arm.process_map import edit
from armature.arm.process_map.edit import Drawing
from armature.arm.replay import replayed

WORDS = ["complaint", "problem", "praise", "thanks", "question", "purchase", "spam", "furious", "perhaps", "lawsuit"]
said_so = st.lists(st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), st.booleans()),
                   min_size=1, max_size=6)  # fmt: skip
MAPS = [PLAN]


def table(key: str, change: Any) -> Plan:
    raw = json.loads(TABLES[key])
    change(raw)
    return compile_plan(MAP, {**TABLES, key: json.dumps(raw).encode()})


def with_row(row: str, **then: Any) -> Plan:
    def change(raw: dict[str, Any]) -> None:
        next(one for one in raw["rows"] if one["id"] == row)["then"].update(then)

    return table("business_rules", change)


def nobody_judges() -> Plan:
    def change(raw: dict[str, Any]) -> None:
        for one in raw["rows"]:
            one["then"]["judging"] = "automatic"

    return table("who_judges", change)


def everybody_judges() -> Plan:
    def change(raw: dict[str, Any]) -> None:
        for one in raw["rows"]:
            one["then"].update(judging="draft", judge_team="evaluation", judge_minutes=30)

    return table("who_judges", change)


def of(one: Interaction, moments: list[Moment], plan: Plan) -> tuple[Course, Course]:
    return course(moments), replayed(one, moments, plan)


@st.composite
def drawn(box: st.DrawFn) -> Plan:
    """A map of asks, tables and gateways in any order, behind what is known."""
    nodes = [("start", "S", ""), ("step", "W", 'arm:step="where"'), ("step", "I", 'arm:step="intent"'),
             ("step", "K", 'arm:step="known"')]  # fmt: skip
    arrows, last = ["S > W", "W > I", "I > K"], "K"
    for n, kind in enumerate(box(st.lists(st.sampled_from(["judge", "who", "rules", "fork"]), max_size=4))):
        name = f"X{n}"
        if kind == "judge":
            nodes.append(("ask", name, 'arm:form="intent"'))
        elif kind in ("who", "rules"):
            nodes.append(("table", name, f'arm:table="{"who_judges" if kind == "who" else "business_rules"}"'))
        else:
            to, back = f"E{n}", box(st.sampled_from(["intent = praise", "public = yes", "intent in spam, complaint"]))
            nodes += [("choice", name, f'default="f{len(arrows) + 2}"'), ("end", to, 'arm:outcome="internal"')]
            arrows += [f"{last} > {name}", f"{name} > {to} : {back}"]
            last = name
            continue
        arrows.append(f"{last} > {name}")
        last = name
    return compile_plan(draw([*nodes, ("end", "Z", 'arm:outcome="no_response" arm:reason="r"')],
                             [*arrows, f"{last} > Z"]), TABLES)  # fmt: skip


@settings(max_examples=60)
@given(said_so, st.randoms(use_true_random=False))
def test_the_baseline_over_its_own_past_gives_no_difference(texts: list[tuple[str, bool]], chance: Any) -> None:
    for one, moments in pasts(PLAN, texts, chance.randrange):
        before, after = of(one, moments, PLAN)
        assert difference(before, after) == {}
        assert [m.path for m in after.moments] == [m.path for m in moments]


@settings(max_examples=60)
@given(drawn(), said_so, st.randoms(use_true_random=False))
def test_any_map_over_its_own_past_gives_no_difference(plan: Plan, texts: list[tuple[str, bool]], chance: Any) -> None:
    for one, moments in pasts(plan, texts, chance.randrange):
        assert difference(*of(one, moments, plan)) == {}


OF_TEMPLATE = {"rule", *PLAN.tables["action_details"].table.outputs}
"""What another wording may change besides: the table of action details tests it."""


@settings(max_examples=60)
@given(said_so, st.sampled_from([row.id for row in PLAN.tables["business_rules"].table.rows]),
       st.randoms(use_true_random=False))  # fmt: skip
def test_one_changed_row_gives_exactly_what_it_decided(texts: list[tuple[str, bool]], row: str, chance: Any) -> None:
    changed = with_row(row, template="another wording")
    for one, moments in pasts(PLAN, texts, chance.randrange):
        found = difference(*of(one, moments, changed))
        assert bool(found) is (moments[-1].rows.get("business_rules") == row)
        assert found.keys() <= {"template", *OF_TEMPLATE}
        assert not found or "template" in found


@settings(max_examples=40)
@given(said_so, st.integers(0, 11), st.randoms(use_true_random=False))
def test_a_row_taken_out_gives_exactly_those_it_decided(
    texts: list[tuple[str, bool]], number: int, chance: Any
) -> None:
    row = PLAN.tables["business_rules"].table.rows[number].id
    without = table("business_rules", lambda raw: raw["rows"].pop(number))
    for one, moments in pasts(PLAN, texts, chance.randrange):
        fired = {m.rows.get("business_rules") for m in moments}
        found = difference(*of(one, moments, without))
        if moments[-1].rows.get("business_rules") == row:
            assert "rule" in found
        if row not in fired:  # a row that decided an earlier part may show in what followed from it
            assert found == {}


def first(text: str, public: bool = False) -> tuple[Interaction, list[Moment]]:
    """Only its first judgement."""
    one = said(text, public=public)
    return one, past(PLAN, one, lambda most: 0)


def test_where_nobody_was_asked_it_would_wait_for_a_person() -> None:
    before, after = of(*first("question"), everybody_judges())
    assert (before.stop.kind, before.stop.element, after.stop) == (
        "ask", "Micro", Stop("would_ask", "Judge", "intent"),
    )  # fmt: skip


def test_what_a_person_said_is_not_known_where_nobody_asks_any_more() -> None:
    one = said("perhaps a question")
    picks = iter([9, 0, 0])
    moments = past(PLAN, one, lambda most: next(picks))  # Ada says it is a complaint; then it waits
    assert moments[1].facts["intent"] == "complaint"
    after = replayed(one, moments, nobody_judges())
    assert after.moments[-1].facts["intent"] == "question"
    assert "Judge" not in after.path


def test_it_is_not_known_either_once_words_that_were_written_are_taken() -> None:
    one = said("perhaps a question")
    for intent in range(4):
        picks = iter([9, intent, 9, 0, 0])
        moments = past(PLAN, one, lambda most, picks=picks: next(picks, 0))  # type: ignore[misc]
        if len(moments) == 3 and moments[1].stop.element == "Micro" and moments[1].facts["intent"] != "question":
            after = replayed(one, moments, nobody_judges())
            assert after.moments[-1].facts["answer"] == "written"
            assert after.moments[-1].facts["intent"] == "question"
            return
    raise AssertionError("no intent leads to a response")


def test_an_answer_is_taken_where_the_plan_waits_for_the_same() -> None:
    one = said("perhaps a question")
    picks = iter([9, 0, 0])
    moments = past(PLAN, one, lambda most: next(picks))
    renamed = compile_plan(MAP.replace(b'"Judge"', b'"Ask"').replace(b">Judge<", b">Ask<"), TABLES)
    before, after = of(one, moments, renamed)
    assert after.moments[-1].facts["intent"] == "complaint"
    assert before.rows == after.rows


def test_an_end_by_hand_holds_only_where_it_waits_for_the_same() -> None:
    one = said("question")
    moments = past(PLAN, one, lambda most: 1)
    assert replayed(one, moments, PLAN).stop == Stop("end", "Micro", "no_response", "closed")
    assert replayed(one, moments, everybody_judges()).stop.kind == "would_ask"


def test_what_was_set_aside_stays_so_under_every_plan() -> None:
    one = said("complaint", automatic="auto-reply")
    moments = past(PLAN, one, lambda most: 9)
    assert difference(*of(one, moments, everybody_judges())) == {}
    taken_back = replace(one, automatic="")  # the mark is only in what was recorded
    assert replayed(taken_back, moments, PLAN).stop == moments[0].stop


def test_what_is_taken_up_by_hand_goes_on_there() -> None:
    one = said("spam")
    ended = past(PLAN, one, lambda most: 1)
    again = Moment(PLAN, ("Micro",), ended[-1].rows, ended[-1].facts,
                   Stop("ask", "Micro", "response"))  # fmt: skip
    assert difference(*of(one, [*ended, again], PLAN)) == {}


def test_what_joined_a_wait_joins_it_again() -> None:
    one = said("thanks")
    turn = Turn(one, reading=KeywordReader().read(["thanks"], [""])[0], waits=frozenset({"Feedback"}))
    judgement = judge([turn], {}, PLAN, KeywordReader(), {0: OFFICE}, NOW)[0]
    assert isinstance(judgement.stop, Joined)
    first = kept(PLAN, judgement, None)
    assert difference(*of(one, [first], PLAN)) == {}
    after = judge([Turn(one, "Feedback", judgement.stop.answer, first.facts, turn.reading)], {}, PLAN, KeywordReader(),
                  {0: OFFICE}, NOW)[0]  # fmt: skip
    assert after.path[0] == "CameOfIt"
    assert difference(*of(one, [first, kept(PLAN, after, first)], PLAN)) == {}


def test_an_intent_corrected_while_it_waits_for_words_goes_behind_the_judging() -> None:
    one = said("question")
    moments = past(PLAN, one, lambda most: 0)
    reading = Reading("complaint", "billing", -0.9, "en", 1.0, by="Ada", confirmed=True)
    answer = {"intent": "complaint", "judged_by_person": True}
    turn = Turn(one, "Judge", answer, moments[0].facts, reading)
    judgement: Judgement = judge([turn], {}, PLAN, KeywordReader(), {0: OFFICE}, NOW)[0]
    assert difference(*of(one, [*moments, kept(PLAN, judgement, moments[0])], PLAN)) == {}


def test_facts_and_readings_of_today_take_the_place_of_those_known_then() -> None:
    one, moments = first("question")
    gold = replayed(one, moments, PLAN, read={**moments[0].facts, "intent": "complaint", "sentiment": -0.9})
    assert gold.rows != course(moments).rows
    known = replayed(one, moments, PLAN, known={"followers": 1_000_000})
    assert known.stop == Stop("would_ask", "Judge", "intent")


def test_what_differs_is_told_by_its_name() -> None:
    one, moments = first("question")
    changed = with_row(str(moments[0].rows["business_rules"]), team="billing", priority=1)
    found = difference(*of(one, moments, changed))
    assert set(found) == {"team", "priority"}
    assert found["team"][1] == "billing"


def test_one_more_choice_that_leads_on_to_the_same_steps_is_no_other_way() -> None:
    drawing = Drawing(MAP)
    choice = edit.add(drawing, "exclusiveGateway", "Many followers?", arrow="f_known")
    more = edit.add_arrow(drawing, choice, "WhoJudges")
    edit.default(drawing, drawing.map.leaving(choice)[0].id)
    edit.condition(drawing, more, "followers > 10000")
    one, moments = first("question")
    before, after = of(one, moments, compile_plan(drawing.write(), TABLES))
    assert choice in after.path and choice not in before.path
    assert difference(before, after) == {}

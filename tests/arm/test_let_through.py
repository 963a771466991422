"""What would go through without a person: counted row by row, promised carefully, and never more than was measured."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arm.cast import SHIPPED
from armature.arm.let_through import BANDS, Checked, Count, by_confidence, by_row, judges, newly_automatic
from armature.arm.rule import FACTS, compile_table
from armature.arm.rule.compiled import CompiledTable
from armature.arm.rule.finding import Unfit
from armature.arm.rule.table import DecisionTable, Row, read_table

OUTPUTS = ("judging", "drafting", "judge_team", "judge_minutes")


def row(name: str, judging: str, **when: Any) -> Row:
    return Row(name, when, {"judging": judging, "drafting": "off", "judge_team": "evaluation", "judge_minutes": 60})


def table(*rows: Row) -> CompiledTable:
    inputs = ("public", "followers", "confidence", "channel")
    return compile_table(DecisionTable("who", "Who", inputs, OUTPUTS, rows), FACTS)


LAST = row("R0", "suggest")
SURE = row("R1", "automatic", confidence={">=": 0.8})
PUBLIC = row("R2", "draft", public=True)


def test_what_ships_lets_nothing_through_that_nobody_measured() -> None:
    shipped = read_table(SHIPPED["who_judges"])[0]
    assert shipped is not None and judges(shipped)
    assert newly_automatic(compile_table(shipped, FACTS), None) == []


def test_a_machine_may_draft_an_answer_and_never_release_it() -> None:
    raw = json.loads(SHIPPED["who_judges"])
    raw["rows"][3]["then"]["drafting"] = "automatic"
    read = read_table(json.dumps(raw).encode())[0]
    assert read is not None
    with pytest.raises(Unfit) as refused:
        compile_table(read, FACTS)
    assert [one.words for one in refused.value.findings] == [
        'Row J04, drafting: "automatic" is not for answers: a machine may draft, never release. '
        'Choose "draft", and a person sends it'
    ]


def test_a_promise_at_the_bound_is_kept_and_one_right_reading_less_breaks_it() -> None:
    bound = Count(100, 97).lower
    assert Count(100, 97).keeps(bound)
    assert not Count(100, 96).keeps(bound)


def test_twenty_nine_cases_promise_nothing_and_thirty_may() -> None:
    assert not Count(29, 29).keeps(0.5)
    assert Count(30, 30).keeps(0.5)
    assert not Count(30, 30).keeps(0.95)


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.5, 0.999))
def test_so_many_are_missing_and_not_one_less(cases: int, right: int, bound: float) -> None:
    count = Count(cases, min(right, cases))
    missing = count.missing(bound)
    if count.cases + missing < 50_000:
        assert Count(count.cases + missing, count.agree + missing).keeps(bound)
    assert missing == 0 or not Count(count.cases + missing - 1, count.agree + missing - 1).keeps(bound)


conditions = st.fixed_dictionaries(
    {},
    optional={
        "public": st.booleans(),
        "followers": st.sampled_from([{">=": 10}, {"<": 500}, {">=": 1000}]),
        "confidence": st.sampled_from([{">=": 0.5}, {">=": 0.8}, {">=": 0.6, "<": 0.9}]),
        "channel": st.sampled_from([{"one_of": ["email"]}, {"none_of": ["sms", "email"]}]),
    },
)
facts = st.fixed_dictionaries(
    {
        "public": st.none() | st.booleans(),
        "followers": st.none() | st.integers(0, 2000),
        "confidence": st.none() | st.floats(0, 1),
        "channel": st.sampled_from(["email", "sms", "x"]),
    }
)


@st.composite
def tables(draw: st.DrawFn) -> CompiledTable:
    """Rows in any order, some of which never fire, over a last one that takes what is left."""
    whens = draw(st.lists(conditions.filter(bool), max_size=5, unique_by=repr))
    modes = [draw(st.sampled_from(["off", "suggest", "draft", "automatic"])) for _one in whens]
    return fitting([row(f"R{n}", mode, **when) for n, (when, mode) in enumerate(zip(whens, modes, strict=True), 1)])


@settings(max_examples=150)
@given(tables(), st.lists(st.tuples(facts, st.booleans()), max_size=40), st.lists(facts, max_size=40))
def test_every_message_falls_on_one_row_and_none_is_lost(
    one: CompiledTable, sample: list[tuple[dict[str, Any], bool]], heard: list[dict[str, Any]]
) -> None:
    checked = [Checked(known, agrees) for known, agrees in sample]
    counts = by_row(one, checked, heard)
    assert list(counts) == [rule.id for rule in one.rules]
    assert sum(count.cases for count in counts.values()) == len(sample)
    assert sum(count.agree for count in counts.values()) == sum(agrees for _known, agrees in sample)
    assert sum(count.through for count in counts.values()) == len(heard)
    for bands in by_confidence(one, checked, heard).values():
        assert [least for least, _count in bands] == list(BANDS)
        assert all(a.cases >= b.cases and a.through >= b.through for (_, a), (_, b) in itertools.pairwise(bands))


def fitting(rows: list[Row]) -> CompiledTable:
    """The table without rows that others hold."""
    while True:
        try:
            return table(*rows, LAST)
        except Unfit as unfit:
            rows = [one for one in rows if one.id not in {each.place for each in unfit.findings}]


@st.composite
def versions(draw: st.DrawFn) -> tuple[CompiledTable, CompiledTable]:
    """A table, and a next version of it: rows moved, taken out, set otherwise."""
    modes = st.sampled_from(["draft", "automatic", "automatic"])
    whens = draw(st.lists(conditions.filter(bool), min_size=1, max_size=5, unique_by=repr))
    rows = [row(f"R{n}", draw(modes), **when) for n, when in enumerate(whens, 1)]
    kept = [one for one in draw(st.permutations(rows)) if draw(st.integers(0, 3))]
    return fitting(rows), fitting(
        [one if draw(st.integers(0, 3)) else row(one.id, draw(modes), **one.when) for one in kept]
    )


@settings(max_examples=300)
@given(versions(), facts)
def test_nothing_that_a_person_judged_becomes_automatic_unseen(
    pair: tuple[CompiledTable, CompiledTable], known: dict[str, Any]
) -> None:
    before, after = pair
    fired = after.fire(known)
    if fired.outputs["judging"] == "automatic" and fired.id not in newly_automatic(after, before):
        assert before.fire(known).outputs["judging"] == "automatic"


def test_the_bands_of_a_row_are_what_another_confidence_would_take_of_it() -> None:
    one = table(PUBLIC, SURE, LAST)
    sample = [Checked({"public": False, "confidence": sure}, sure > 0.7) for sure in (0.55, 0.75, 0.85, 0.99)]
    sample.append(Checked({"public": True, "confidence": 0.99}, True))
    bands = dict(by_confidence(one, sample, [])["R1"])
    assert [(bands[least].cases, bands[least].agree) for least in (0.5, 0.7, 0.9)] == [(4, 3), (3, 3), (1, 1)]


def test_a_row_that_was_automatic_stays_so_until_it_takes_more() -> None:
    before = table(PUBLIC, SURE, LAST)
    assert newly_automatic(before, before) == []
    assert newly_automatic(table(SURE, PUBLIC, LAST), before) == ["R1"], "it takes what is public now"
    assert newly_automatic(table(SURE, LAST), before) == ["R1"], "nobody looks at what is public any more"
    assert newly_automatic(table(PUBLIC, row("R1", "automatic", confidence={">=": 0.7}), LAST), before) == ["R1"]
    assert newly_automatic(table(PUBLIC, SURE, row("R0", "automatic")), before) == ["R0"]
    assert newly_automatic(before, None) == ["R1"]
    more = table(row("R4", "off", followers={">=": 10}), PUBLIC, SURE, LAST)
    assert newly_automatic(more, before) == [], "people took more, not less"


def test_an_earlier_table_that_says_nobody_judges_is_automatic_too() -> None:
    raw = json.loads(SHIPPED["who_judges"])
    raw["outputs"] = ["needs_evaluation", "judge_team", "judge_minutes"]
    for one in raw["rows"]:
        then = one["then"]
        one["then"] = {"needs_evaluation": one["id"] != "J04"} | {key: then[key] for key in raw["outputs"][1:]}
    read = read_table(json.dumps(raw).encode())[0]
    assert read is not None and judges(read)
    assert newly_automatic(compile_table(read, FACTS), None) == ["J04"]

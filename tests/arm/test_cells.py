"""Each test of a cell: what it matches, what it says in words, and the code that is made of it, are the same thing."""

import json
from typing import Any

import pytest

from arm.test_rule import CATCH, rules, words
from armature.arm import FACTS, DecisionTable, Field, Value, catalogue, check, compile_table, read_table
from armature.arm.rule import Row
from armature.arm.rule.cell import ANY, Between, Cell, Contains, OneOf, YesNo
from armature.arm.rule.finding import listed

SAID: list[Value] = [None, True, False, 9, 10, 11, "cancel", "praise", " a fire ", ""]


@pytest.mark.parametrize(
    ("cell", "matches", "said"),
    [
        (ANY, SAID, "anything"),
        (OneOf(("cancel",)), ["cancel"], "Cancellation"),
        (OneOf(("cancel", "praise")), ["cancel", "praise"], "Cancellation or Praise"),
        (YesNo(True), [True], "yes"),
        (YesNo(False), [False], "no"),
        (Contains(("fire",)), [" a fire "], "contains fire"),
    ],
)
def test_a_cell_matches_what_its_code_matches_and_says_it_in_words(cell: Cell, matches: list[Value], said: str) -> None:
    texts = isinstance(cell, Contains)
    asked = [value for value in SAID if not texts or value is None or isinstance(value, str)]
    assert [value for value in asked if cell.matches(value)] == matches
    assert [value for value in asked if eval(cell.code("fact"), {"fact": value})] == matches
    field = Field("intent", "Intent", "choice", "intent", {"cancel": "Cancellation", "praise": "Praise"})
    assert cell.words(field) == said


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ({"intent": 5}, 'Intent: "5" is not a choice (try "complaint" or "none of complaint")'),
        ({"language": 5}, 'Language: "5" is not a choice (try "a value" or "none of a value")'),
        ({"followers": {">": 1, ">=": 2}}, "is not a number test"),
        ({"followers": {"=": 1, "<": 2}}, "is not a number test"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_how_to_write_it(cell: dict[str, Any], fault: str) -> None:
    found = words(rules(("R1", cell, {"team": "a"}), CATCH))
    assert len(found) == 1
    assert fault in found[0]


def test_faults_of_the_columns_of_a_table_are_named() -> None:
    table = DecisionTable("t", "T", ("folowers", "public"), ("intent",), (Row("R0", {}, {"intent": "praise"}),))
    found = [finding.words for finding in check(table, FACTS)]
    assert found[0] == 'There is no field called "folowers" (did you mean "followers"?)'
    assert found[1].startswith('A table cannot fill "intent"; it can fill needs_evaluation, judging, drafting')
    empty = DecisionTable("t", "T", ("public",), (), (Row("R0"),))
    assert [one.words for one in check(empty, FACTS)] == ["The table fills nothing: name at least one output"]


def test_a_row_tests_only_what_the_table_names_as_its_inputs() -> None:
    table = DecisionTable(
        "t", "T", ("public",), ("team",), (Row("R1", {"intent": "praise"}, {"team": "a"}), Row(*CATCH))
    )
    assert [one.words for one in check(table, FACTS)] == ['Row R1: "intent" is not among the table\'s inputs']


def test_yes_and_no_of_an_output_can_be_written_as_words() -> None:
    table = rules(("R0", {}, {"team": "a", "approval": " Yes ", "executive": "no"}))
    assert compile_table(table, FACTS).fire({}).outputs == {"team": "a", "approval": True, "executive": False}
    assert "Approval needed" in words(rules(("R0", {}, {"team": "a", "approval": "maybe"})))[0]


@pytest.mark.parametrize("rows", [None, {}, [{}] * 1_001])
def test_a_table_whose_rows_are_no_list_or_too_many_is_refused_with_words(rows: object) -> None:
    head = {"key": "t", "label": "T", "inputs": [], "outputs": ["team"]}
    table, found = read_table(json.dumps(head | {"rows": rows}).encode())
    assert table is not None
    assert table.rows == ()
    assert [one.words for one in found] == ['The table needs "rows": a list of at most 1,000 rows']


def test_a_long_list_in_words_is_cut() -> None:
    assert listed("abc") == "a, b and c"
    assert listed("abcd", "or", 3) == "a, b, c, …"


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"intent": "praise"}, "When it is praise"),
        ({"intent": "complaint"}, "When it is a complaint"),
        ({"followers": ">= 10"}, "When it is from somebody with 10 followers or more"),
        ({"followers": "< 10"}, "When it is from somebody with less than 10 followers"),
        ({"points": "5..9"}, "When the points is 5 to 9"),
    ],
)
def test_what_a_rule_tests_reads_as_a_sentence(when: dict[str, Any], sentence: str) -> None:
    own = catalogue(
        more=[Field("points", "Points", "number", "known"), Field("desk", "Desk", "choice", "table", open=True)]
    )
    rows = (Row("R1", when, {"team": "a", "desk": "front_desk"}), Row("R0", {}, {"team": "b", "desk": "back"}))
    table = DecisionTable("t", "T", tuple(when), ("team", "desk"), rows)
    said = compile_table(table, own).sentence("R1")
    assert said.startswith(sentence)
    assert "desk front desk" in said


def test_why_of_the_first_row_names_nothing() -> None:
    compiled = compile_table(rules(("R1", {"followers": Between(1).low}, {"team": "a"}), CATCH), FACTS)
    assert compiled.why({"followers": 1}) == ()
    assert [missed[0] for missed in compiled.why({})] == ["R1"]

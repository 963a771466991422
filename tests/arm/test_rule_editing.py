"""Rules as people change them, row by row: nothing that is typed is lost, and nothing means another thing elsewhere."""

from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import FIELDS, facts, tables

from armature.arm.rule import FACTS, DecisionTable, Row, check, compile_table, errors, read_table
from armature.arm.rule import rewriting as change
from armature.arm.rule.cell_text import read_cell
from armature.arm.rule.dmn import to_dmn
from armature.arm.rule.sheet import cell_raw, cell_text, from_cells, to_cells
from armature.arm.rule.trial import looked_at, overlaps
from feel import Dmn


def _baseline() -> DecisionTable:
    body = (resources.files("armature.arm") / "baseline" / "business_rules.json").read_bytes()
    table = read_table(body)[0]
    assert table
    return table


def _cells(table: DecisionTable, row: str) -> object:
    return looked_at(table, FACTS).cells[row]


@given(tables)
def test_a_sheet_reads_back_as_the_table_it_was_made_from(table: DecisionTable) -> None:
    read, faults = from_cells(to_cells(table, FIELDS), key="t", label="T", catalogue=FIELDS)
    assert read and not faults
    before, after = looked_at(table, FIELDS), looked_at(read, FIELDS)
    assert (before.cells, before.outputs) == (after.cells, after.outputs)
    assert (read.inputs, read.outputs) == (table.inputs, table.outputs)


_NAMES = st.lists(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
)


@given(_NAMES, st.sampled_from(["one_of", "none_of"]))
def test_any_choice_is_written_so_that_it_reads_the_same(names: list[str], head: str) -> None:
    field = FIELDS["product"]
    cell = read_cell({head: names}, field)
    assert read_cell(cell_raw(cell_text({head: names}, field)), field) == cell


@given(_NAMES)
def test_any_keywords_are_written_so_that_they_read_the_same(names: list[str]) -> None:
    field = FIELDS["said"]
    cell = read_cell({"contains": names}, field)
    if not isinstance(cell, str):
        assert read_cell(cell_raw(cell_text({"contains": names}, field)), field) == cell


_ENDS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e20, max_value=1e20) | st.integers(-9, 9)


@given(_ENDS, st.sampled_from(["=", ">", ">=", "<", "<="]))
def test_any_comparison_is_written_so_that_it_reads_the_same(end: float, sign: str) -> None:
    field = FIELDS["followers"]
    cell = read_cell({sign: end}, field)
    assert read_cell(cell_raw(cell_text({sign: end}, field)), field) == cell


def test_what_a_sheet_names_that_there_is_not_is_said_with_what_was_meant() -> None:
    _table, faults = from_cells([["row", "when folowers", "then team"]], key="t", label="T", catalogue=FACTS)
    assert "folowers" in faults[0].words and "there is no fact" in faults[0].words.lower()
    nothing, faults = from_cells([], key="t", label="T", catalogue=FACTS)
    assert nothing is None and "line of heads" in faults[0].words


def test_a_sheet_takes_business_names_for_heads_and_choices() -> None:
    table, faults = from_cells(
        [["Followers", "Team", "Reply"], [">= 5", "support", "In public"], ["", "support", "private"]],
        key="t", label="T", catalogue=FACTS,
    )  # fmt: skip
    assert table and not faults
    assert (table.inputs, table.outputs) == (("followers",), ("team", "reply"))
    assert [row.then["reply"] for row in table.rows] == ["public", "private"] and not check(table, FACTS)


def test_rows_are_changed_added_doubled_moved_and_taken_out() -> None:
    table = _baseline()
    wide = change.with_cell(table, "R04", "followers", ">= 10")
    assert change.row_of(wide, "R04").when["followers"] == ">= 10"
    assert change.with_cell(wide, "R04", "followers", "any").rows == table.rows
    more, new = change.added(table)
    assert [row.id for row in more.rows[-2:]] == [new, "R00"] and new == "R13"
    twice, copy = change.duplicated(table, "R04")
    assert [row.id for row in twice.rows[3:5]] == [copy, "R04"] and _cells(twice, copy) == _cells(twice, "R04")
    assert change.removed(twice, copy) == table
    assert [row.id for row in change.moved(table, "R04", -2).rows[:3]] == ["R01", "R04", "R02"]
    assert change.moved(table, "R01", -5) == table
    assert change.moved(change.moved(table, "R04", 1), "R04", -1) == table
    with pytest.raises(change.NoSuchRow):
        change.removed(table, "R99")


def test_a_column_goes_with_all_that_stands_in_it_and_comes_empty() -> None:
    table = _baseline()
    narrow = change.without_column(table, "followers")
    assert "followers" not in narrow.inputs and not any("followers" in row.when for row in narrow.rows)
    assert change.with_column(narrow, "followers").inputs[-1] == "followers"
    assert change.without_column(table, "team", fills=True).outputs[0] == "priority"
    assert "followers" in change.used_inputs(table) and "customer" not in change.used_inputs(table)


def test_of_rows_that_overlap_only_those_are_noted_that_are_no_exception_to_each_other() -> None:
    fields = ("intent", "followers")
    rows = (
        Row("A", {"intent": "a", "followers": ">= 3"}, {"team": "x"}),
        Row("B", {"followers": ">= 5"}, {"team": "y"}),
        Row("C", {"followers": ">= 5", "intent": "b"}, {"team": "y"}),
        Row("Z", {}, {"team": "z"}),
    )
    found = overlaps(DecisionTable("t", "T", fields, ("team",), rows), FIELDS)
    assert [(one.place, one.error) for one in found] == [("B", False)] and "row A" in found[0].words
    same = (rows[0], replace(rows[1], then={"team": "x"}), *rows[3:])
    assert not overlaps(DecisionTable("t", "T", fields, ("team",), same), FIELDS)


@given(tables, facts)
def test_a_draft_that_is_tried_says_what_the_published_table_says(
    table: DecisionTable, said: dict[str, object]
) -> None:
    try:
        compiled = compile_table(table, FIELDS)
    except ValueError:
        return
    tried = looked_at(table, FIELDS).tried(said)  # type: ignore[arg-type]
    assert (tried.fired, tried.missed) == (compiled.fire(said).id, compiled.why(said))  # type: ignore[arg-type]


def test_rows_with_errors_are_passed_over_when_a_draft_is_tried() -> None:
    broken = change.with_cell(_baseline(), "R04", "followers", "many")
    tried = looked_at(broken, FACTS).tried({"intent": "cancel"})
    assert tried.fired == "R00" and tried.faulty == ("R04",)


@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much])
@given(tables, st.lists(facts, min_size=20, max_size=20))
def test_dmn_gives_the_same_answers_to_a_thousand_facts(table: DecisionTable, many: list[dict[str, object]]) -> None:
    assume(not errors(check(table, FIELDS)))
    compiled = compile_table(table, FIELDS)
    dmn = Dmn(to_dmn(compiled))
    for said in many:
        fired = compiled.fire(said)  # type: ignore[arg-type]
        assert dmn.answer(said) == (fired.id, dict(fired.outputs))


@given(st.text(), st.text(min_size=1))
def test_whatever_is_written_in_a_table_stays_a_text_in_dmn(label: str, team: str) -> None:
    rows = (Row("A", {"product": {"none_of": [team]}}, {"team": team}, label), Row("Z", {}, {"team": "z"}))
    compiled = compile_table(DecisionTable("t", label, ("product",), ("team",), rows), FIELDS)
    assert Dmn(to_dmn(compiled)).answer({"product": "p" + team}) == ("A", {"team": team})
    assert Dmn(to_dmn(compiled)).answer({"product": team}) == ("Z", {"team": "z"})


def test_a_list_is_tested_like_what_is_on_it_and_a_missing_one_is_named() -> None:
    rows = (Row("A", {"product": "in list vips"}, {"team": "x"}), Row("Z", {}, {"team": "z"}))
    table = DecisionTable("t", "T", ("product",), ("team",), rows, {"vips": ("p", "q")})
    assert compile_table(table, FIELDS).fire({"product": "q"}).id == "A"
    assert read_table(table.to_json())[0] == table
    [fault] = check(replace(table, lists={"vip": ("p",)}), FIELDS)
    assert 'no list "vips" (did you mean "vip"?)' in fault.words

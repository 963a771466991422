"""Decision tables under generated and hostile input."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arm.strategies import FIELDS, INPUTS, facts, tables
from armature.arm import DecisionTable, Value, check, compile_table, errors, read_table
from armature.arm.rule import CompiledTable
from armature.arm.rule.cover import coverage
from armature.arm.rule.table_check import read_row


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[]", b"{", b"null", b"[" * 100_000, b'{"rows": [1, null, {"id": 3, "when": [], "then": 4}]}'],
)
def test_broken_json_gives_findings_and_no_exception(data: bytes) -> None:
    _, findings = read_table(data)
    assert findings


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.text(max_size=3) | _JSON},
            optional={
                "when": st.dictionaries(st.sampled_from(INPUTS), _JSON) | _JSON,
                "then": st.dictionaries(st.just("team"), _JSON) | _JSON,
            },
        ),
        max_size=4,
    )
)
@example([{"id": "a", "when": {"followers": {">=": 10**400}}, "then": {"team": "x"}}])
def test_hostile_tables_are_either_refused_with_words_or_run(rows: list[Any]) -> None:
    raw = {"key": "t", "label": "T", "inputs": list(INPUTS), "outputs": ["team"], "rows": rows}
    table, findings = read_table(json.dumps(raw).encode())
    if table is None or findings or errors(check(table, FIELDS)):
        assert findings or (table and all(finding.words for finding in check(table, FIELDS)))
        return
    compile_table(table, FIELDS).fire(dict.fromkeys(INPUTS))


def alive(table: DecisionTable) -> CompiledTable:
    """The table without the rows that the checker calls dead."""
    dead = {finding.place for finding in check(table, FIELDS) if finding.error}
    kept = tuple(row for row in table.rows if row.id not in dead)
    return compile_table(DecisionTable("t", "T", table.inputs, table.outputs, kept), FIELDS)


def by_hand(table: DecisionTable, said: dict[str, Value]) -> str:
    for row in table.rows:
        cells, _ = read_row(row, table, FIELDS)
        if all(cell.matches(said[key]) for key, cell in cells.items()):
            return row.id
    raise AssertionError("the last row matches everything")


@settings(max_examples=300)
@given(tables, st.lists(facts, min_size=5, max_size=20))
def test_the_compiled_table_fires_what_a_reading_row_by_row_fires(
    table: DecisionTable, many: list[dict[str, Value]]
) -> None:
    fast, dead = alive(table), {finding.place for finding in check(table, FIELDS)}
    for said in many:
        row = by_hand(table, said)
        assert row not in dead
        assert fast.fire(said).id == row
        assert fast.fire({key: value for key, value in said.items() if value is not None}).id == row
        assert [missed[0] for missed in fast.why(said)] == [r.id for r in fast.rules][: len(fast.why(said))]
        assert fast.rules[len(fast.why(said))].id == row


@settings(max_examples=600)
@given(tables)
def test_a_row_that_is_not_called_dead_fires_on_an_example(table: DecisionTable) -> None:
    rows = [read_row(row, table, FIELDS)[0] for row in table.rows]
    for number, row in enumerate(table.rows):
        covered = coverage(rows, number, FIELDS)
        if covered.example is not None:
            said = {**dict.fromkeys(INPUTS), **covered.example}
            assert by_hand(table, said) == row.id
        else:
            assert covered.by or covered.empty

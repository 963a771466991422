"""Decision tables: what fires, what is said about faults, and that no author's text ever becomes code."""

from typing import Any

import pytest

from arm.cast import TABLES
from arm.cast import said as interaction
from armature.arm import FACTS, DecisionTable, Unfit, Value, catalogue, check, compile_table, errors, listen, read_table
from armature.arm.rule import CompiledTable, Row


def compiled(key: str) -> CompiledTable:
    table, _ = read_table(TABLES[key])
    assert table
    return compile_table(table, FACTS)


def rules(*rows: tuple[str, dict[str, Any], dict[str, Any]]) -> DecisionTable:
    inputs = tuple(key for key, field in FACTS.items() if field.step != "table")
    outputs = tuple(dict.fromkeys(key for _, _, then in rows for key in then)) or ("team",)
    return DecisionTable("t", "T", inputs, outputs, tuple(Row(*row) for row in rows))


def words(table: DecisionTable) -> list[str]:
    return [finding.words for finding in check(table, FACTS)]


CATCH = ("R00", {}, {"team": "triage"})


@pytest.mark.parametrize("key", TABLES)
def test_the_tables_that_ship_have_no_findings(key: str) -> None:
    table, findings = read_table(TABLES[key])
    assert table
    assert not findings
    assert not check(table, FACTS)
    assert read_table(table.to_json()) == (table, [])


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ({"said": " there was a fire "}, "R01"),
        ({"public": True, "intent": "complaint", "sentiment": -0.6, "followers": 50_000}, "R02"),
        ({"intent": "complaint", "complaints_30d": 3, "tier": "gold"}, "R03"),
        ({"intent": "cancel"}, "R04"),
        ({"intent": "complaint", "public": True, "business_hours": True}, "R05"),
        ({"intent": "complaint", "public": True, "business_hours": False}, "R06"),
        ({"intent": "complaint", "public": True}, "R06"),
        ({"intent": "complaint", "public": False}, "R07"),
        ({"channel": "facebook", "intent": "praise", "sentiment": 0.4, "last_product": "A"}, "R08"),
        ({"public": True, "intent": "praise", "followers": 10_000}, "R09"),
        ({"intent": "purchase"}, "R10"),
        ({"intent": "question", "language": "it"}, "R11"),
        ({"intent": "question", "language": "en", "public": True}, "R12"),
        ({"intent": "question", "language": "en", "public": False}, "R00"),
        ({}, "R00"),
    ],
)
def test_each_of_the_twelve_rules_fires_on_what_it_is_for(said: dict[str, Value], row: str) -> None:
    assert compiled("business_rules").fire(said).id == row


def test_a_rule_reads_as_a_sentence() -> None:
    sentence = compiled("business_rules").sentence("R02")
    assert sentence.startswith("When it is a complaint in public from somebody with 50,000 followers or more")
    assert ": executive desk, priority 1, within 30 minutes, in public, after approval" in sentence


def test_a_rule_says_whole_hours_as_hours() -> None:
    rules = compiled("business_rules")
    assert "within 4 hours" in rules.sentence("R07")
    assert "within 240 minutes" not in rules.sentence("R07")


def test_why_names_for_each_row_above_the_first_test_that_failed() -> None:
    why = compiled("business_rules").why({"said": " hi ", "public": True, "intent": "complaint", "sentiment": 0.1})
    assert why[:2] == (
        ("R01", "said", "contains lawsuit, injury or fire", " hi "),
        ("R02", "sentiment", "less than -0.5", 0.1),
    )
    assert [missed[0] for missed in why] == ["R01", "R02", "R03", "R04", "R05"]


def test_every_fault_of_a_table_is_named_with_row_field_and_mend() -> None:
    found = words(
        rules(
            ("R1", {"folowers": ">= 10"}, {"team": "a"}),
            ("R2", {"followers": "many"}, {"team": "a"}),
            ("R3", {"intent": "complaints"}, {"team": "a"}),
            ("R4", {"public": "maybe"}, {"team": "a"}),
            ("R5", {"followers": "9..3"}, {"team": "a"}),
            ("R6", {"said": "contains ?!"}, {"team": "a"}),
            ("R7", {"intent": "praise"}, {}),
            ("R7", {"sentiment": "> 2"}, {"team": 7}),
        )
    )
    assert found[0] == "Row R7: another row has the same id; each row needs its own"
    assert 'Row R1: there is no field called "folowers" (did you mean "followers"?)' in found
    assert 'Row R2, Followers: "many" is not a number test (try ">= 10" or "5..20")' in found
    assert any(line.startswith('Row R3, Intent: "complaints" is not one of complaint, problem') for line in found)
    assert 'Row R4, Public: "maybe" is not yes or no' in found
    assert 'Row R5, Followers: "9..3" is an empty range: no number is in it' in found
    assert 'Row R6, What was said: "?!" is not a keyword: it holds no letter or digit' in found
    assert 'Row R7: "Team" is missing; it is a text' in found
    assert any(line.startswith('Row R7, Sentiment: "> 2" never holds') for line in found)
    assert 'Row R7, Team: "7" is not a text' in found
    assert found[-1].startswith("The last row must have no conditions")


def test_a_row_that_one_earlier_row_always_takes_is_named() -> None:
    table = rules(
        ("R1", {"intent": "complaint"}, {"team": "a"}),
        ("R2", {"intent": "complaint", "public": "yes"}, {"team": "b"}),
        CATCH,
    )
    assert words(table) == ["Row R2 can never fire: row R1 always fires first"]


def test_a_row_that_several_earlier_rows_take_together_is_named() -> None:
    table = rules(
        ("R1", {"public": "yes", "followers": ">= 10"}, {"team": "a"}),
        ("R2", {"intent": "praise"}, {"team": "a"}),
        ("R3", {"public": "yes", "followers": "< 10"}, {"team": "a"}),
        ("R4", {"public": "yes", "followers": "5..20"}, {"team": "b"}),
        CATCH,
    )
    assert words(table) == ["Row R4 can never fire: rows R1 and R3 together always fire first"]


def test_a_test_that_excludes_every_value_is_named() -> None:
    every = "none of none, bronze, silver, gold, platinum"
    found = words(rules(("R1", {"tier": every}, {"team": "a"}), CATCH))
    assert found == ["Row R1 can never fire: its test of tier accepts no value at all"]


def test_what_an_earlier_row_took_is_not_counted_again() -> None:
    table = rules(
        ("R1", {"last_product": "A"}, {"team": "a"}),
        ("R2", {"last_product": "A", "customer": "yes"}, {"team": "a"}),
        ("R3", {"last_product": "none of A"}, {"team": "a"}),
        ("R4", {"last_product": "none of C"}, {"team": "a"}),
        CATCH,
    )
    assert words(table) == [
        "Row R2 can never fire: row R1 always fires first",
        "Row R4 can never fire: rows R1 and R3 together always fire first",
    ]


def test_more_and_less_together_leave_what_is_not_known() -> None:
    table = rules(
        ("R1", {"followers": ">= 10"}, {"team": "a"}),
        ("R2", {"followers": "< 10"}, {"team": "a"}),
        ("R3", {"intent": "praise"}, {"team": "b"}),
        CATCH,
    )
    assert words(table) == []
    assert compile_table(table, FACTS).fire({"intent": "praise", "followers": None}).id == "R3"


def test_these_and_all_others_together_leave_what_is_not_known() -> None:
    table = rules(
        ("R1", {"last_product": "A"}, {"team": "a"}),
        ("R2", {"last_product": "none of A"}, {"team": "a"}),
        ("R3", {"intent": "praise"}, {"team": "b"}),
        CATCH,
    )
    assert words(table) == []
    assert compile_table(table, FACTS).fire({"intent": "praise"}).id == "R3"


@pytest.mark.parametrize(
    ("keyword", "text", "hit"),
    [
        ("refund", "I want a REFUND!", True),
        ("refund", "refunds are slow", False),
        ("refund*", "refunds are slow", True),
        ("on fire", "it is on, fire it", True),
        ("on fire", "fire on", False),
        ("返金", "返金してください", True),
        ("café", "Cafe\u0301 closed", True),
    ],
)
def test_a_keyword_is_a_word_a_beginning_or_a_phrase(keyword: str, text: str, hit: bool) -> None:
    table = rules(("R1", {"said": {"contains": [keyword]}}, {"team": "a"}), CATCH)
    fired = compile_table(table, FACTS).fire(listen.said(interaction(text)))
    assert fired.id == ("R1" if hit else "R00")


@pytest.mark.parametrize(
    ("cell", "hits"),
    [
        ("> 10", [11]),
        (">= 10", [10, 11]),
        ("< 10", [9]),
        ("<= 10", [9, 10]),
        ("10", [10]),
        ("9..10", [9, 10]),
        ({">": 9, "<": 11}, [10]),
        ({">=": 9, "<": 10}, [9]),
        (9.5, []),
    ],
)
def test_a_number_test_includes_exactly_the_ends_it_names(cell: Any, hits: list[int]) -> None:
    fire = compile_table(rules(("R1", {"followers": cell}, {"team": "a"}), CATCH), FACTS).fire
    assert [n for n in (None, 9, 10, 11) if fire({"followers": n}).id == "R1"] == hits


def test_when_too_many_rows_overlap_that_is_a_note_and_no_error() -> None:
    channels = {f"c{n}": f"C{n}" for n in range(60)}
    many = catalogue(channels=channels)
    keys = ["followers", "sentiment", "confidence", "complaints_30d", "channel", "language"]
    rows = []
    for n in range(160):
        cells = {"followers": f"{n}..{n + 50}", "complaints_30d": f"{n * 7 % 90}..{n * 7 % 90 + 40}"}
        cells |= {"language": f"l{n % 9}, l{n % 5}, l{n % 7}", "channel": f"c{n % 60}, c{n * 3 % 60}, c{n * 5 % 60}"}
        rows.append(Row(f"R{n}", cells | {"sentiment": f"-0.{n % 9}..0.{n % 8 + 1}"}, {"team": "a"}))
    last = [Row("R998", {"confidence": ">= 0"}, {"team": "a"}), Row("R999", {}, {"team": "a"})]
    found = check(DecisionTable("t", "T", tuple(keys), ("team",), (*rows, *last)), many)
    assert found
    assert not errors(found)
    assert "too many rows overlap" in found[-1].words


def test_not_answering_needs_a_reason() -> None:
    table = rules(("R0", {}, {"mode": "none", "reason": None}))
    assert words(table) == ["Row R0: nobody answers here, so the output reason must say why"]


@pytest.mark.parametrize("empty", [None, "", "any", " Any ", "-"])
def test_an_empty_cell_can_be_written_in_several_ways(empty: str | None) -> None:
    assert words(rules(("R00", {"intent": empty}, {"team": "triage"}))) == []


def test_a_table_with_errors_is_not_compiled() -> None:
    with pytest.raises(Unfit, match="The last row must have no conditions"):
        compile_table(rules(("R1", {"public": True}, {"team": "a"})), FACTS)


def test_text_of_an_author_never_becomes_code() -> None:
    nasty = "'); __import__('os').abort(); ('"
    table = rules(
        ("R1", {"last_product": {"one_of": [nasty, 'x"""\n\\']}}, {"team": nasty}),
        ("R2", {"said": {"contains": ["a' in v0 or True or 'b"]}}, {"team": "b"}),
        CATCH,
    )
    fired = compile_table(table, FACTS).fire
    assert fired({"last_product": nasty}).outputs["team"] == nasty
    assert fired({"last_product": "fine", "said": " a "}).id == "R00"

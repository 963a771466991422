"""What people type into a search: read as they mean it, or refused with where, why and what to type instead."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from armature.arm.listening import Node, parse, unparse
from armature.arm.listening.common import COMMON
from armature.arm.listening.findable import findable
from armature.arm.listening.parse import DEEPEST, LONGEST_QUERY, MOST_TERMS
from armature.arm.listening.query import And, Emoji, Field, Name, Near, Not, Or, Phrase, Prefix, Tag, Word
from armature.arm.listening.tokens import wholes
from hearing import queries

A, B, C = Word("acme"), Word("shop"), Word("sale")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Acme", A),
        ("acme shop", And((A, B))),
        ("acme AND shop sale", And((A, B, C))),
        ("acme OR shop sale", Or((A, And((B, C))))),
        ("(acme OR shop) sale", And((Or((A, B)), C))),
        ("acme -shop", And((A, Not(B)))),
        ("acme NOT (shop OR sale)", And((A, Not(Or((B, C)))))),
        ("acme NOT NOT shop", And((A, B))),
        ('"Out of  Stock!"', Phrase(("out", "of", "stock"))),
        ("“out of stock”", Phrase(("out", "of", "stock"))),
        ('"acme"', A),
        ("acme NEAR/5 shop", Near(5, A, B)),
        ("acme near/5 shop", Near(5, A, B)),
        ('(acme OR "out of") NEAR/2 deliv*', Near(2, Or((A, Phrase(("out", "of")))), Prefix("deliv"))),
        ("NOT acme NEAR/5 shop sale", And((Not(Near(5, A, B)), C))),
        ("#SummerSale", Tag("#summersale")),
        ("#sum*", Prefix("#sum")),
        ("@AcmeCare", Name("@acmecare")),
        ("👍🏽", Emoji("👍")),
        ("e-mail", Phrase(("e", "mail"))),
        ("手机", Phrase(("手", "机"))),
        ("https://www.acme.example/shop/?utm_source=x", Word("acme.example/shop")),
        ("Acme.example", Word("acme.example")),
        ("12:30", Phrase(("12", "30"))),
        ("acme lang:de_AT", And((A, Field("lang", "de-at")))),
        ('acme PLACE:"New  York"', And((A, Field("place", "new york")))),
        ("author:@Anna", Field("author", "anna")),
        ("(the OR acme) shop", And((Or((Word("the"), A)), B))),
        ('"and"  acme', And((Word("and"), A))),
    ],
)
def test_a_query_is_read_as_it_is_meant(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "column", "words", "mend"),
    [
        ("", 0, "empty", "Write a word"),
        ("   ", 0, "empty", "Write a word"),
        ("acme OR", 5, "missing after OR", "or take it out"),
        ("OR acme", 0, "missing before OR", "or take it out"),
        ("acme AND OR shop", 5, "missing after AND", "or take it out"),
        ("acme NOT", 5, "missing after NOT", "or take it out"),
        ("(acme", 0, "never closed", "Write )"),
        ("acme)", 4, "closes nothing", "Take it out"),
        ("acme ()", 5, "nothing between these brackets", "take them out"),
        ('acme ""', 5, "no word between these quotation marks", "out of stock"),
        ('acme "!?"', 5, "no word between these quotation marks", "out of stock"),
        ('acme "shop', 5, "never closed", 'Write "'),
        ("ac*", 0, "far too much", "3 letters"),
        ("acme *", 5, "far too much", "3 letters"),
        ("de*ry", 0, "only at the end", "deliver*"),
        ("*acme", 0, "only at the end", "deliver*"),
        ("e-mail*", 0, "more than one", "e NEAR/1 mail*"),
        ('"cold drin*"', 0, "means nothing between quotation marks", "cold NEAR/1 drin*"),
        ("acme NEAR shop", 5, "how near", "NEAR/5"),
        ("acme NEAR/0 shop", 5, "no distance", "1 (side by side)"),
        ("acme NEAR/101 shop", 5, "no distance", "to 100"),
        ("acme NEAR/5", 5, "missing after NEAR", "or take it out"),
        ("acme NEAR/5 lang:de", 5, "word or a phrase on either side", "brackets"),
        ("acme NEAR/5 (shop sale)", 5, "word or a phrase on either side", "brackets"),
        ("acme NEAR/5 shop NEAR/5 sale", 17, "joins two things", "two NEAR/5 three"),
        ("acme or shop", 5, "not clear", "Write OR in capitals"),
        ("rock & roll", 5, "nothing to search for", "Write AND"),
        ("acme language:de", 5, 'no field "language"', "lang:de"),
        ("acme plase:oslo", 5, 'no field "plase"', "place:oslo"),
        ("acme lang:german", 5, "not the code", "lang:de"),
        ("acme author:", 5, "something is missing", "without a space"),
        ("acme place: oslo", 5, "something is missing", "without a space"),
        ('acme place:"oslo', 5, "never closed", 'Write "'),
    ],
)
def test_a_fault_says_where_it_is_what_is_wrong_and_the_mend(text: str, column: int, words: str, mend: str) -> None:
    parsed = parse(text)
    assert parsed.tree is None
    fault = parsed.faults[0]
    assert fault.column == column
    assert words in fault.words
    assert mend in fault.mend


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("NOT acme", 0, "only excludes"),
        ("-acme -shop", 0, "only excludes"),
        ("acme OR NOT shop", 8, "only excludes beside OR"),
        ("acme OR (shop OR (-sale lang:de))", 18, "every post of a language or place"),
        ("lang:de", 0, "every post of a language or place"),
        ("the", 0, '"the" alone'),
        ("The OR acme", 0, '"the" alone beside OR'),
        ("the NOT acme", 0, '"the" alone'),
        ("und lang:de", 0, '"und" alone'),
    ],
)
def test_what_would_match_nearly_everything_is_refused(text: str, column: int, words: str) -> None:
    (fault,) = parse(text).faults
    assert (fault.column, parse(text).tree) == (column, None)
    assert words in fault.words


def test_common_words_are_written_as_they_are_compared() -> None:
    assert {word for word in COMMON if wholes(word) != [word]} == set()


def test_all_faults_are_named_at_once_in_their_order() -> None:
    faults = parse('ac* OR "" AND lang:german (').faults
    assert [fault.column for fault in faults] == sorted(fault.column for fault in faults)
    assert {0, 7, 14, 26} <= {fault.column for fault in faults}


@pytest.mark.parametrize("text", ["AND", "NOT", "NEAR/5", "(", ")", "())", "*"])
def test_one_place_has_one_fault(text: str) -> None:
    columns = [fault.column for fault in parse(text).faults]
    assert columns
    assert len(columns) == len(set(columns))


def test_limits_are_said() -> None:
    assert "characters" in parse("a" * (LONGEST_QUERY + 1)).faults[0].words
    assert "stand inside each other" in parse("(" * (DEEPEST + 1) + "acme").faults[0].words
    assert parse("(" * DEEPEST + "acme" + ")" * DEEPEST).tree == A
    many = " OR ".join(f"acme{n}" for n in range(MOST_TERMS + 1))
    assert f"at most {MOST_TERMS}" in parse(many).faults[0].words


@given(queries)
def test_a_tree_that_is_written_out_and_read_is_the_same_tree(tree: Node) -> None:
    assume(findable(tree))
    assert parse(unparse(tree)).tree == tree


@given(queries)
def test_a_tree_is_refused_exactly_when_nothing_can_find_it(tree: Node) -> None:
    parsed = parse(unparse(tree))
    assert (parsed.tree is None) == (not findable(tree)) == bool(parsed.faults)


_TYPED = st.lists(
    st.sampled_from(
        ["acme", "the", "AND", "OR", "NOT", "-", "NEAR/3", "NEAR", "(", ")", '"', "*", "del*", " ", " ", " ", "lang:",
         "de", "author:ann", "#", "@", "手机", "👍", "https://x.example/?a=1", "or", "“", "place:", "'", ".", "：",
         "\u200d"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(_TYPED | st.text(max_size=30))
def test_whatever_is_typed_gives_a_tree_or_faults_inside_the_text(text: str) -> None:
    parsed = parse(text)
    assert (parsed.tree is None) == bool(parsed.faults)
    assert all(0 <= fault.column <= fault.column + fault.length <= max(len(text), 1) for fault in parsed.faults)
    assert all(fault.words[-1] in '."' and fault.mend for fault in parsed.faults)
    if parsed.tree is not None:
        assert parse(unparse(parsed.tree)).tree == parsed.tree

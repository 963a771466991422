"""Many queries and one post: exactly those are found that hold, and what made them hold is shown."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armature.arm.listening import Matcher, Node, hear, parse
from armature.arm.listening.findable import findable
from armature.arm.listening.places import found
from armature.arm.listening.query import Not, Word
from hearing import authors, languages, places, queries, slowly, texts

_findable = queries.filter(findable)


def holding(*typed: str) -> Matcher[str]:
    matcher = Matcher[str]()
    for text in typed:
        tree = parse(text).tree
        assert tree is not None, parse(text).faults
        matcher.add(text, tree)
    return matcher


def shown(query: str, text: str, **known: str) -> list[str] | None:
    """What of the text made the query match; None when it does not."""
    spans = holding(query).match(text, **known).get(query)
    return None if spans is None else [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("acme", "ACME and #Acme", ["ACME", "#Acme"]),
        ("acme", "pacme", None),
        ("#acme", "acme", None),
        ('"summer sale"', "our #SummerSale!", ["#SummerSale"]),
        ('"our summersale now"', "our #SummerSale now", ["our #SummerSale now"]),
        ('"out of stock"', "Out  of-stock", ["Out  of-stock"]),
        ('"out of stock"', "stock of out", None),
        ("acme shop -late", "the shop of Acme", ["shop", "Acme"]),
        ("acme shop -late", "the late shop of Acme", None),
        ("refund NEAR/2 acme", "acme gave no refund", None),
        ("refund NEAR/3 acme", "acme gave no refund", ["acme", "refund"]),
        ("acme NEAR/3 acme", "acme", None),
        ("acme NEAR/3 acme", "acme acme", ["acme", "acme"]),
        ("deliv* OR shop", "Delivery delivers shop", ["Delivery", "delivers", "shop"]),
        ("手机", "我的手机坏了", ["手机"]),
        ("strasse", "STRAẞE Straße", ["STRAẞE", "Straße"]),
        ("👍", "👍🏽", ["👍"]),
        ("acme.example", "https://www.acme.example/x acme.example", ["https://www.acme.example/x", "acme.example"]),
        ('"of stock" OR "out of"', "out of stock", ["out of stock"]),
    ],
)
def test_what_made_a_query_match_is_shown(query: str, text: str, parts: list[str] | None) -> None:
    assert shown(query, text) == parts


@pytest.mark.parametrize(
    ("query", "found_in", "not_in"),
    [
        ("acme", "acme|ACME|#acme|@Acme|Acme's|Acme’s|acme/x|“acme”|acme😀|RT @acme: hi|acme_care", "pacme|acmes"),
        ("acme", "acme.example", "https://acme.example"),
        ("straße", "Straße|STRASSE|strasse", "strase"),
        ("café", "CAFÉ|cafe\u0301", "cafe"),
        ('"out of stock"', "out of stock|Out-of-stock", "stock is out"),
        ("deliv*", "deliver|#delivered", "del"),
        ("#SummerSale", "#SummerSale|#summersale", "SummerSale"),
        ('"summer sale"', "summer sale|#SummerSale", "#summersale"),
        ("@AcmeCare", "@acmecare", "acmecare"),
        ("acme.example", "acme.example|https://www.acme.example/shop|shop.acme.example", "acme.example.org"),
        ("https://acme.example/shop", "www.acme.example/shop/?utm_source=x", "https://acme.example"),
        ("refund NEAR/5 acme", "acme a b c d refund", "acme a b c d e refund"),
    ],
)
def test_the_page_for_users_tells_the_truth(query: str, found_in: str, not_in: str) -> None:
    assert all(shown(query, text) for text in found_in.split("|"))
    assert not any(shown(query, text) for text in not_in.split("|"))


def test_fields_narrow_and_show_nothing() -> None:
    assert shown("acme lang:de", "acme", language="de-AT") == ["acme"]
    assert shown("acme lang:de-at", "acme", language="de") is None
    assert shown("acme place:oslo", "acme", place="OSLO") == ["acme"]
    assert shown("author:anna", "hello", author="@Anna") == []
    assert shown("author:anna", "author anna") is None


def test_a_post_that_says_one_word_over_and_over_is_no_burden() -> None:
    """Each word beside each other would be a hundred million pairs."""
    times = 10_000
    matcher = holding("acme NEAR/100 acme", '"acme acme acme acme"', '"acme acme" NEAR/50 acm*')
    spans = matcher.match("acme " * times)
    assert len(spans["acme NEAR/100 acme"]) == times
    assert [len(each) for each in spans.values()].count(1) == 2
    assert len(hear("www." * times).words) < 10 > len(hear("aa.bb." * times).tokens.also)


def test_one_query_is_replaced_and_removed_in_place() -> None:
    matcher = holding("acme", "deliv* OR shop", '"out of"')
    matcher.add("acme", parse("shop").tree or pytest.fail("no tree"))
    assert set(matcher.match("the shop")) == {"acme", "deliv* OR shop"}
    assert matcher.match("acme") == {}
    matcher.remove("deliv* OR shop")
    matcher.remove("never held")
    assert set(matcher.match("delivery to the shop")) == {"acme"}
    assert (len(matcher), "acme" in matcher, "deliv* OR shop" in matcher) == (2, True, False)


def test_what_nothing_can_anchor_is_not_held() -> None:
    matcher = holding("acme")
    with pytest.raises(ValueError, match="nearly every post"):
        matcher.add("acme", Not(Word("shop")))
    assert set(matcher.match("acme")) == {"acme"}


@given(
    st.lists(_findable, max_size=8),
    st.lists(st.tuples(texts, languages, places, authors), max_size=4),
    st.dictionaries(st.sampled_from(["acme", "sale", "shop", "#acme", "the", "手"]), st.integers(0, 9)),
)
def test_the_matcher_finds_what_trying_every_query_finds(
    trees: list[Node], posts: list[tuple[str, str, str, str]], frequencies: dict[str, int]
) -> None:
    matcher = Matcher[int](frequencies)
    for key, tree in enumerate(trees):
        matcher.add(key, tree)
    for post in posts:
        heard = hear(*post)
        assert set(matcher.match(*post)) == {key for key, tree in enumerate(trees) if slowly(tree, heard)}


@given(st.lists(st.tuples(st.integers(0, 3), st.none() | _findable), max_size=12), texts)
def test_after_any_changes_it_is_as_if_it_had_been_made_so(changes: list[tuple[int, Node | None]], text: str) -> None:
    matcher, held = Matcher[int](), dict[int, Node]()
    for key, tree in changes:
        if tree is None:
            matcher.remove(key)
            held.pop(key, None)
        else:
            matcher.add(key, tree)
            held[key] = tree
    fresh = Matcher[int]()
    for key, tree in held.items():
        fresh.add(key, tree)
    assert matcher.match(text) == fresh.match(text)
    for key in held:
        matcher.remove(key)
    assert (len(matcher), matcher.match(text), matcher.candidates(hear(text))) == (0, {}, 0)


@given(_findable, texts)
def test_spans_are_in_the_text_in_order_and_apart(tree: Node, text: str) -> None:
    matcher = Matcher[int]()
    matcher.add(0, tree)
    for spans in matcher.match(text).values():
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(queries, texts, languages)
def test_places_are_found_exactly_where_a_query_holds(tree: Node, text: str, language: str) -> None:
    heard = hear(text, language)
    assert (found(tree, heard) is not None) == slowly(tree, heard)

"""How texts are cut: the same for queries and posts, with every place found again in the text as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armature.arm.listening import hear
from armature.arm.listening.letters import fold, origins, seen
from armature.arm.listening.tokens import LONGEST, tokenise, wholes
from hearing import texts

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)


def cut(text: str) -> list[str]:
    """What was written at each place."""
    tokens = tokenise(text)
    return [text[start:end] for start, end in tokens.spans]


@pytest.mark.parametrize(
    "text", ["I like Brand!", "I like #brand!", "hello @Brand", "#BRAND", "Brand's shop", "(brand)", "##brand"]
)
def test_a_brand_is_heard_as_a_word_a_tag_and_a_name(text: str) -> None:
    assert "brand" in hear(text).words


def test_a_tag_and_a_name_are_not_heard_in_a_bare_word() -> None:
    assert hear("brand").words == {"brand"}
    assert hear("#brand").words == {"brand", "#brand"}
    assert hear("@brand").words == {"brand", "@brand"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#SummerSale", {"#summersale", "summersale", "summer", "sale"}),
        ("#BBCNews", {"#bbcnews", "bbcnews", "bbc", "news"}),
        ("#summer_sale", {"#summer_sale", "summer_sale", "summer", "sale"}),
        ("#手机", {"#手机", "手机", "手", "机"}),
        ("@ann@fosstodon.example", {"@ann@fosstodon.example", "@ann", "ann", "fosstodon", "example"}),
        ("#7", {"#7", "7"}),
    ],
)
def test_a_tag_offers_itself_and_its_words(text: str, words: set[str]) -> None:
    assert hear(text).words == words


def test_a_sign_inside_a_word_makes_neither_tag_nor_name() -> None:
    assert hear("C# a#b").words == {"c", "a", "b"}
    assert "@example" not in hear("ann@example.org").words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Straße ＦＵＬＬ ⓑⓡⓐⓝⓓ ﬁne", ["strasse", "full", "brand", "fine"]),
        ("don’t DON'T", ["don't", "don't"]),
        ("covid-19 3.50", ["covid", "19", "3", "50"]),
        ("cafe\u0301 soft\u00adhyphen", ["café", "softhyphen"]),
        ("한국 ｶﾞ नमस्ते", ["한국", "ガ", "नमस्ते"]),
        ("iPhone手机", ["iphone", "手", "机"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("a_b", ["a", "b"]),
    ],
)
def test_words_look_alike_however_they_were_typed(text: str, terms: list[str]) -> None:
    assert tokenise(text).terms == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("👍🏽👍", ["👍", "👍"]),
        ("❤️ ❤", ["❤", "❤"]),
        ("🤷🏽‍♀️", ["🤷"]),
        ("👩‍💻", ["👩‍💻"]),
        ("🇩🇪🇳🇴", ["🇩🇪", "🇳🇴"]),
        ("1️⃣", ["1⃣"]),
    ],
)
def test_emoji_lose_skin_tones_and_selectors(text: str, terms: list[str]) -> None:
    assert tokenise(text).terms == terms


def test_an_address_is_one_place_without_what_follows_people_around() -> None:
    heard = hear("see https://www.Shop.example.com/a/?utm_source=x&b=1&fbclid=2, now")
    assert heard.tokens.terms == ["see", "shop.example.com/a?b=1", "now"]
    assert heard.words == {"see", "now", "shop.example.com/a?b=1", "shop.example.com", "example.com"}


def test_a_host_is_heard_without_https_and_its_words_are_not_lost() -> None:
    assert hear("go to Example.com now.Thanks").words >= {"example.com", "example", "com", "now", "thanks"}


@pytest.mark.parametrize(("text", "word"), [("acme's", "acme"), ("l’Oréal", "oréal"), ("dell'hotel", "hotel")])
def test_what_stands_beside_an_apostrophe_is_heard_too(text: str, word: str) -> None:
    assert hear(text).words == {word, fold(text)}


def test_every_place_is_found_again_in_the_text_as_it_was_written() -> None:
    text = "İzmir Straße 👍🏽 #SummerSale ﬁne ｶﾞ don’t cafe\u0301s"
    assert cut(text) == [
        "İzmir", "Straße", "👍", "#Summer", "Sale", "ﬁne", "ｶﾞ", "don’t", "cafe\u0301s",
    ]  # fmt: skip


@given(ANY)
def test_each_character_that_is_compared_has_an_origin(text: str) -> None:
    made = origins(text)
    assert len(made) == len(seen(text))
    assert all(0 <= start < end <= len(text) for start, end in made)
    assert made == sorted(made)


@given(ANY)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY | texts)
def test_places_stand_in_order_and_apart(text: str) -> None:
    tokens = tokenise(text)
    spans = tokens.spans
    assert len(spans) == len(tokens.terms)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(place + covers <= len(spans) for place, _, covers in tokens.also)
    assert spans == sorted(spans)


_ASCII = st.sampled_from(
    [*"aB1 '.,-!?/:s#@_*", "https://", "www.", "example.com", " #Tag", " @name", "'s", "?utm_x=1&"]
)


@given(st.text(st.sampled_from("aB1 '.,-!?/:s"), max_size=30) | st.lists(_ASCII, max_size=12).map("".join))
def test_the_quick_ways_for_plain_texts_cut_as_the_other_way(text: str) -> None:
    quick, other = tokenise(text), tokenise(f"{text} ß")
    assert (quick.terms, quick.also) == (other.terms[:-1], other.also)
    assert quick.spans == other.spans[:-1]


@given(ANY | texts)
def test_what_a_query_means_by_a_text_is_heard_in_it(text: str) -> None:
    assert hear(text).words >= set(wholes(text))


def test_a_text_without_end_is_heard_as_far_as_listening_goes() -> None:
    heard = hear("word " * LONGEST)
    assert len(heard.tokens.terms) == LONGEST // 5
    assert tokenise("a-" * LONGEST).terms[-1] == "a"
    assert hear("#" + "a" * LONGEST).words

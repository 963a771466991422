"""Random posts and queries over a small stock of words, and the slow way to see whether a query holds."""

import re

from hypothesis import strategies as st

from armature.arm.listening import Heard, Node
from armature.arm.listening.fields import field_term
from armature.arm.listening.query import (
    And,
    Emoji,
    Field,
    Name,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Word,
    both,
    either,
    without,
)

_PIECES = ["acme", "Acme's", "ACME", "sale", "summer", "summersale", "the", "shop", "shopping", "Straße", "手机", "手",
           "l'été", "#SummerSale", "#acme", "#BBCNews", "@AcmeCare", "@acme", "@ann@acme.example", "👍", "👍🏽", "❤️‍🔥",
           "https://www.acme.example/shop?utm_source=x", "shop.acme.example", "ａｃｍｅ", "cafe\u0301",
           "!"]  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(_PIECES), st.sampled_from([" ", " ", ", ", "", "\n", "/", "."])), max_size=9
).map(lambda parts: "".join(piece + gap for piece, gap in parts))
"""Posts."""
places = st.sampled_from(["", "Oslo", "New  York"])
authors = st.sampled_from(["", "Ann", "@Bob"])
languages = st.sampled_from(["", "de", "de_AT", "en"])

_TERMS = ["acme", "sale", "summer", "summersale", "the", "shop", "strasse", "手", "机", "été", "l'été", "acme's", "bbc",
          "news", "care", "acmecare", "café", "acme.example", "shop.acme.example", "acme.example/shop",
          "ann"]  # fmt: skip
_TAGS, _NAMES, _EMOJI = ["#summersale", "#acme", "#bbcnews"], ["@acmecare", "@acme", "@ann"], ["👍", "❤‍🔥"]
_BEGINNINGS = ["acm", "sho", "summer", "#sum", "@acm", "shop.a", "acme.example/s"]
_any = st.sampled_from([*_TERMS, *_TAGS, *_NAMES, *_EMOJI])
_placed: st.SearchStrategy[Node] = st.one_of(
    st.sampled_from(_TERMS).map(Word), st.sampled_from(_TAGS).map(Tag), st.sampled_from(_NAMES).map(Name),
    st.sampled_from(_EMOJI).map(Emoji), st.sampled_from(_BEGINNINGS).map(Prefix),
    st.lists(_any, min_size=2, max_size=4).map(lambda terms: Phrase(tuple(terms))),
)  # fmt: skip
_side = st.one_of(_placed, st.builds(either, _placed, _placed))
_fields: st.SearchStrategy[Node] = st.sampled_from(
    [
        Field("lang", "de"),
        Field("lang", "de-at"),
        Field("place", "oslo"),
        Field("place", "new york"),
        Field("author", "ann"),
    ]
)
queries: st.SearchStrategy[Node] = st.recursive(
    st.one_of(_placed, _placed, st.builds(Near, st.integers(1, 4), _side, _side), _fields),
    lambda inner: st.one_of(
        st.builds(both, inner, inner), st.builds(both, inner, inner, inner),
        st.builds(either, inner, inner), st.builds(without, inner),
    ),
    max_leaves=8,
)  # fmt: skip
"""Trees, also such as would match nearly everything."""

Standing = list[tuple[str, int, int]]


def standing(heard: Heard) -> Standing:
    """Each term of a post with its first and last place."""
    own = [(term, place, place) for place, term in enumerate(heard.tokens.terms)]
    return own + [(term, place, place + covers - 1) for place, term, covers in heard.tokens.also]


def slowly(node: Node, heard: Heard) -> bool:
    """Whether the query holds, as its words say it."""
    if isinstance(node, And):
        return all(slowly(child, heard) for child in node.children)
    if isinstance(node, Or):
        return any(slowly(child, heard) for child in node.children)
    if isinstance(node, Not):
        return not slowly(node.child, heard)
    if isinstance(node, Field):
        return field_term(node.field, node.value) in heard.present
    if not isinstance(node, Near):
        return bool(_ends(node, standing(heard)))
    left, right = _ends(node.left, standing(heard)), _ends(node.right, standing(heard))
    return any(
        1 <= later[0] - sooner[1] <= node.distance
        for one in left
        for other in right
        for sooner, later in ((one, other), (other, one))
    )


def _ends(node: Node, terms: Standing) -> list[tuple[int, int]]:
    if isinstance(node, Or):
        return [ends for child in node.children for ends in _ends(child, terms)]
    if isinstance(node, Prefix):
        return [(first, last) for term, first, last in terms if term.startswith(node.term)]
    if isinstance(node, Phrase):
        return [(first, last) for first in range(len(terms)) for last in _reach(node.terms, first, terms)]
    assert isinstance(node, Word | Tag | Name | Emoji)
    return [(first, last) for term, first, last in terms if term == node.term]


def _reach(phrase: tuple[str, ...], place: int, terms: Standing) -> list[int]:
    """The last places of the phrase when it begins at a place."""
    lasts = [last for term, first, last in terms if term == phrase[0] and first == place]
    return lasts if len(phrase) == 1 else [end for last in lasts for end in _reach(phrase[1:], last + 1, terms)]


def fulfils(tsquery: str, lexemes: list[str]) -> bool:
    """What PostgreSQL says to a tsquery of quoted lexemes, & and |."""

    def test(found: re.Match[str]) -> str:
        lexeme = found[1].replace("''", "'").replace("\\\\", "\\")
        return str(any(each.startswith(lexeme) if found[2] else each == lexeme for each in lexemes))

    logic = re.sub(r"'((?:[^']|'')+)'(:\*)?", test, tsquery)
    assert re.fullmatch(r"(?:True|False|[()&| ])+", logic), logic
    return bool(eval(logic))

"""Asking the database first: what a query matches is never missed, and what cannot be asked is not asked."""

import pytest
from hypothesis import given

from armature.arm.listening import Node, candidates, hear, lexemes, parse
from armature.arm.listening.candidates import LONGEST_LEXEME
from armature.arm.listening.query import Word
from hearing import authors, fulfils, languages, places, queries, slowly, texts


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("Acme", "'acme'"),
        ("acme shop -late", "('acme' & 'shop')"),
        ("acme OR deliv*", "('acme' | 'deliv':*)"),
        ('"out of stock" lang:de', "('out' & 'of' & 'stock')"),
        ("acme NEAR/5 (shop OR sale)", "('acme' & ('shop' | 'sale'))"),
        ("don't #Sale", "('don''t' & '#sale')"),
        ("acme OR author:anna", None),
        ("author:anna", None),
        ('"la la la"', "'la'"),
    ],
)
def test_the_database_is_asked_for_the_words_that_must_be_there(query: str, asked: str | None) -> None:
    tree = parse(query).tree
    assert tree is not None
    assert candidates(tree) == asked


def test_signs_that_mean_something_in_a_tsquery_are_only_signs() -> None:
    assert candidates(Word("a'b\\c")) == "'a''b\\\\c'"


def test_terms_without_end_are_cut_on_both_sides() -> None:
    long = "a" * 3_000
    assert lexemes(long) == ["a" * LONGEST_LEXEME]
    assert candidates(Word(long)) == f"'{'a' * LONGEST_LEXEME}'"


@given(queries, texts, languages, places, authors)
def test_what_a_query_matches_is_never_missed(tree: Node, text: str, language: str, place: str, author: str) -> None:
    asked = candidates(tree)
    if asked is not None and slowly(tree, hear(text, language, place, author)):
        assert fulfils(asked, lexemes(text))

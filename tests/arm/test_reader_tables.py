"""The tables of the starter reader: read back unchanged, growing while they are used, refused where they do not fit."""

from dataclasses import replace

import numpy as np
import pytest

from armature.arm.understand import StarterReader, Weights, read_lexicon
from armature.arm.understand import starter as module
from armature.arm.understand.word_table import WordTable
from armature.arm.understand.words import names
from armature.crm.understand import language, reader, starter_file
from armature.crm.understand.models import Intent, IssueType


@pytest.fixture(scope="module")
def weights() -> Weights:
    """What the reader that ships has learned."""
    return starter_file.from_bytes((starter_file.folder() / "starter.npz").read_bytes())


def test_weights_are_read_back_as_they_were_kept(weights: Weights) -> None:
    again = starter_file.from_bytes(starter_file.to_bytes(weights))
    assert again.vocabulary == weights.vocabulary
    assert (again.scale, again.sharpness) == (weights.scale, weights.sharpness)
    for name in ("words", "parts", "pairs", "pair_rows", "start", "feelings"):
        assert np.array_equal(getattr(again, name), getattr(weights, name))


def test_weights_whose_tables_do_not_fit_together_are_refused(weights: Weights) -> None:
    with pytest.raises(ValueError, match="the reader's table 'start' has the shape"):
        replace(weights, start=weights.start[:-1])


def test_a_line_of_a_lexicon_that_says_nothing_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match="line 3: 'nice' is neither a weight nor one of negates, strengthens"):
        read_lexicon(["# a comment", "2 good", "nice good"])


def test_a_table_of_words_grows_and_keeps_what_stands_in_it(weights: Weights) -> None:
    small, large = (WordTable(weights, starter_file.lexicons(), room) for room in (2, 64))
    said = "please cancel my wonderful subscription at once".split()
    assert [small[word] for word in said] == [large[word] for word in said] == list(range(len(said)))
    for name in ("scores", "senses", "marks"):
        assert np.array_equal(getattr(small, name)[: len(said)], getattr(large, name)[: len(said)])


def test_a_word_that_another_thread_looked_up_meanwhile_keeps_its_row(weights: Weights) -> None:
    table = WordTable(weights, starter_file.lexicons())
    row = table["cancel"]
    assert table.__missing__("cancel") == row
    assert len(table) == 1


def test_a_reader_that_remembers_too_many_words_begins_anew_and_reads_the_same(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    forgetful = StarterReader("x", weights, starter_file.lexicons(), language.detector())
    texts = ["Please cancel my subscription.", "I love these boots!"]
    usual = reader.load().read(texts, ["en", "en"])
    assert [replace(forgetful.read([text], ["en"])[0], by="") for text in texts] == [
        replace(one, by="") for one in usual
    ]
    assert len(forgetful._table) < 7


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("£20", "<money>"),
        ("20€", "<money>"),
        ("20%", "<percent>"),
        ("20", "<number>"),
        ("20.5", "<figure>"),
        ("12345", "<short code>"),
        ("123456789", "<long number>"),
    ],
)
def test_a_number_is_known_by_what_it_is(token: str, kind: str) -> None:
    assert names(token) == [kind]


def test_intents_and_kinds_of_issue_go_by_their_names() -> None:
    assert str(Intent(key="cancel", label="Cancellation")) == "Cancellation"
    assert str(IssueType(key="billing", label="Billing")) == "Billing"

"""The starter reader: a pure function of the text that suggests why somebody wrote, and shows the words that say so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armature.arm.intent import INTENTS, ISSUE_TYPES, Reading
from armature.crm.understand import reader


def _read(text: str, language: str = "") -> Reading:
    return reader.load().read([text], [language])[0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("This is the third time I write and nobody answers. I am very disappointed.", "complaint"),
        ("The app crashes every time I open the basket.", "problem"),
        ("Do you deliver to Ireland, and how long does it take?", "question"),
        ("Best boots I ever had, I love them!", "praise"),
        ("Thank you so much for your quick help!", "thanks"),
        ("I would like to order two of these, how can I buy them?", "purchase"),
        ("Please cancel my subscription.", "cancel"),
        ("It would be great if you could add a dark mode.", "suggestion"),
        ("I am a journalist and would like to interview your founder.", "partner"),
        ("Please delete all personal data you hold about me.", "privacy"),
        ("Congratulations, you won a free prize! Click here now to claim your cash.", "spam"),
        ("Bitte kündigen Sie mein Abo.", "cancel"),
        ("Merci beaucoup pour votre aide rapide !", "thanks"),
        ("Quiero cancelar mi suscripción.", "cancel"),
    ],
)
def test_a_plain_sentence_is_read_as_what_it_is(text: str, intent: str) -> None:
    assert _read(text).intent == intent


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
@settings(max_examples=60)
def test_any_text_is_read_and_alike_in_any_company(texts: list[str]) -> None:
    together = reader.load().read(texts, [""] * len(texts))
    assert together == [_read(text) for text in texts]
    for text, found in zip(texts, together, strict=True):
        assert found.intent in INTENTS
        assert found.issue_type in ISSUE_TYPES
        assert 0 <= found.confidence <= 1
        assert -1 <= found.sentiment <= 1
        assert all(0 <= e.start < e.end <= len(text) and 0 <= e.weight <= 1 for e in found.evidence)


def test_evidence_names_words_of_the_text_as_they_stand_there() -> None:
    text = "İŞTE \U0001f600 please CANCEL my subscription, ﬁnally"
    words = {text[e.start : e.end].strip().lower() for e in _read(text).evidence}
    assert any("cancel" in word for word in words)


@pytest.mark.parametrize("text", ["", "ok", "?!", "12345", "https://example.org/a/b"])
def test_a_language_is_not_guessed_from_nothing(text: str) -> None:
    assert _read(text).language == "unknown"


def test_the_language_that_the_platform_gave_wins() -> None:
    assert _read("Please cancel my subscription, it is too expensive for me.", "nl").language == "nl"


def test_nothing_said_is_not_read_as_something() -> None:
    assert _read("").confidence < 0.5


def test_angry_and_delighted_stand_at_different_ends() -> None:
    angry, happy = _read("This is terrible, I hate it, worst service ever!"), _read("Wonderful, I love it, thank you!")
    assert angry.sentiment < -0.3 < 0.3 < happy.sentiment


def test_a_very_long_text_is_read_as_its_beginning() -> None:
    begin = "Please cancel my subscription. " * 400
    assert _read(begin + "x" * 100_000).intent == _read(begin).intent == "cancel"

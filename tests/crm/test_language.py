"""The batched language detection gives py3langid's own answers, and the same for a text whatever stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

from armature.crm.understand import language

SAID = [
    "Where is my parcel? I ordered it two weeks ago and nobody answers.",
    "Guten Tag, wo ist mein Paket geblieben? Ich warte seit zwei Wochen.",
    "Bonjour, où est mon colis ? J'attends depuis deux semaines.",
    "Hola, ¿dónde está mi paquete? Llevo dos semanas esperando.",
    "Waar blijft mijn pakket? Ik wacht al twee weken op antwoord.",
    "מתי תגיע ההזמנה שלי?",
    "私の荷物はどこですか",
]


def test_the_answers_are_those_of_py3langid() -> None:
    alone = [language.tables().theirs.classify(text) for text in SAID]
    together = language.detect(SAID)
    assert [tag for tag, _ in together] == [tag for tag, _ in alone] == ["en", "de", "fr", "es", "nl", "he", "ja"]
    assert all(abs(mine - float(theirs)) < 1e-3 for (_, mine), (_, theirs) in zip(together, alone, strict=True))


@given(st.lists(st.text(max_size=80), max_size=6))
def test_a_text_is_read_alike_alone_and_among_others(texts: list[str]) -> None:
    assert language.detect(texts) == [language.detect([text])[0] for text in texts]


def test_nothing_said_is_no_language() -> None:
    assert language.detect(["", "!!!"]) == [("", 0.0), ("", 0.0)]

"""Every fault of a typed query has its sentence in the catalogue."""

from hypothesis import given, settings
from hypothesis import strategies as st

from armature.arm.listening import parse
from armature.crm.web.fault_words import in_their_language, sentence_of

BITS = ["acme", "the", "and", "or", "AND", "OR", "NOT", "NEAR", "NEAR/5", "NEAR/0", "NEAR/200", "(", ")", '"', "-", "!",
        "&", "*", "ac*", "de*l", "*x", "\"a b*\"", "a/b*", "lang:", "lang:german", "lang:de", "place:oslo", "user:ann",
        "langg:x", 'author:"', '""', "|", "...", "#", "(" * 22]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(BITS), max_size=7).map(" ".join))
def test_no_fault_is_said_without_the_catalogue(typed: str) -> None:
    for fault in parse(typed).faults:
        for words in (fault.words, fault.mend):
            assert sentence_of(words) is not None, (typed, words)
            assert in_their_language(words) == words


def test_what_is_too_long_too() -> None:
    for typed in ("x" * 5000, "acme " * 300):
        for fault in parse(typed).faults:
            assert sentence_of(fault.words) and sentence_of(fault.mend), fault

"""What ships with the reader: enough sentences of our own, a small file, a version that names what it learned."""

from collections import Counter

from armature.arm.intent import INTENTS
from armature.crm.understand import reader, starter_file
from armature.crm.understand.training.sentences import sentences


def test_every_intent_has_sixty_sentences_in_english_and_some_in_each_other_language() -> None:
    found = Counter((one.language, one.intent) for one in sentences())
    assert min(found["en", intent] for intent in INTENTS) >= 60
    assert min(found[tag, intent] for tag in ("de", "fr", "es") for intent in INTENTS) >= 25


def test_the_file_that_ships_is_under_a_megabyte() -> None:
    assert (starter_file.folder() / "starter.npz").stat().st_size < 1_000_000


def test_the_version_names_what_was_learned() -> None:
    assert reader.load().version == f"starter {reader.digest()[:12]}"
    assert reader.load() is reader.load()


def test_the_screen_can_say_that_it_was_not_measured_here() -> None:
    assert "not been measured" in reader.MEASURED

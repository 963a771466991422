"""What a person sees as one letter, as Bluesky's own program counts it."""

import json
from pathlib import Path

import pytest

from armature.arm.channel import size

COUNTED = json.loads((Path(__file__).parent.parent / "samples" / "bluesky" / "graphemes.json").read_text())


@pytest.mark.parametrize(("text", "letters"), COUNTED, ids=[ascii(text) for text, _ in COUNTED])
def test_letters_are_counted_as_the_server_counts_them(text: str, letters: int) -> None:
    assert size(text, "graphemes") == letters


@pytest.mark.parametrize("text", [text for text, _ in COUNTED if text], ids=ascii)
def test_what_stands_a_line_apart_is_counted_apart(text: str) -> None:
    assert size("\n".join([text] * 3), "graphemes") == 3 * size(text, "graphemes") + 2

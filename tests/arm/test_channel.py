"""How long a text is, as a channel counts it."""

import pytest

from armature.arm.channel import size


@pytest.mark.parametrize(
    ("text", "characters", "octets", "graphemes"),
    [
        ("", 0, 0, 0),
        ("Hello", 5, 5, 5),
        ("Grüße", 5, 7, 5),
        ("e\u0301", 2, 3, 1),  # an accent of its own
        ("👍🏽", 2, 8, 1),  # a skin tone
        ("👩\u200d👩\u200d👧", 5, 18, 1),  # a family
        ("🇩🇪🇳🇴", 4, 16, 2),  # flags are two letters each
        ("a\u200db", 3, 5, 2),
    ],
)
def test_a_text_is_as_long_as_its_channel_counts(text: str, characters: int, octets: int, graphemes: int) -> None:
    assert [size(text, unit) for unit in ("characters", "bytes", "graphemes")] == [characters, octets, graphemes]

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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        (
            "x" * 152 + "€" + "x" * 152,
            3,
        ),  # what does not fit whole goes on
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("👍" * 67, 3),  # 134 places, but the 34th would be cut in two
        ("Grüße an Ørsted: 5 £", 1),
        ("x" * 69 + "`", 1),  # a letter that phones lack makes all of it two bytes
        ("x" * 70 + "`", 2),
    ],
)
def test_a_text_message_is_counted_in_the_parts_it_is_sent_in(text: str, parts: int) -> None:
    assert size(text, "parts") == parts

"""How many parts a text message takes: the alphabet of phones where it does, else two bytes a letter."""

_ONE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = frozenset("\f^{}\\[~]|€")
"""Letters of the alphabet of GSM 03.38, and those that take two places there."""
ALONE, JOINED = (160, 70), (153, 67)
"""Places of a message that is one part, and of each of several: of that alphabet, and of two-byte letters."""


def is_gsm(text: str) -> bool:
    """Whether the alphabet of phones has every letter of it."""
    return all(letter in _ONE or letter in _TWO for letter in text)


def parts(text: str) -> int:
    """The parts a text is sent in. A letter of two places is never cut in two."""
    plain = is_gsm(text)
    widths = [1 + (letter in _TWO if plain else letter > "\uffff") for letter in text]
    if sum(widths) <= ALONE[not plain]:
        return 1 if text else 0
    count, left, room = 1, JOINED[not plain], JOINED[not plain]
    for width in widths:
        if width > left:
            count, left = count + 1, room
        left -= width
    return count

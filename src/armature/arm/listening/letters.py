"""Which characters make a word, which stand alone, which are not seen; and folding, so that equal words look equal."""

import re
import unicodedata

ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
)
"""Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese): each character is a word."""

MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0966-\u0df3"
    "\u0f71-\u0f84\u135d-\u135f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"
)
"""Accents and vowel signs that belong to the letter before them (and the letters of the scripts that live on them)."""

LETTERS = rf"(?:[^\W_{ALONE}]++|[{MARKS}])++"
"""A run of letters and digits."""

SIGNS = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
"""Emoji and the small pictures beside them."""

EMOJI = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\u20e3|[{SIGNS}](?:\u200d[{SIGNS}])*"
"""A flag, a key, a picture or several joined into one."""

_VARIANTS = "\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef\U000e0020-\U000e007f"
_UNSEEN = re.compile(rf"[{_VARIANTS}\u00ad\u200c\u2060\ufeff]|\u200d[\u2640\u2642]|(?<![{SIGNS}{_VARIANTS}])\u200d")
_STRAIGHT = str.maketrans("’ʼ", "''")


def seen(text: str) -> str:
    """The text without variation selectors, skin tones, soft hyphens and joiners; capitals stay.

    Full-width and stylised letters become plain, curly apostrophes straight. Not the same length as ``text``.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_STRAIGHT)


def fold(text: str) -> str:
    """The text as it is compared: ``seen`` and without capitals. Folding twice changes nothing more."""
    return seen(text).casefold()


def is_as_written(made: str, text: str) -> bool:
    """Whether ``seen`` made this of a text without moving a character."""
    return len(made) == len(text) and made == text.translate(_STRAIGHT)


def origins(text: str) -> list[tuple[int, int]]:
    """For each character of ``seen(text)`` the start and end in ``text`` of what it was made from.

    Characters are made in groups, a letter with the marks after it: all characters of a group have one origin.
    """
    made: list[tuple[int, int]] = []
    gone = {at for found in _UNSEEN.finditer(text) for at in range(*found.span())}
    begin, end, group = 0, 0, ""
    for at, sign in enumerate(text):
        if at in gone:
            continue
        if group and not _joins(sign):
            made += [(begin, end)] * len(seen_group(group))
            group = ""
        if not group:
            begin = at
        group, end = group + sign, at + 1
    return made + [(begin, end)] * len(seen_group(group)) if group else made


def seen_group(group: str) -> str:
    """What ``seen`` makes of one letter with its marks."""
    return group if group.isascii() else unicodedata.normalize("NFKC", group)


def _joins(sign: str) -> bool:
    """Whether the character may melt into the one before it."""
    if sign.isascii():
        return False
    jamo = "\u1160" <= sign <= "\u11ff"  # vowels and ends of Korean syllables, which are letters of their own right
    first = unicodedata.normalize("NFKC", sign)[0]
    return jamo or "\u1160" <= first <= "\u11ff" or unicodedata.category(first)[0] == "M"

"""What a person sees as one letter: where a text may be cut, by the rules of Unicode (Annex 29, extended clusters)."""

import unicodedata
from bisect import bisect_right
from enum import Enum, auto
from functools import lru_cache


class Sort(Enum):
    """What a sign is for these rules."""

    OTHER = auto()
    CR = auto()
    LF = auto()
    CONTROL = auto()
    EXTEND = auto()
    JOINER = auto()
    SPACING = auto()
    PREPEND = auto()
    FLAG = auto()
    PICTURE = auto()
    L = auto()
    V = auto()
    T = auto()
    LV = auto()
    LVT = auto()


def _ranges(words: str) -> tuple[list[int], list[int]]:
    """Beginnings and ends of ranges of hexadecimal numbers."""
    pairs = sorted((int(a, 16), int(b or a, 16)) for a, _, b in (word.partition("-") for word in words.split()))
    return [begin for begin, _ in pairs], [end for _, end in pairs]


def _within(letter: int, ranges: tuple[list[int], list[int]]) -> bool:
    at = bisect_right(ranges[0], letter) - 1
    return at >= 0 and letter <= ranges[1][at]


PICTURES = _ranges(
    "A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 2388 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB 25B6 "
    "25C0 25FB-25FE 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271D 2721 2728 2733-2734 2744 2747 "
    "274C 274E 2753-2755 2757 2763-2767 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D "
    "3297 3299 1F000-1F0FF 1F10D-1F10F 1F12F 1F16C-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F1AD-1F1E5 1F201-1F20F 1F21A "
    "1F22F 1F232-1F23A 1F23C-1F23F 1F249-1F3FA 1F400-1F53D 1F546-1F64F 1F680-1F6FF 1F774-1F77F 1F7D5-1F7FF "
    "1F80C-1F80F 1F848-1F84F 1F85A-1F85F 1F888-1F88F 1F8AE-1F8FF 1F90C-1F93A 1F93C-1F945 1F947-1FAFF 1FC00-1FFFD"
)
EXTENDS = _ranges(
    "9BE 9D7 B3E B57 BBE BD7 CC0 CC2 CC7-CC8 CCA-CCB CD5-CD6 D3E D57 DCF DDF 1715 1734 1B35 1B3B 1B3D 1B43-1B44 1BAA "
    "1BF2-1BF3 200C 302E-302F A953 A9C0 FF9E-FF9F 111C0 11235 1133E 1134D 11357 114B0 114BD 115AF 116B6 11930 1193D "
    "1D165-1D166 1D16D-1D172 1F3FB-1F3FF E0020-E007F"
)
"""What belongs to the letter before it though its category does not say so."""
STANDS_ALONE = _ranges(
    "102B-102C 1038 1062-1064 1067-106D 1083 1087-108C 108F 109A-109C 1A61 1A63-1A64 AA7B AA7D 11720-11721"
)
PREPENDS = _ranges("600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 1193F 11941 11A3A 11A84-11A89 11D46 11F02")
CONSONANTS = _ranges(
    "915-939 958-95F 978-97F 995-9A8 9AA-9B0 9B2 9B6-9B9 9DC-9DD 9DF 9F0-9F1 A95-AA8 AAA-AB0 AB2-AB3 AB5-AB9 AF9 "
    "B15-B28 B2A-B30 B32-B33 B35-B39 B5C-B5D B5F B71 C15-C28 C2A-C39 C58-C5A D15-D3A"
)
LINKERS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")
"""Signs that bind two consonants of India into one letter."""
_HANGUL, _HANGUL_END = 0xAC00, 0xD7A3
_PLAIN = {"\r": Sort.CR, "\n": Sort.LF, "\u200d": Sort.JOINER, "\u0e33": Sort.SPACING, "\u0eb3": Sort.SPACING}
_BEFORE = {
    Sort.L: (Sort.L, Sort.V, Sort.LV, Sort.LVT),
    Sort.V: (Sort.V, Sort.T), Sort.LV: (Sort.V, Sort.T), Sort.T: (Sort.T,), Sort.LVT: (Sort.T,),
}  # fmt: skip
_ENDS = (Sort.CR, Sort.LF, Sort.CONTROL)


def count(text: str) -> int:
    """How many such letters a text has."""
    number, last, picture, flags, consonant, linked = 0, None, False, 0, False, False
    for letter in text:
        sort = sort_of(letter)
        bound = consonant and linked and _within(ord(letter), CONSONANTS)
        joined = last is Sort.JOINER and picture and sort is Sort.PICTURE
        pair = sort is Sort.FLAG and flags % 2 == 1
        number += not (last is not None and (bound or joined or pair or _holds(last, sort)))
        flags = flags + 1 if sort is Sort.FLAG else 0
        goes_on = picture and sort in (Sort.EXTEND, Sort.JOINER) and last is not Sort.JOINER
        picture = sort is Sort.PICTURE or goes_on
        if _within(ord(letter), CONSONANTS):
            consonant, linked = True, False
        elif consonant:
            consonant, linked = sort in (Sort.EXTEND, Sort.JOINER), linked or letter in LINKERS
        last = sort
    return number


def _holds(last: Sort, sort: Sort) -> bool:
    """Whether two neighbours are one letter, whatever stands before them."""
    if last in _ENDS or sort in _ENDS:
        return last is Sort.CR and sort is Sort.LF
    return sort in (Sort.EXTEND, Sort.JOINER, Sort.SPACING) or last is Sort.PREPEND or sort in _BEFORE.get(last, ())


@lru_cache(maxsize=4096)
def sort_of(letter: str) -> Sort:
    """What a sign is."""
    number = ord(letter)
    if letter in _PLAIN:
        return _PLAIN[letter]
    if number < 0x300:
        plain = Sort.PICTURE if number in (0xA9, 0xAE) else Sort.OTHER
        return Sort.CONTROL if unicodedata.category(letter) in ("Cc", "Cf") else plain
    if _HANGUL <= number <= _HANGUL_END:
        return Sort.LV if (number - _HANGUL) % 28 == 0 else Sort.LVT
    for begin, end, sort in ((0x1100, 0x115F, Sort.L), (0x1160, 0x11A7, Sort.V), (0x11A8, 0x11FF, Sort.T),
                             (0xA960, 0xA97C, Sort.L), (0xD7B0, 0xD7C6, Sort.V), (0xD7CB, 0xD7FB, Sort.T),
                             (0x1F1E6, 0x1F1FF, Sort.FLAG)):  # fmt: skip
        if begin <= number <= end:
            return sort
    return _by_category(letter, number)


def _by_category(letter: str, number: int) -> Sort:
    category = unicodedata.category(letter)
    for ranges, sort in ((PREPENDS, Sort.PREPEND), (EXTENDS, Sort.EXTEND), (PICTURES, Sort.PICTURE)):
        if _within(number, ranges):
            return sort
    if category in ("Mn", "Me"):
        return Sort.EXTEND
    if category == "Mc":
        return Sort.OTHER if _within(number, STANDS_ALONE) else Sort.SPACING
    unseen = category == "Cn" and 0xE0000 <= number <= 0xE0FFF
    return Sort.CONTROL if category in ("Cc", "Cf", "Cs", "Zl", "Zp") or unseen else Sort.OTHER

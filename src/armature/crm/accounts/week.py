"""Hours and lengths of time as people write them: "9-12, 13:30-17" for a day, "4 h" for a promise, and back."""

import re
from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
_SPAN = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|\u2013|to)\s*(\d{1,2})(?:[:.](\d{2}))?\s*")
_LENGTH = re.compile(r"\s*(?:(\d{1,4})\s*h(?:ours?)?)?\s*(?:(\d{1,5})\s*(?:m|min|minutes?)?)?\s*")
CLOSED = ("", "-", "\u2013", "closed")

Day = list[list[int]]


def read_day(text: str) -> Day:
    """The spans of one day in minutes after midnight; ``ValueError`` with words for whoever typed it."""
    if text.strip().lower() in CLOSED:
        return []
    spans = [_read_span(part) for part in text.split(",")]
    for (_begin, end), (begin, _end) in pairwise(spans):
        if begin <= end:
            raise ValueError(_("The hours must follow one another without touching."))
    return spans


def _read_span(text: str) -> list[int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(_("“{typed}” is not like 9-17 or 8:30-12, 13-17:30.").format(typed=text.strip()[:40]))
    hour, minute, until, past = (int(part or 0) for part in found.groups())
    begin, end = hour * 60 + minute, until * 60 + past
    if minute > 59 or past > 59 or end > 1440:
        raise ValueError(_("“{typed}” has a time that no clock shows; a day ends at 24:00.").format(typed=text.strip()))
    if begin >= end:
        words = _("“{typed}” ends before it begins; what is past midnight is the next day's.")
        raise ValueError(words.format(typed=text.strip()))
    return [begin, end]


def say_day(spans: Sequence[Sequence[int]]) -> str:
    """The spans of one day as they would be typed."""
    return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def read_minutes(text: str) -> int | None:
    """A length of time in minutes: "45 min", "4 h", "1 h 30"; None when nothing is written."""
    if not text.strip():
        return None
    found = _LENGTH.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(_("“{typed}” is not like 45 min, 4 h or 1 h 30.").format(typed=text.strip()[:40]))
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def say_minutes(minutes: int | None) -> str:
    """The same as it would be typed."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)

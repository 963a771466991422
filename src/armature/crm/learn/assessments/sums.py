"""What is counted, by names: a word for what, then what it is split by, joined by a character no name can have."""

from collections import Counter
from collections.abc import Iterator, Mapping

SEP = "\x1f"
MESSAGES, MACHINES, OURS = "messages", "machines", "ours"
"""Words of people to us; of machines, set aside; of ours."""
CHANNEL, INTENT, HOUR, LANGUAGE, MONTH = "channel", "intent", "hour", "language", "month"
"""Messages, split by one thing; hour: weekday and hour."""
EXCHANGE = "exchange"
"""Exchanges by how they stand, channel, intent."""
ANSWERED, NEVER, DECIDED, QUIET = "answered", "never", "decided", "quiet"
"""How an exchange stands: we answered; nobody did; somebody decided not to; nothing in it asks for an answer."""
AGAIN = "again"
"""Exchanges that were answered and wait once more, by channel, intent."""
FIRST, DONE = "first", "done"
"""Lengths: by what they are split by (channel, intent, or nothing), clock or open, which one, bucket."""
ASKING, OPEN_ASKING = "asking", "open_asking"
"""Askings that were answered, or still wait, by weekday and hour at which they began."""
WAIT = "wait"
"""Lengths of answered askings: by hour, weekday, side or place (channel and intent), which one, bucket."""
BY, KIND = "by", "kind"
"""Answered askings by answerer and intent; by answerer and kind of issue."""
ROUTE, JUDGED = "route", "judged"
"""What proposals are made of, split as `Routed` and `Judged` are."""
CLOCK, BUSINESS = "clock", "open"


def name(*parts: object) -> str:
    """The name of a count. What others wrote is made ``plain`` before."""
    return SEP.join(map(str, parts))


def plain(text: str) -> str:
    """Words from elsewhere, so that they can be part of a name."""
    return text.replace(SEP, " ")


def of(sums: Mapping[str, int], *head: object) -> Iterator[tuple[list[str], int]]:
    """The counts whose names begin so: the rest of the name in parts, and the count."""
    begin = name(*head) + SEP
    for key, count in sums.items():
        if key.startswith(begin):
            yield key[len(begin) :].split(SEP), count


def by(sums: Mapping[str, int], *head: object, part: int = 0) -> Counter[str]:
    """These counts added up by one part of the rest of their names."""
    found: Counter[str] = Counter()
    for rest, count in of(sums, *head):
        found[rest[part]] += count
    return found

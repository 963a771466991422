"""Search from the newest rows backwards, so that words which stand in half of a million rows are found in a moment.

A full-text index has no order. So every row is indexed with one more word: which part of the table it stands in, 16,384
numbers to a part. A search asks for its words in the newest part, then in ever larger stretches of older ones, and
stops when it has enough.
"""

from collections.abc import Iterator

BITS = 14
WORD = "armaturepart"
IN_PART = f"' {WORD}' || (id >> {BITS})::text"
"""The word of a row's part, in SQL, to be put behind the words that are indexed."""


def stretches(highest: int) -> Iterator[str]:
    """Queries for the part with this number, then for two before it, for four before those, and so on to the first."""
    end, size = (highest >> BITS) + 1, 1
    while end > 0:
        begin = max(0, end - size)
        yield "(" + " | ".join(f"{WORD}{number}" for number in range(begin, end)) + ")"
        end, size = begin, 2 * size

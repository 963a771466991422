"""When a query finds so much more in an hour than usual that somebody should hear of it, and what is behind it."""

import math
from collections import Counter
from collections.abc import Sequence

from armature.arm.listening.common import COMMON
from armature.arm.listening.heard import hear

FEWEST = 10
"""Fewer posts in an hour are never a spike."""
SELDOM = 1e-5
"""A spike is what happens by chance in fewer hours than this share."""
QUIET = 1.0
"""A query that finds next to nothing is taken to find so many in an hour."""
WORDS = 5


def is_spike(found: int, usual: float) -> bool:
    """Whether ``found`` posts in an hour are too many for chance, when ``usual`` are to be expected (Poisson)."""
    return found >= FEWEST and at_least(found, max(usual, QUIET)) < SELDOM


def at_least(found: int, usual: float) -> float:
    """How likely it is to find so many or more by chance."""
    if found <= 0:
        return 1.0
    term = math.exp(found * math.log(usual) - usual - math.lgamma(found + 1))
    tail, number = 0.0, found
    while term > tail * 1e-12 or number < usual:
        tail += term
        number += 1
        term *= usual / number
    return min(1.0, tail)


def grown(now: Sequence[str], before: Sequence[str], but: str = "") -> list[str]:
    """The words whose share of posts has grown most, each post counted once; common ones and those of ``but`` never."""
    left_out = COMMON | hear(but).words
    share_now, share_before = _shares(now), _shares(before)
    more = {
        word: share - share_before.get(word, 0.0)
        for word, share in share_now.items()
        if word not in left_out and word[0].isalpha() and len(word) > 2 and "/" not in word
    }
    best = sorted((-growth, word) for word, growth in more.items() if growth > 0 and share_now[word] * len(now) >= 2)
    return [word for _growth, word in best[:WORDS]]


def _shares(posts: Sequence[str]) -> dict[str, float]:
    counts = Counter(word for post in posts for word in set(hear(post).tokens.terms))
    return {word: count / len(posts) for word, count in counts.items()}

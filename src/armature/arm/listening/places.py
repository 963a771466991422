"""Where in a post the parts of a query stand."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from armature.arm.listening.fields import field_term
from armature.arm.listening.heard import Heard, Stretch
from armature.arm.listening.query import And, Emoji, Field, Name, Near, Node, Not, Or, Phrase, Prefix, Tag, Term, Word


def found(node: Node, heard: Heard) -> Sequence[Stretch] | None:
    """Every place of the post that makes the node hold; None when it does not hold.

    What holds without a place (a field, something that is not there) has an empty list.
    """
    return _FOUND[type(node)](node, heard)


def _and(node: And, heard: Heard) -> Sequence[Stretch] | None:
    everything: list[Stretch] = []
    for child in node.children:
        part = found(child, heard)
        if part is None:
            return None
        everything += part
    return everything


def _or(node: Or, heard: Heard) -> Sequence[Stretch] | None:
    parts = [part for child in node.children if (part := found(child, heard)) is not None]
    return [stretch for part in parts for stretch in part] if parts else None


def _not(node: Not, heard: Heard) -> Sequence[Stretch] | None:
    return () if found(node.child, heard) is None else None


def _field(node: Field, heard: Heard) -> Sequence[Stretch] | None:
    return () if field_term(node.field, node.value) in heard.present else None


def _term(node: Term, heard: Heard) -> Sequence[Stretch] | None:
    return heard.at.get(node.term)


def _prefix(node: Prefix, heard: Heard) -> Sequence[Stretch] | None:
    return [each for term, there in heard.at.items() if term.startswith(node.term) for each in there] or None


def _phrase(node: Phrase, heard: Heard) -> Sequence[Stretch] | None:
    return phrase(node.terms, heard) or None


def _near(node: Near, heard: Heard) -> Sequence[Stretch] | None:
    return near(node.distance, found(node.left, heard) or (), found(node.right, heard) or ()) or None


_FOUND: dict[type, Callable[[Any, Heard], Sequence[Stretch] | None]] = {
    Word: _term, Tag: _term, Name: _term, Emoji: _term, Prefix: _prefix, Phrase: _phrase, Near: _near, Field: _field,
    And: _and, Or: _or, Not: _not,
}  # fmt: skip


def phrase(terms: Sequence[str], heard: Heard) -> list[Stretch]:
    """Where the terms stand one after the other."""
    at = heard.at
    standing = at.get(terms[0], [])
    for term in terms[1:]:
        if not standing or term not in at:
            return []
        there = at[term]
        if len(there) == 1:
            start, end = there[0]
            standing = [(begin, end) for begin, last in standing if last + 1 == start]
        else:
            standing = _followed(standing, there)
    return standing


def _followed(standing: Sequence[Stretch], there: Sequence[Stretch]) -> list[Stretch]:
    """What stands and goes on with one of those there; in time that grows with both, not with their product."""
    lasts: dict[int, list[int]] = {}
    for start, end in there:
        lasts.setdefault(start, []).append(end)
    return [(begin, end) for begin, last in standing for end in lasts.get(last + 1, ())]


def near(distance: int, left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """Those of either side that have one of the other beside them, at most ``distance`` places after or before."""
    return _beside(distance, left, right) + _beside(distance, right, left)


def _beside(distance: int, ones: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    begins, lasts = sorted(begin for begin, _ in others), sorted(last for _, last in others)
    return [
        (begin, last)
        for begin, last in ones
        if _any_between(begins, last + 1, last + distance) or _any_between(lasts, begin - distance, begin - 1)
    ]


def _any_between(ordered: Sequence[int], low: int, high: int) -> bool:
    at = bisect_left(ordered, low)
    return at < len(ordered) and ordered[at] <= high

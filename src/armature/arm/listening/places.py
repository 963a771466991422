"""Where in a post the parts of a query stand."""

from collections.abc import Sequence
from itertools import chain

from armature.arm.listening.fields import field_term
from armature.arm.listening.heard import Heard, Stretch
from armature.arm.listening.query import And, Field, Near, Node, Not, Or, Phrase, Prefix


def found(node: Node, heard: Heard) -> list[Stretch] | None:
    """Every place of the post that makes the node hold; None when it does not hold.

    What holds without a place (a field, something that is not there) has an empty list.
    """
    if isinstance(node, And):
        parts = _each(node.children, heard)
        return None if len(parts) < len(node.children) else list(chain.from_iterable(parts))
    if isinstance(node, Or):
        parts = _each(node.children, heard)
        return list(chain.from_iterable(parts)) if parts else None
    if isinstance(node, Not):
        return [] if found(node.child, heard) is None else None
    if isinstance(node, Field):
        return [] if field_term(node.field, node.value) in heard.present else None
    return stretches(node, heard) or None


def _each(nodes: Sequence[Node], heard: Heard) -> list[list[Stretch]]:
    return [part for node in nodes if (part := found(node, heard)) is not None]


def stretches(node: Node, heard: Heard) -> list[Stretch]:
    """Where something stands that stands somewhere; an Or of such stands wherever one of it does."""
    if isinstance(node, Phrase):
        return phrase(node.terms, heard)
    if isinstance(node, Near):
        pairs = near(node.distance, stretches(node.left, heard), stretches(node.right, heard))
        return [each for pair in pairs for each in pair]
    if isinstance(node, Prefix):
        return [each for term, there in heard.at.items() if term.startswith(node.term) for each in there]
    if isinstance(node, Or):
        return [each for child in node.children for each in stretches(child, heard)]
    assert not isinstance(node, And | Not | Field)
    return heard.at.get(node.term, [])


def phrase(terms: Sequence[str], heard: Heard) -> list[Stretch]:
    """Where the terms stand one after the other."""
    at = heard.at
    open_ends = at.get(terms[0], [])
    for term in terms[1:]:
        going_on: dict[int, list[int]] = {}
        for begin, last in at.get(term, []):
            going_on.setdefault(begin, []).append(last)
        open_ends = [(begin, end) for begin, last in open_ends for end in going_on.get(last + 1, ())]
        if not open_ends:
            return []
    return open_ends


def near(distance: int, left: Sequence[Stretch], right: Sequence[Stretch]) -> list[tuple[Stretch, Stretch]]:
    """The pairs of which one begins at most ``distance`` places after the other ends."""
    return [
        (one, other)
        for one in left
        for other in right
        if 0 < other[0] - one[1] <= distance or 0 < one[0] - other[1] <= distance
    ]

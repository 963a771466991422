"""Whether a query holds for a post, as a function made once: this is what runs for every candidate of every post."""

from collections.abc import Callable

from armature.arm.listening.fields import field_term
from armature.arm.listening.heard import Heard
from armature.arm.listening.places import found, near, phrase
from armature.arm.listening.query import And, Emoji, Field, Name, Near, Node, Not, Or, Phrase, Prefix, Tag, Word

Holds = Callable[[Heard], bool]


def sure_term(node: Node) -> str | None:
    """The term whose presence is all that the node asks; None when it asks more."""
    if isinstance(node, Word | Tag | Name | Emoji):
        return node.term
    return field_term(node.field, node.value) if isinstance(node, Field) else None


def holds(node: Node) -> Holds:
    """The test for a node."""
    term = sure_term(node)
    if term is not None:
        return lambda heard: term in heard.present
    if isinstance(node, And):
        return all_of(list(node.children))
    if isinstance(node, Or):
        return any_of(list(node.children))
    if isinstance(node, Not):
        inner = holds(node.child)
        return lambda heard: not inner(heard)
    if isinstance(node, Phrase):
        return _phrase(node)
    if isinstance(node, Near):
        return _near(node)
    assert isinstance(node, Prefix)
    return _prefix(node)


def all_of(nodes: list[Node]) -> Holds:
    """The test that all hold. Single terms, wanted and unwanted, are two comparisons of sets."""
    wanted = frozenset(term for node in nodes if (term := sure_term(node)) is not None)
    unwanted = frozenset(
        term for node in nodes if isinstance(node, Not) and (term := sure_term(node.child)) is not None
    )
    others = [holds(node) for node in nodes if sure_term(node.child if isinstance(node, Not) else node) is None]
    if not others:
        return lambda heard: heard.present >= wanted and heard.present.isdisjoint(unwanted)
    if not wanted and not unwanted and len(others) == 1:
        return others[0]

    def test(heard: Heard) -> bool:
        if not (heard.present >= wanted and heard.present.isdisjoint(unwanted)):
            return False
        for other in others:  # noqa: SIM110  half the time of all()
            if not other(heard):
                return False
        return True

    return test


def any_of(nodes: list[Node]) -> Holds:
    """The test that one holds."""
    enough = frozenset(term for node in nodes if (term := sure_term(node)) is not None)
    others = [holds(node) for node in nodes if sure_term(node) is None]
    if not others:
        return lambda heard: not heard.present.isdisjoint(enough)

    def test(heard: Heard) -> bool:
        if not heard.present.isdisjoint(enough):
            return True
        for other in others:  # noqa: SIM110  half the time of any()
            if other(heard):
                return True
        return False

    return test


def _phrase(node: Phrase) -> Holds:
    terms, needed = node.terms, frozenset(node.terms)
    spelled = f" {' '.join(terms)} "

    def test(heard: Heard) -> bool:
        line = heard.line
        return spelled in line if line else heard.words >= needed and bool(phrase(terms, heard))

    return test


def _prefix(node: Prefix) -> Holds:
    begin = node.term
    spelled = f" {begin}"

    def test(heard: Heard) -> bool:
        line = heard.line
        return spelled in line if line else any(word.startswith(begin) for word in heard.words)

    return test


def _near(node: Near) -> Holds:
    left, right = sure_term(node.left), sure_term(node.right)
    if left is None or right is None:
        return lambda heard: found(node, heard) is not None
    needed = frozenset((left, right))
    return lambda heard: heard.words >= needed and bool(near(node.distance, heard.at[left], heard.at[right]))

"""The tree of a query. Terms are folded; ``both`` and ``either`` build what ``parse`` would build."""

from dataclasses import dataclass

SHORTEST_PREFIX = 3
"""Letters that must stand before a star."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or an address, also where it stands as a tag or a name."""

    term: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; ``term`` begins with #."""

    term: str


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody addressed; ``term`` begins with @."""

    term: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """A picture, whatever its skin tone."""

    term: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """All terms that begin so: at least three letters (``SHORTEST_PREFIX``), besides a # or @."""

    term: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms one after the other, at least two."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """What is known about a post beside its words: ``lang``, ``place`` or ``author``.

    The value is as ``field_value`` makes it. A language holds for its regions too: ``de`` for ``de-at``.
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Both, in any order, the later one at most ``distance`` words on; 1 is side by side.

    ``left`` and ``right`` are terms, prefixes, phrases, or one of several of these.
    """

    distance: int
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of at least two, none of them an And."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of at least two, none of them an Or."""

    children: tuple["Node", ...]


Term = Word | Tag | Name | Emoji
Placed = Term | Prefix | Phrase
"""What stands somewhere in a text."""
Node = Placed | Field | Near | Not | And | Or


def both(*nodes: Node) -> Node:
    """All of them, as one flat node; one alone stays what it is."""
    if len(nodes) == 1:
        return nodes[0]
    flat = tuple(each for node in nodes for each in (node.children if isinstance(node, And) else (node,)))
    return And(flat)


def either(*nodes: Node) -> Node:
    """At least one of them, as one flat node; one alone stays what it is."""
    if len(nodes) == 1:
        return nodes[0]
    flat = tuple(each for node in nodes for each in (node.children if isinstance(node, Or) else (node,)))
    return Or(flat)


def without(node: Node) -> Node:
    """The opposite; twice is the thing itself."""
    return node.child if isinstance(node, Not) else Not(node)

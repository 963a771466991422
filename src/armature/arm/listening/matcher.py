"""Many queries, one post: which of them match, without trying them all.

Every query hangs on *anchors*, terms of which a post must hold one for the query to match: the rarest part of an
And, all parts of an Or, the rarest term of a phrase. A post is looked up by its terms, and only the queries that
hang there are tested, and of these only what the anchor has not settled. The result is exact.

Nothing is compiled as a whole: adding, replacing or removing one query touches its anchors only.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from armature.arm.listening.common import COMMON
from armature.arm.listening.findable import findable
from armature.arm.listening.heard import Heard, Span, hear
from armature.arm.listening.holds import Holds, all_of, holds, sure_term
from armature.arm.listening.places import found
from armature.arm.listening.query import SHORTEST_PREFIX, And, Near, Node, Or, Phrase, Prefix

Key = TypeVar("Key", bound=Hashable)

VERY_COMMON = 1_000_000.0
"""How often a common word is taken to occur when nothing is known."""
PER_PREFIX = 20
"""A prefix stands for so many words of middling frequency."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A term or a prefix that a post must hold, and what must hold besides (None: nothing)."""

    term: str
    prefix: bool
    rest: Holds | None


class Matcher(Generic[Key]):
    """Holds queries by key. ``frequencies`` says in how many posts a term stands, of any number of posts.

    The frequencies make it fast and change no result; a term that is not in them counts as rare.
    """

    def __init__(self, frequencies: Mapping[str, int] | None = None) -> None:
        self._frequencies = frequencies or {}
        self._prefix_cost = PER_PREFIX * sum(self._frequencies.values()) / max(1, len(self._frequencies))
        self._trees: dict[Key, Node] = {}
        self._anchors: dict[Key, list[_Anchor]] = {}
        self._terms: dict[str, dict[Key, Holds | None]] = {}
        self._prefixes: dict[str, dict[str, dict[Key, Holds | None]]] = {}

    def __len__(self) -> int:
        return len(self._trees)

    def __contains__(self, key: object) -> bool:
        return key in self._trees

    def add(self, key: Key, tree: Node) -> None:
        """Hold a query; one that was held under this key is replaced. ValueError when nothing can anchor it."""
        if not findable(tree):
            raise ValueError("The query would match nearly every post.")
        anchors = self._anchored(tree)
        self.remove(key)
        self._trees[key], self._anchors[key] = tree, anchors
        for anchor in anchors:
            table = self._table(anchor)
            table[key] = _either(table[key], anchor.rest) if key in table else anchor.rest

    def remove(self, key: Key) -> None:
        """Hold it no longer; nothing happens when it is not held."""
        if self._trees.pop(key, None) is None:
            return
        for anchor in self._anchors.pop(key):
            table = self._table(anchor)
            table.pop(key, None)
            if not table:
                self._drop(anchor)

    def match(self, text: str, language: str = "", place: str = "", author: str = "") -> dict[Key, tuple[Span, ...]]:
        """The queries that match a post, each with where in the text: (start, end), in order, none overlapping."""
        heard = hear(text, language, place, author)
        trees = self._trees
        return {key: heard.spans(found(trees[key], heard) or ()) for key in self.matching(heard)}

    def matching(self, heard: Heard) -> set[Key]:
        """The keys of the queries that match."""
        keys: set[Key] = set()
        for term in self._terms.keys() & heard.present:
            for key, rest in self._terms[term].items():
                if rest is None or (key not in keys and rest(heard)):
                    keys.add(key)
        if self._prefixes:
            self._by_prefix(heard, keys)
        return keys

    def candidates(self, heard: Heard) -> int:
        """How many tests a post costs; for measuring."""
        by_prefix = [
            len(table)
            for head in self._prefixes.keys() & {word[:SHORTEST_PREFIX] for word in heard.words}
            for prefix, table in self._prefixes[head].items()
            if any(word.startswith(prefix) for word in heard.words)
        ]
        return sum(by_prefix) + sum(len(self._terms[term]) for term in self._terms.keys() & heard.present)

    def _by_prefix(self, heard: Heard, keys: set[Key]) -> None:
        words = heard.words
        for head in self._prefixes.keys() & {word[:SHORTEST_PREFIX] for word in words}:
            there = tuple(word for word in words if word.startswith(head))
            for prefix, table in self._prefixes[head].items():
                if any(word.startswith(prefix) for word in there):
                    for key, rest in table.items():
                        if rest is None or (key not in keys and rest(heard)):
                            keys.add(key)

    def _table(self, anchor: _Anchor) -> dict[Key, Holds | None]:
        if not anchor.prefix:
            return self._terms.setdefault(anchor.term, {})
        return self._prefixes.setdefault(anchor.term[:SHORTEST_PREFIX], {}).setdefault(anchor.term, {})

    def _drop(self, anchor: _Anchor) -> None:
        if not anchor.prefix:
            self._terms.pop(anchor.term, None)
            return
        head = anchor.term[:SHORTEST_PREFIX]
        self._prefixes[head].pop(anchor.term, None)
        if not self._prefixes[head]:
            del self._prefixes[head]

    def _cost(self, node: Node) -> float:
        """In how many posts an anchor of this node would call for a test."""
        if isinstance(node, And):
            return min(self._cost(child) for child in node.children if findable(child))
        if isinstance(node, Or):
            return sum(self._cost(child) for child in node.children)
        if isinstance(node, Phrase):
            return min(map(self._frequency, node.terms))
        if isinstance(node, Near):
            return min(self._cost(node.left), self._cost(node.right))
        term = sure_term(node)
        return self._prefix_cost if term is None else self._frequency(term)

    def _frequency(self, term: str) -> float:
        known = self._frequencies.get(term)
        return known if known is not None else VERY_COMMON if term in COMMON else 1 / len(term)

    def _anchored(self, node: Node) -> list[_Anchor]:
        term = sure_term(node)
        if term is not None:
            return [_Anchor(term, False, None)]
        if isinstance(node, Prefix):
            return [_Anchor(node.term, True, None)]
        if isinstance(node, Or):
            return [anchor for child in node.children for anchor in self._anchored(child)]
        if isinstance(node, Phrase):
            return [_Anchor(min(node.terms, key=self._frequency), False, holds(node))]
        if isinstance(node, Near):
            side = min(node.left, node.right, key=self._cost)
            return [_Anchor(anchor.term, anchor.prefix, holds(node)) for anchor in self._anchored(side)]
        assert isinstance(node, And)
        chosen = min((child for child in node.children if findable(child)), key=self._cost)
        rest = all_of([child for child in node.children if child is not chosen])
        return [_Anchor(one.term, one.prefix, _both(one.rest, rest)) for one in self._anchored(chosen)]


def _both(one: Holds | None, other: Holds) -> Holds:
    return other if one is None else lambda heard: one(heard) and other(heard)


def _either(one: Holds | None, other: Holds | None) -> Holds | None:
    return None if one is None or other is None else lambda heard: one(heard) or other(heard)

"""Whether posts can be found by a query: every match must hold something of it that not nearly every post holds."""

from collections.abc import Mapping

from armature.arm.listening.common import COMMON
from armature.arm.listening.fault import Fault
from armature.arm.listening.query import And, Field, Node, Not, Or, Word
from armature.arm.rule.finding import quoted

Extents = Mapping[int, tuple[Node, int, int]]
"""Where nodes were typed: by ``id`` of a node the node, its column and its length."""


def findable(node: Node) -> bool:
    """Whether a post must hold something for this to match, and something that not nearly every post holds."""
    if isinstance(node, And):
        return any(findable(child) for child in node.children)
    if isinstance(node, Or):
        return all(findable(child) for child in node.children)
    if isinstance(node, Field):
        return node.field == "author"
    return not isinstance(node, Not) and not (isinstance(node, Word) and node.term in COMMON)


def why_not(tree: Node, extents: Extents) -> Fault | None:
    """What keeps posts from being found by this query; None when nothing does."""
    if findable(tree):
        return None
    node = _culprit(tree)
    _, column, length = extents.get(id(node), extents.get(id(tree), (tree, 0, 0)))
    return Fault(column, length, *_words(node, node is tree))


def _culprit(node: Node) -> Node:
    """The smallest part that alone would match nearly everything."""
    if isinstance(node, Or):
        return _culprit(next(child for child in node.children if not findable(child)))
    return node


def _words(node: Node, alone: bool) -> tuple[str, str]:
    beside = "" if alone else " beside OR"
    parts = node.children if isinstance(node, And) else (node,)
    if all(isinstance(part, Not) for part in parts):
        return (
            f"This only excludes{beside}, so it would match nearly every post.",
            "Add a word that must be there, as in: delivery NOT late",
        )
    common = [part.term for part in parts if isinstance(part, Word)]
    if common:
        return (
            f"{quoted(common[0])} alone{beside} stands in nearly every post.",
            f'Add a rarer word, or write a phrase, as in "{common[0]} shop"',
        )
    return (
        f"This{beside} would match every post of a language or place.",
        "Add a word that must be there, as in: delivery lang:de",
    )

"""A tree as somebody would type it: ``parse(unparse(tree))`` is the tree again."""

import re

from armature.arm.listening.query import And, Field, Near, Node, Not, Or, Phrase, Prefix
from armature.arm.listening.tokens import wholes

_SIMPLE = re.compile(r"[\w.@-]+")


def unparse(node: Node) -> str:
    """The canonical text of a query."""
    if isinstance(node, And):
        return " AND ".join(_bracketed(child) if isinstance(child, Or) else unparse(child) for child in node.children)
    if isinstance(node, Or):
        return " OR ".join(_bracketed(child) if isinstance(child, And) else unparse(child) for child in node.children)
    if isinstance(node, Not):
        return f"NOT {_bracketed(node.child) if isinstance(node.child, And | Or) else unparse(node.child)}"
    if isinstance(node, Near):
        left, right = (_bracketed(one) if isinstance(one, Or) else unparse(one) for one in (node.left, node.right))
        return f"{left} NEAR/{node.distance} {right}"
    if isinstance(node, Phrase):
        return f'"{" ".join(map(_term, node.terms))}"'
    if isinstance(node, Prefix):
        return f"{_term(node.term)}*"
    if isinstance(node, Field):
        return f"{node.field}:{node.value}" if _SIMPLE.fullmatch(node.value) else f'{node.field}:"{node.value}"'
    return f'"{node.term}"' if node.term in ("and", "or") else _term(node.term)


def _bracketed(node: Node) -> str:
    return f"({unparse(node)})"


def _term(term: str) -> str:
    """The term so that it is cut as it was: addresses begin with https:// where they would be taken for words."""
    return term if wholes(term) == [term] else f"https://{term}"

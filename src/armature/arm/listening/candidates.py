"""Finding stored posts: a filter for PostgreSQL that misses nothing the tree matches. What it lets through is verified.

Both sides go through our tokeniser, because another one would cut differently and miss posts (``and/or``,
``#SummerSale``, full-width letters): a post is kept with ``lexemes``, as in ``array_to_tsvector``, and ``candidates``
is cast with ``::tsquery``. Then every lexeme is exactly a term and no dictionary is asked.
"""

from armature.arm.listening.heard import hear
from armature.arm.listening.query import And, Field, Near, Node, Not, Or, Phrase, Prefix

LONGEST_LEXEME = 500
"""Characters; PostgreSQL takes 2,046 bytes. Longer terms are cut on both sides, which only lets more through."""


def lexemes(text: str) -> list[str]:
    """What a stored post is found by, in a steady order."""
    return sorted({term[:LONGEST_LEXEME] for term in hear(text).words})


def candidates(node: Node) -> str | None:
    """A tsquery that every matching post fulfils; None when every post may match (the tree asks for no word)."""
    if isinstance(node, And):
        parts = [part for child in node.children if (part := candidates(child)) is not None]
        return _joined(" & ", parts) if parts else None
    if isinstance(node, Or):
        parts = [part for child in node.children if (part := candidates(child)) is not None]
        return _joined(" | ", parts) if len(parts) == len(node.children) else None
    if isinstance(node, Not | Field):
        return None
    if isinstance(node, Near):
        return candidates(And((node.left, node.right)))
    if isinstance(node, Phrase):
        return _joined(" & ", [_lexeme(term) for term in node.terms])
    return _lexeme(node.term) + (":*" if isinstance(node, Prefix) else "")


def _joined(sign: str, parts: list[str]) -> str:
    once = list(dict.fromkeys(parts))
    return once[0] if len(once) == 1 else f"({sign.join(once)})"


def _lexeme(term: str) -> str:
    doubled = term[:LONGEST_LEXEME].replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"

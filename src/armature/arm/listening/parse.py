"""From what somebody typed to the tree of a query, and back.

query    one OR another                 NEAR binds closest, then NOT, then AND, then OR
one      part AND part, or part part
part     thing, thing NEAR/5 thing, NOT part, -part
thing    word  "a phrase"  begin*  #tag  @name  emoji  lang:de  place:oslo  author:anna  ( query )
"""

from dataclasses import dataclass

from armature.arm.listening.fault import Fault
from armature.arm.listening.findable import why_not
from armature.arm.listening.query import Emoji, Name, Near, Node, Or, Phrase, Prefix, Tag, Word, both, either, without
from armature.arm.listening.typed import Item, Typed

LONGEST_QUERY = 4_000
"""Characters of one query."""
DEEPEST = 20
"""Brackets inside brackets."""
MOST_TERMS = 250
"""Things to search for in one query."""

_PLACED = (Word, Tag, Name, Emoji, Prefix, Phrase)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of a typed query; or None, and all its faults in the order of their columns."""

    tree: Node | None
    faults: tuple[Fault, ...] = ()


class _TooDeep(Exception):
    """Brackets are nested so deep that nothing after them is read."""


def parse(text: str) -> Parsed:
    """Read a typed query."""
    if len(text) > LONGEST_QUERY:
        words = f"The query has {len(text):,} characters; at most {LONGEST_QUERY:,} are read."
        return Parsed(None, (Fault(LONGEST_QUERY, len(text) - LONGEST_QUERY, words, "Make two queries of it."),))
    typed = Typed(text)
    reader = _Reader(typed)
    tree = reader.read()
    faults = reader.faults
    if not faults and tree is not None:
        fault = why_not(tree, reader.extents)
        faults = [fault] if fault else []
    return Parsed(None if faults else tree, tuple(sorted(faults, key=lambda fault: fault.column)))


class _Reader:
    """Goes through the items once. Where a fault is, None stands for what is missing, and reading goes on."""

    def __init__(self, typed: Typed) -> None:
        self.items = typed.items
        self.faults = typed.faults
        self.end = len(typed.text)
        self.at = 0
        self.extents: dict[int, tuple[Node, int, int]] = {}

    def read(self) -> Node | None:
        """The tree of all items; None when there is none or something is wrong with it."""
        if not self.items:
            self.faults.append(Fault(0, 0, "The query is empty.", "Write a word that posts must hold."))
            return None
        terms = sum(item.kind == "" for item in self.items)
        if terms > MOST_TERMS:
            words = f"The query searches for {terms} things; at most {MOST_TERMS} are possible."
            self.faults.append(Fault(0, self.end, words, "Make two queries of it."))
        try:
            tree = self._query(0)
            while self.at < len(self.items):  # only a closing bracket ends a query before its end
                self._fault(self.items[self.at], "This bracket closes nothing.", "Take it out, or open one before it.")
                self.at += 1
                while self._kind() in ("AND", "OR", "NEAR"):
                    self.at += 1
                if self._kind() not in (None, ")"):
                    self._query(0)
        except _TooDeep:
            return None
        return tree

    def _kind(self) -> str | None:
        return self.items[self.at].kind if self.at < len(self.items) else None

    def _fault(self, item: Item, words: str, mend: str) -> None:
        if any(fault.column == item.column for fault in self.faults):
            return  # one thing to mend at one place; what else is wrong there shows when it is mended
        self.faults.append(Fault(item.column, item.length, words, mend))

    def _kept(self, node: Node, first: int) -> Node:
        """The node, remembered with its extent: from an item to the one just read."""
        begin, last = self.items[first], self.items[self.at - 1]
        self.extents.setdefault(id(node), (node, begin.column, last.column + last.length - begin.column))
        return node

    def _query(self, depth: int) -> Node | None:
        first = self.at
        parts = [self._one(depth)]
        while self._kind() == "OR":
            self.at += 1
            parts.append(self._one(depth))
        found = [part for part in parts if part is not None]
        return self._kept(either(*found), first) if len(found) == len(parts) else None

    def _one(self, depth: int) -> Node | None:
        first = self.at
        parts = [self._part(depth)]
        while self._kind() not in (None, ")", "OR"):
            if self._kind() == "AND":
                self.at += 1
            parts.append(self._part(depth))
        found = [part for part in parts if part is not None]
        return self._kept(both(*found), first) if len(found) == len(parts) else None

    def _part(self, depth: int) -> Node | None:
        first, negated = self.at, False
        while self._kind() == "NOT":
            self.at += 1
            negated = not negated
        node = self._near(depth)
        return self._kept(without(node), first) if negated and node is not None else node

    def _near(self, depth: int) -> Node | None:
        first = self.at
        left = self._thing(depth)
        if self._kind() != "NEAR":
            return left
        near = self.items[self.at]
        self.at += 1
        right = self._thing(depth)
        if self._kind() == "NEAR":
            self._third(depth)
            return None
        if left is None or right is None:
            return None
        if not (_stands_somewhere(left) and _stands_somewhere(right)):
            mend = "Write words there, or several in brackets with OR between: (refund OR money) NEAR/5 back"
            self._fault(near, "NEAR needs a word or a phrase on either side.", mend)
            return None
        return self._kept(Near(near.distance, left, right), first)

    def _third(self, depth: int) -> None:
        """NEAR stands where it cannot: after a NEAR."""
        while self._kind() == "NEAR":
            mend = "Write: one NEAR/5 two AND two NEAR/5 three"
            self._fault(self.items[self.at], "NEAR joins two things, and here are three.", mend)
            self.at += 1
            self._thing(depth)

    def _thing(self, depth: int) -> Node | None:
        kind = self._kind()
        if kind == "":
            item = self.items[self.at]
            self.at += 1
            return self._kept(item.node, self.at - 1) if item.node is not None else None
        if kind == "(":
            return self._bracket(depth)
        self._missing()
        return None

    def _missing(self) -> None:
        """Something to search for should stand here, and does not."""
        before = self.items[self.at - 1] if self.at else None
        item = self.items[self.at] if self.at < len(self.items) else None
        if before is not None and before.kind not in ("", ")"):
            name = "this bracket" if before.kind == "(" else before.kind
            self._fault(before, f"Something is missing after {name}.", "Write a word there, or take it out.")
        elif item is not None and item.kind != ")":
            self._fault(item, f"Something is missing before {item.kind}.", "Write a word there, or take it out.")

    def _bracket(self, depth: int) -> Node | None:
        item = self.items[self.at]
        if depth == DEEPEST:
            self._fault(item, f"More than {DEEPEST} brackets stand inside each other.", "Make two queries of it.")
            raise _TooDeep
        self.at += 1
        if self._kind() == ")":
            self.at += 1
            self._fault(item, "There is nothing between these brackets.", "Write a word there, or take them out.")
            return None
        node = self._query(depth + 1)
        if self._kind() == ")":
            self.at += 1
        else:
            self._fault(item, "This bracket is never closed.", "Write ) where it ends.")
        return node


def _stands_somewhere(node: Node) -> bool:
    if isinstance(node, Or):
        return all(isinstance(child, _PLACED) for child in node.children)
    return isinstance(node, _PLACED)

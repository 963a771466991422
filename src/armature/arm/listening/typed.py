"""What somebody typed, cut into operators, brackets and things to search for; with a fault for what cannot be read."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from armature.arm.listening.fault import Fault
from armature.arm.listening.fields import FIELDS, QUOTES, field_value
from armature.arm.listening.query import SHORTEST_PREFIX, Emoji, Field, Name, Node, Phrase, Prefix, Tag, Term, Word
from armature.arm.listening.tokens import is_emoji, wholes
from armature.arm.rule.finding import quoted

FARTHEST = 100
"""The largest n of NEAR/n."""

_CUT = re.compile(
    rf"\s+|(?P<bracket>[()（）])|(?P<minus>[-–−](?=[^\s\-–−*]))|(?P<quote>[{QUOTES}])|[^\s()（）{QUOTES}]+"
)
_CLOSE = re.compile(rf"[{QUOTES}]")
_NEAR = re.compile(r"(?:NEAR|near|Near)/(\d{1,9})")
_FIELD = re.compile(r"(\w+):(.*)", re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_OTHER_NAMES = {"language": "lang", "location": "place", "city": "place", "where": "place", "from": "author",
                "user": "author", "by": "author", "writer": "author"}  # fmt: skip
_SIGNS = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "/": "OR", "!": "NOT", "-": "NOT"}
_SMALL = {"and": "both must be there", "or": "one of the two is enough"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was typed. ``kind`` is ( ) AND OR NOT NEAR or, for something to search for, "".

    ``node`` is what to search for, None where a fault was found; ``distance`` belongs to NEAR.
    """

    kind: str
    column: int
    length: int
    node: Node | None = None
    distance: int = 0


class Typed:
    """The items of a typed query, and the faults that were found while cutting it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items: list[Item] = []
        self.faults: list[Fault] = []
        at = 0
        while at < len(text):
            found = _CUT.match(text, at)
            assert found is not None  # whatever is no space, bracket or quotation mark is a chunk
            at = self._take(found)

    def _take(self, found: re.Match[str]) -> int:
        """Read what was found, and answer where to go on."""
        at, chunk = found.start(), found[0]
        if found["quote"]:
            return self._quotation(at)
        if found["bracket"]:
            self._operator("(" if chunk in "(（" else ")", at, 1)
        elif found["minus"]:
            self._operator("NOT", at, 1)
        elif not chunk.isspace():
            return self._chunk(at, chunk)
        return found.end()

    def _operator(self, kind: str, column: int, length: int, distance: int = 0) -> None:
        self.items.append(Item(kind, column, length, distance=distance))

    def _found(self, column: int, length: int, node: Node) -> None:
        self.items.append(Item("", column, length, node))

    def _wrong(self, column: int, length: int, words: str, mend: str) -> None:
        self.faults.append(Fault(column, length, words, mend))
        self.items.append(Item("", column, length))

    def _chunk(self, at: int, chunk: str) -> int:
        end = at + len(chunk)
        field = _FIELD.fullmatch(chunk)
        near = _NEAR.fullmatch(chunk)
        if chunk in ("AND", "OR", "NOT"):
            self._operator(chunk, at, len(chunk))
        elif near:
            self._near(at, chunk, int(near[1]))
        elif chunk == "NEAR" or chunk.startswith(("NEAR/", "near/")):
            mend = "Write NEAR/5 for at most five words."
            self._wrong(at, len(chunk), f"{quoted(chunk)} does not say how near.", mend)
        elif field and self._names_field(at, field):
            return self._field(at, field[1].lower(), field[2])
        elif chunk in _SMALL:
            mend = f'Write {chunk.upper()} in capitals if {_SMALL[chunk]}, or "{chunk}" with the marks for the word.'
            self._wrong(at, len(chunk), f'It is not clear whether "{chunk}" is a word to search for.', mend)
        elif "*" in chunk:
            self._star(at, chunk)
        else:
            self._words(at, len(chunk), chunk)
        return end

    def _near(self, at: int, chunk: str, distance: int) -> None:
        if not 1 <= distance <= FARTHEST:
            mend = f"Write a number from 1 (side by side) to {FARTHEST}."
            self._wrong(at, len(chunk), f"{quoted(chunk)} is no distance between words.", mend)
        else:
            self._operator("NEAR", at, len(chunk), distance)

    def _words(self, at: int, length: int, text: str) -> None:
        terms = wholes(text)
        if terms:
            self._found(at, length, leaf(terms[0]) if len(terms) == 1 else Phrase(tuple(terms)))
            return
        meant = _SIGNS.get(text.strip())
        mend = f"Write {meant} if that is meant, or take it out." if meant else "Take it out, or write a word instead."
        self._wrong(at, length, f"{quoted(text)} holds nothing to search for.", mend)

    def _quotation(self, at: int) -> int:
        inside, end, closed = self._quoted(at)
        if not closed:
            mend = 'Write " where the phrase ends.'
            self._wrong(at, end - at, "This quotation mark is never closed.", mend)
        elif not wholes(inside):
            mend = 'Write a phrase, as in "out of stock".'
            self._wrong(at, end - at, "There is no word between these quotation marks.", mend)
        elif re.search(r"\w\*", inside):
            mend = 'Take the star out, or write cold NEAR/1 drin* instead of "cold drin*".'
            self._wrong(at, end - at, "A star means nothing between quotation marks.", mend)
        else:
            self._words(at, end - at, inside)
        return end

    def _quoted(self, at: int) -> tuple[str, int, bool]:
        """What stands in the quotation marks that open here, where they end, and whether they do."""
        close = _CLOSE.search(self.text, at + 1)
        if close is None:
            return self.text[at + 1 :], len(self.text), False
        return self.text[at + 1 : close.start()], close.end(), True

    def _star(self, at: int, chunk: str) -> None:
        terms = wholes(chunk.rstrip("*"))
        if chunk.find("*") != len(chunk) - 1:
            words = "A star can stand only at the end of a word."
            mend = "Write the beginning of the word and a star: deliver*"
        elif len(terms) > 1:
            words = "A star works at the end of one word, and this is more than one."
            mend = f"Write {terms[0]} NEAR/1 {terms[-1]}* with a space between the words."
        elif not terms or len(terms[0].lstrip("#@")) < SHORTEST_PREFIX:
            words = f"{quoted(chunk)} would find far too much."
            mend = f"Write at least {SHORTEST_PREFIX} letters before the star."
        else:
            self._found(at, len(chunk), Prefix(terms[0]))
            return
        self._wrong(at, len(chunk), words, mend)

    def _names_field(self, at: int, field: re.Match[str]) -> bool:
        """Whether a word with a colon is, or tries to be, a field."""
        name = field[1].lower()
        after = self.text[at + field.end(1) + 1 : at + field.end(1) + 2]
        tries = name in _OTHER_NAMES or bool(get_close_matches(name, FIELDS, 1, 0.75))
        return name in FIELDS or (tries and after.strip() != "")

    def _field(self, at: int, name: str, value: str) -> int:
        end = at + len(name) + 1 + len(value)
        closed = True
        if not value and self.text[end : end + 1] and self.text[end] in QUOTES:
            value, end, closed = self._quoted(end)
        length = end - at
        known = field_value(name, value)
        if not closed:
            self._wrong(at, length, "This quotation mark is never closed.", 'Write " where the value ends.')
        elif name not in FIELDS:
            meant = _OTHER_NAMES.get(name) or get_close_matches(name, FIELDS, 1, 0.75)[0]
            self._wrong(at, length, f'There is no field "{name}".', f"Write {meant}:{value.strip() or '...'}")
        elif not known:
            mend = "Write it without a space: lang:de place:oslo author:anna"
            self._wrong(at, length, f"After {name}: something is missing.", mend)
        elif name == "lang" and not _LANGUAGE.fullmatch(known):
            mend = "Write two letters, as in lang:en or lang:de"
            self._wrong(at, length, f"{quoted(value)} is not the code of a language.", mend)
        else:
            self._found(at, length, Field(name, known))
        return end


def leaf(term: str) -> Term:
    """One term as what it is: a tag, a name, an emoji or a word."""
    if term[0] in "#@":
        return Tag(term) if term[0] == "#" else Name(term)
    return Emoji(term) if is_emoji(term) else Word(term)

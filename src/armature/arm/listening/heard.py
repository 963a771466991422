"""A post as queries look at it: which terms it has, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from armature.arm.listening.fields import field_term, field_value
from armature.arm.listening.tokens import Tokens, tokenise

Stretch = tuple[int, int]
"""Where something stands: its first and its last place."""
Span = tuple[int, int]
"""Start and end in the text as it was written."""


@dataclass(slots=True)
class Heard:
    """``words`` are all terms of the text; ``present`` are these and the fields of the post."""

    tokens: Tokens
    words: set[str]
    present: set[str]
    _line: str = ""
    _at: dict[str, list[Stretch]] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """All terms with one space before, between and after; empty where a place is known by other terms too.

        Where there is a line, a phrase or a beginning stands in the post exactly when it stands in the line.
        """
        if not self._line and not self.tokens.also:
            self._line = f" {' '.join(self.tokens.terms)} "
        return self._line

    @property
    def at(self) -> dict[str, list[Stretch]]:
        """Where each term stands. Made when first asked for: most posts match nothing that needs it."""
        if not self._at:
            found = self._at
            for place, term in enumerate(self.tokens.terms):
                found.setdefault(term, []).append((place, place))
            for place, term, covers in self.tokens.also:
                found.setdefault(term, []).append((place, place + covers - 1))
        return self._at

    def spans(self, stretches: Sequence[Stretch]) -> tuple[Span, ...]:
        """The stretches in the text as it was written, in order; what touches or overlaps nothing stays apart."""
        if not stretches:
            return ()
        spans = self.tokens.spans
        if len(stretches) == 1:
            first, last = stretches[0]
            return ((spans[first][0], spans[last][1]),)
        found: list[Span] = []
        for start, end in sorted({(spans[first][0], spans[last][1]) for first, last in stretches}):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return tuple(found)


def hear(text: str, language: str = "", place: str = "", author: str = "") -> Heard:
    """Cut a post up."""
    tokens = tokenise(text)
    words = set(tokens.terms)
    if tokens.also:
        words.update(term for _, term, _ in tokens.also)
    if not (language or place or author):
        return Heard(tokens, words, words)
    present = set(words)
    if place:
        present.add(field_term("place", field_value("place", place)))
    if author:
        present.add(field_term("author", field_value("author", author)))
    parts = field_value("lang", language).split("-") if language else []
    present.update(field_term("lang", "-".join(parts[:count])) for count in range(1, len(parts) + 1))
    return Heard(tokens, words, present)

"""Whether markup has the shape of a real mail, told in one linear look before anything builds a tree of it.

Sanitisers take quadratic time on deep nesting, crowded tags, stray ampersands and misplaced table content. The look
counts a closing tag only where a browser surely obeys it, so that the true depth is never above the counted one.
"""

import re

DEEPEST = 200
MOST_TAGS = 20_000
MOST_ATTRIBUTES = 100
MOST_AMPERSANDS = 20_000
MOST_STYLED = 300_000
"""Sum over all tags of the styling elements open around them: browsers repeat these in every following block."""

_NAME = re.compile(r"(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*(?:=?[^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*|(?=>)))?|[\s/]+""")
_COMMENT_END = re.compile(r"--!?>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_STYLING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_CLOSED_BY_NEXT = {
    **{name: frozenset([name]) for name in ("p", "li", "option")},
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd"))),
    **dict.fromkeys(("td", "th"), frozenset(("td", "th"))),
    "tr": frozenset(("td", "th", "tr")),
}
_LEFT_OPEN = frozenset("p li option dt dd td th tr thead tbody tfoot".split())


def is_harmless(raw: str) -> bool:
    """Whether building a tree of ``raw`` takes time in proportion to its length."""
    if raw.count("&") > MOST_AMPERSANDS or "<![cdata[" in raw.lower():
        return False
    look = _Look()
    at = raw.find("<")
    while at >= 0:
        at = _after(raw, at, look)
        if not look.harmless():
            return False
        at = raw.find("<", at) if at >= 0 else -1
    return True


class _Look:
    """What is open at this place, and how much there was so far."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.tags = self.styling = self.styled = self.attributes = 0
        self.odd = False

    def harmless(self) -> bool:
        return (
            not self.odd
            and len(self.opened) <= DEEPEST
            and self.tags <= MOST_TAGS
            and self.styled <= MOST_STYLED
            and self.attributes <= MOST_ATTRIBUTES
        )

    def open(self, name: str) -> None:
        while self.opened and self.opened[-1] in _CLOSED_BY_NEXT.get(name, ()):
            self.opened.pop()
        self.tags += 1
        if name not in _VOID:
            self.opened.append(name)
            self.styling += name in _STYLING
        self.styled += self.styling

    def close(self, name: str) -> None:
        self.tags += 1
        at = len(self.opened) - 1
        while at > 0 and self.opened[at] != name and self.opened[at] in _LEFT_OPEN:
            at -= 1
        if at >= 0 and self.opened[at] == name:
            del self.opened[at:]
            self.styling -= name in _STYLING


def _after(raw: str, at: int, look: _Look) -> int:
    """Where to go on after the ``<`` at this place; -1 at the end of all."""
    if raw.startswith("<!--", at):
        return _after_comment(raw, at + 4)
    found = _NAME.match(raw, at + 1)
    if not found:
        return raw.find(">", at) if raw[at + 1 : at + 2] in ("!", "?", "/") else at + 1
    look.attributes = 0
    place = found.end()
    while place < len(raw) and raw[place] != ">":
        attribute = _ATTRIBUTE.match(raw, place)
        if not attribute:  # a sign "=" that belongs to no name: what a browser makes of the rest is not for us to guess
            look.odd = True
            return -1
        place = attribute.end()
        look.attributes += 1
        if look.attributes > MOST_ATTRIBUTES:
            return -1
    (look.close if found[1] else look.open)(found[2].lower())
    return place


def _after_comment(raw: str, at: int) -> int:
    if raw.startswith((">", "->"), at):
        return raw.index(">", at)
    end = _COMMENT_END.search(raw, at)
    return end.end() if end else -1

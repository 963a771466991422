"""One tokeniser for what people write and for what is searched in it.

A text is a row of *places*. Each place has one term; some places are known by other terms too:

- ``#SummerSale`` is the tag ``#summersale`` and the word ``summersale`` over both its places, ``summer`` and ``sale``.
- ``@AcmeCare`` likewise: the name ``@acmecare``, the word ``acmecare``, and ``acme`` ``care``.
  So the word *brand* is found in ``brand``, ``#brand`` and ``@brand``, while ``#brand`` is found only as a tag.
- ``https://www.shop.example.com/x?utm_source=y`` is one place: the address ``shop.example.com/x``, without what only
  follows people around, and the hosts ``shop.example.com`` and ``example.com``.
- ``example.com`` without ``https://`` is the two words it looks like, and the host over both.
- ``acme's`` is also ``acme``, ``l'amour`` also ``amour``.
- Each character of scripts without spaces is a place of its own; a word in them is a phrase of characters.

Terms are folded. Positions in the text as it was written are worked out only when somebody asks for them.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from armature.arm.listening.letters import ALONE, EMOJI, LETTERS, is_as_written, origins, seen

LONGEST = 50_000
"""Characters of a text that are listened to."""

MOST_LABELS = 8
"""So many parts of a host are looked at; ``a.b.example.com`` has four."""

_NEVER = r"\s<>\"()“”„«»*\x00-\x1f\x7f\ud800-\udfff"
_ADDRESS = rf"(?:[hH][tT][tT][pP][sS]?://|[wW][wW][wW]\.(?=[^\W\d_]))[^{_NEVER}]*[^{_NEVER}.,;:!?'’\]}}…]"


def _pattern(letters: str, alone: str = "", signs: str = "") -> re.Pattern[str]:
    """What a piece of a text is.

    ``letters`` is a run of letters, ``alone`` a class of characters that are words by themselves, ``signs`` what else
    is a piece.
    """
    body = rf"(?:{letters}|[{alone}_])++"
    tag = rf"(?<!\w)\#{body}"
    name = rf"(?<![\w@])@{body}(?:[.-]{body})*(?:@{body}(?:[.-]{body})+)?"
    host = rf"(?<![\w.-])(?:{letters}(?:-{letters})*\.){{1,{MOST_LABELS}}}[a-zA-Z]{{2,}}(?![\w-])"
    return re.compile(rf"{_ADDRESS}{signs}|{tag}|{name}|{host}|{letters}(?:'{letters})*")


_PIECE = _pattern(LETTERS, ALONE, rf"|{EMOJI}|[{ALONE}]")
_ASCII_PIECE = _pattern("[a-zA-Z0-9]++")
_WORD = rf"{LETTERS}(?:'{LETTERS})*"
_PART = re.compile(rf"{_WORD}|[{ALONE}]")
_EMOJI = re.compile(EMOJI)
_PLAIN = re.compile(r"[a-z0-9]++(?:'[a-z0-9]++)*")
_DOTTED = re.compile(r"\.[a-zA-Z]")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|un|all|dell|dall|nell|sull)'(.+)", re.DOTALL)
_FOLLOWING = re.compile(r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|twclid|igshid|igsh|mc_[ce]id|yclid|ref_src|_ga)=.*")

Also = tuple[int, str, int]
"""Another term: the place where it begins, the term, how many places it covers."""


@dataclass(slots=True)
class Tokens:
    """A text cut up: ``terms`` by place, and ``also`` what else stands there."""

    text: str
    terms: list[str]
    also: list[Also]
    _spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each place in the text as it was written."""
        if not self._spans:
            heard = self.text[:LONGEST]
            self._spans = _plain_spans(heard.lower(), self.terms) if _is_plain(heard) else _spans(heard)
        return self._spans


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one piece of a text stands for: term and extent (within the piece) of each place, and other terms."""

    whole: str
    terms: tuple[str, ...]
    extents: tuple[tuple[int, int], ...]
    also: tuple[Also, ...]


def tokenise(text: str) -> Tokens:
    """Cut a text into places."""
    heard = text[:LONGEST]
    if _is_plain(heard):
        heard = heard.lower()
        terms = _PLAIN.findall(heard)
        return Tokens(text, terms, _bare_words(terms) if "'" in heard else [])
    terms = []
    also: list[Also] = []
    for piece in _pieces(heard).findall(seen(heard)):
        if piece.isalnum():
            terms.append(piece.casefold())
            continue
        known = _piece(piece)
        if known.also:
            at = len(terms)
            also += [(at + place, term, covers) for place, term, covers in known.also]
        terms += known.terms
    return Tokens(text, terms, also)


def _is_plain(text: str) -> bool:
    """Whether the text holds nothing but words that are cut in the quick way."""
    return text.isascii() and not ("#" in text or "@" in text or "://" in text or _DOTTED.search(text))


def _pieces(text: str) -> re.Pattern[str]:
    return _ASCII_PIECE if text.isascii() else _PIECE


def _bare_words(terms: list[str]) -> list[Also]:
    return [(at, other, 1) for at, term in enumerate(terms) if "'" in term for other in _without_apostrophe(term)]


def wholes(text: str) -> list[str]:
    """What somebody who types this into a search means: one term for each word, tag, name, emoji or address."""
    return [_piece(piece).whole for piece in _pieces(text).findall(seen(text))]


def is_emoji(term: str) -> bool:
    """Whether the term is one picture."""
    return _EMOJI.fullmatch(term) is not None


def _spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each place in the text as it was written."""
    looked_at, spans = seen(text), []
    for found in _pieces(text).finditer(looked_at):
        begin = found.start()
        if found[0].isalnum():
            spans.append(found.span())
        else:
            spans += [(begin + start, begin + end) for start, end in _piece(found[0]).extents]
    if is_as_written(looked_at, text):
        return spans
    made = origins(text)
    return [(made[start][0], made[end - 1][1]) for start, end in spans]


def _plain_spans(text: str, terms: list[str]) -> list[tuple[int, int]]:
    """The same for a plain text: between two words stands no letter or digit, so the next word is the first found."""
    spans, end = [], 0
    for word in terms:
        start = text.find(word, end)
        end = start + len(word)
        spans.append((start, end))
    return spans


def _piece(piece: str) -> _Piece:
    return _short(piece) if len(piece) <= 100 else _cut(piece)


def _cut(piece: str) -> _Piece:
    if _EMOJI.fullmatch(piece):
        return _Piece(piece, (piece,), ((0, len(piece)),), ())
    if piece[0] in "#@":
        return _tag(piece)
    if "://" in piece or piece[:4].casefold() == "www.":
        return _address(piece)
    if "." in piece:
        parts = [(found[0].casefold(), found.span()) for found in _PART.finditer(piece)]
        hosts = _hosts(piece.casefold(), len(parts))
        return _Piece(piece.casefold(), *_columns(parts), hosts)
    word = piece.casefold()
    also = tuple((0, other, 1) for other in _without_apostrophe(word))
    return _Piece(word, (word,), ((0, len(piece)),), also)


_short = lru_cache(maxsize=20_000)(_cut)


def _columns(parts: list[tuple[str, tuple[int, int]]]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    return tuple(term for term, _ in parts), tuple(extent for _, extent in parts)


def _without_apostrophe(word: str) -> list[str]:
    if "'" not in word:
        return []
    elided = _ELISION.fullmatch(word)
    return [elided[1]] if elided else [word[:-2]] if word.endswith("'s") else []


def _tag(piece: str) -> _Piece:
    """A tag or a name: its words by camel case and underscores, and the whole over all of them."""
    parts = [
        (found[0][start:end].casefold(), (found.start() + start, found.start() + end))
        for found in _PART.finditer(piece)
        for start, end in _humps(found[0])
    ]
    whole = piece.casefold()
    if not parts:
        return _Piece(whole, (whole,), ((0, len(piece)),), ())
    (first, (_, end)), *others = parts
    parts = [(first, (0, end)), *others]
    also: list[Also] = [(0, whole, len(parts))]
    local = whole[1:].partition("@")[0]
    if local != whole[1:]:
        also.append((0, whole[0] + local, len(parts)))
    if len(parts) > 1:
        also.append((0, local, len(parts)))
    return _Piece(whole, *_columns(parts), tuple(also))


def _humps(word: str) -> list[tuple[int, int]]:
    """Where the words of ``SummerSale`` and ``BBCNews`` begin and end."""
    cuts = [
        at
        for at in range(1, len(word))
        if word[at].isupper() and (not word[at - 1].isupper() or (at + 1 < len(word) and word[at + 1].islower()))
    ]
    return list(zip([0, *cuts], [*cuts, len(word)], strict=True))


def _address(piece: str) -> _Piece:
    host, whole = _host_and_whole(piece)
    also = [(0, term, 1) for _, term, _ in _hosts(host, 1) if term != whole]
    return _Piece(whole, (whole,), ((0, len(piece)),), tuple(also))


def _host_and_whole(piece: str) -> tuple[str, str]:
    """The host without ``www.``, and the whole address without what follows people around."""
    address = piece.casefold()
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return address, address
    host = parts.netloc.rpartition("@")[2].partition(":")[0].removeprefix("www.")
    query = "&".join(each for each in parts.query.split("&") if each and not _FOLLOWING.fullmatch(each))
    whole = host + parts.path.rstrip("/") + (f"?{query}" if query else "")
    return host, whole or address


def _hosts(host: str, covers: int) -> tuple[Also, ...]:
    """The host and the hosts it belongs to; where each label is a place, each begins a place after the one before."""
    labels = host.split(".")
    found = [(0, host, covers)]
    at = 0
    for number in range(1, min(MOST_LABELS, len(labels) - 1)):
        at += len(_PART.findall(labels[number - 1])) if covers > 1 else 0
        found.append((at, ".".join(labels[number:]), covers - at))
    return tuple(found)

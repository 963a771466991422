"""A feed's bytes to its entries. What is no honest XML is refused in words before anything looks for entries in it."""

import hashlib
from calendar import timegm
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import feedparser
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MOST_ENTRIES = 500
DEEPEST = 60
MOST_ELEMENTS = 100_000
LONGEST = 200_000
"""Characters of an entry that are kept."""
LONGEST_KEY = 280


class BadFeed(ValueError):
    """What came is no feed that can be read; the words say why, and begin with a verb."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``key`` is its id, its link, or a hash of it; ``at`` is when it was published, if it says so."""

    key: str
    author: str
    author_name: str
    title: str
    html: str
    link: str
    at: str
    answers: str
    language: str

    @property
    def digest(self) -> str:
        """What tells two wordings apart."""
        return hashlib.blake2b(f"{self.title}\0{self.html}".encode(), digest_size=8).hexdigest()

    def kept(self) -> dict[str, str]:
        """As a value of JSON."""
        return asdict(self)


def parsed(body: bytes, url: str) -> tuple[str, list[Entry]]:
    """The title of a feed and its entries, oldest first; raises ``BadFeed``."""
    _check(body)
    found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not found.get("version"):
        raise BadFeed("is neither RSS nor Atom: give the address of the feed, not of the page.")
    host, language = urlsplit(url).hostname or "", _clean(found.feed.get("language"))[:12]
    entries = [_entry(one, host, language) for one in found.entries[:MOST_ENTRIES]]
    return _clean(found.feed.get("title"))[:300], sorted(entries, key=lambda one: one.at)


class _Look:
    """Counts what a parser meets, and builds nothing."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise BadFeed("is built like no feed: it has too many parts, or parts in parts without end.")

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        """All is seen."""


def _check(body: bytes) -> None:
    parser = DefusedXMLParser(target=_Look(), forbid_entities=True, forbid_external=False)
    try:
        parser.feed(body)
        parser.close()
    except DefusedXmlException as bomb:
        raise BadFeed("defines words of its own (XML entities), which may unfold without end: not read.") from bomb
    except (ParseError, LookupError) as broken:
        raise BadFeed(f"is broken XML, or not in the charset that it names: {broken}") from broken
    except BadFeed:
        raise
    except ValueError as odd:
        raise BadFeed(f"is in a charset that cannot be read: {odd}") from odd


def _entry(one: Mapping[str, Any], host: str, language: str) -> Entry:
    contents = [_clean(each.get("value")) for each in one.get("content") or ()]
    html, title = next(iter(contents), _clean(one.get("summary")))[:LONGEST], _clean(one.get("title"))[:1000]
    link, number = _clean(one.get("link")), _clean(one.get("id"))
    link = link if urlsplit(link).scheme in ("http", "https") else ""
    written = hashlib.blake2b(f"{title}\0{html}".encode(), digest_size=16).hexdigest()
    about = one.get("author_detail") or {}
    name, mail = _clean(about.get("name") or one.get("author"))[:200], _clean(about.get("email")).casefold()
    key = number or link or written
    return Entry(
        key=key if len(key) <= LONGEST_KEY else hashlib.blake2b(key.encode(), digest_size=16).hexdigest(),
        author=(mail or f"{host}/{name.casefold()}".rstrip("/"))[:254],
        author_name=name, title=title, html=html, link=link[:2000],
        at=_moment(one.get("published_parsed") or one.get("updated_parsed")),
        answers=_answers(one), language=language,
    )  # fmt: skip


def _answers(one: Mapping[str, Any]) -> str:
    """The id of the entry that this answers (RFC 4685)."""
    found = one.get("thr_in-reply-to") or one.get("in-reply-to")
    return _clean(found.get("ref"))[:LONGEST_KEY] if isinstance(found, Mapping) else ""


def _moment(given: Any) -> str:
    """A time as ISO 8601, empty when there is none."""
    try:
        return datetime.fromtimestamp(timegm(given), UTC).isoformat() if given else ""
    except (ValueError, OverflowError, OSError, TypeError):
        return ""


def _clean(given: object) -> str:
    return str(given or "").replace("\x00", "").encode("utf-8", "replace").decode().strip()

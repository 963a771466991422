"""The queries that listen now, held by each process: asked before every batch whether one has changed, and only that
one is read anew."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from armature.arm.listening import Matcher, Span, parse
from armature.arm.listening.query import And, Field, Near, Node, Not, Or
from armature.crm import rows

logger = logging.getLogger(__name__)
LONGEST = 100_000
"""Characters of a post that are looked at."""
MOST_PLACES = 200
"""So many places of one hit are kept: the first."""
Detect = Callable[[Sequence[str]], list[tuple[str, float]]]
"""Gives the language of each text, with how sure that is."""


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody said, as queries look at it; ``place`` is what sort of place its channel is for the rules."""

    id: int
    brand: int
    place: str
    author: str
    language: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """That a query matches a post, and where in its words."""

    query: int
    version: int
    post: Post
    places: tuple[Span, ...]

    @property
    def flat(self) -> list[int]:
        """The places as they are kept."""
        return [number for place in self.places[:MOST_PLACES] for number in place]


def words_of(subject: str, text: str) -> str:
    """What is looked at: the subject (the title of a post), then the text."""
    return (f"{subject}\n\n{text}" if subject else text)[:LONGEST]


def begin_of_text(subject: str) -> int:
    """Where in these words the text begins."""
    return len(subject) + 2 if subject else 0


def kept_posts(numbers: Iterable[int], since: datetime | None = None, until: datetime | None = None) -> list[Post]:
    """Interactions that are kept, as they read now; said at ``since`` or later and before ``until``."""
    found = rows.fetch(
        """
        SELECT i.id, c.brand_id, c.place, i.author, i.language, i.subject, i.text, i.occurred_at
        FROM listen_interaction i JOIN listen_channel c ON c.id = i.channel_id
        WHERE i.id = ANY(%s) AND i.occurred_at >= coalesce(%s, '-infinity'::timestamptz)
          AND i.occurred_at < coalesce(%s, 'infinity'::timestamptz)
        ORDER BY i.id
        """,
        [list(numbers), since, until],
    )
    return [
        Post(number, brand, place, author, language, words_of(subject, text), at)
        for number, brand, place, author, language, subject, text, at in found
    ]


def asks_language(node: Node) -> bool:
    """Whether a query says in which language a post must be."""
    if isinstance(node, And | Or):
        return any(asks_language(child) for child in node.children)
    if isinstance(node, Not):
        return asks_language(node.child)
    if isinstance(node, Near):
        return asks_language(node.left) or asks_language(node.right)
    return isinstance(node, Field) and node.field == "lang"


@dataclass(frozen=True, slots=True)
class _Query:
    text: str
    brand: int | None
    version: int
    asks_language: bool


@dataclass(slots=True)
class Queries:
    """Some queries, ready to be matched. ``stamp`` says which state of the database they are."""

    stamp: UUID | None = None
    held: dict[int, _Query] = field(default_factory=dict)
    matcher: Matcher[int] = field(default_factory=Matcher)

    def put(self, number: int, text: str, brand: int | None, version: int) -> None:
        """Hold a query; one that is held as it is stays."""
        before = self.held.get(number)
        if before is not None and (before.text, before.brand, before.version) == (text, brand, version):
            return
        tree = parse(text).tree
        if tree is None:
            logger.error("the listening query %s cannot be read any more and hears nothing", number)
            self.drop(number)
            return
        if before is None or before.text != text:
            self.matcher.add(number, tree)
        self.held[number] = _Query(text, brand, version, asks_language(tree))

    def drop(self, number: int) -> None:
        """Hold it no longer."""
        self.matcher.remove(number)
        self.held.pop(number, None)

    def among(self, posts: Sequence[Post], detect: Detect) -> list[Found]:
        """What matches, in the order of the posts; a query with a brand only what came in for that brand."""
        if not self.held:
            return []
        languages = self._languages(posts, detect)
        return [
            Found(number, query.version, post, places)
            for post, language in zip(posts, languages, strict=True)
            for number, places in sorted(self.matcher.match(post.words, language, post.place, post.author).items())
            if (query := self.held[number]).brand in (None, post.brand)
        ]

    def _languages(self, posts: Sequence[Post], detect: Detect) -> Iterable[str]:
        """What the source says, else what the words look like; looked for only when a query asks."""
        unknown = [post.words for post in posts if not post.language]
        if not unknown or not any(query.asks_language for query in self.held.values()):
            return [post.language for post in posts]
        guessed = iter(language for language, _sure in detect(unknown))
        return [post.language or next(guessed) for post in posts]


_NOW = Queries()


def current() -> Queries:
    """All active queries as they are now: one small question when none has changed."""
    stamp: UUID | None = rows.fetch("SELECT (SELECT stamp FROM listen_querystamp WHERE id = 1)", [])[0][0]
    if stamp == _NOW.stamp:
        return _NOW
    active = rows.fetch("SELECT id, text, brand_id, version FROM listen_listeningquery WHERE active", [])
    for number in set(_NOW.held) - {row[0] for row in active}:
        _NOW.drop(number)
    for row in active:
        _NOW.put(*row)
    _NOW.stamp = stamp  # asked for first: what changes meanwhile is read again with the next batch
    return _NOW


def only(text: str, brand: int | None = None, number: int = 0, version: int = 1) -> Queries:
    """One query alone."""
    found = Queries()
    found.put(number, text, brand, version)
    return found

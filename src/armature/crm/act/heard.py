"""What queries found, as far as a user may see it: a hit counts for whoever may see a case of what was said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.listing import Place
from armature.crm.act.models import Case
from armature.crm.listen.matching import words_of

PAGE = 30
MOODS = ("unhappy", "calm", "happy", "unread")
UNHAPPY, HAPPY = -0.1, 0.3
"""As the desk says it of one message."""
SOURCES = 12
AROUND = 160
"""Characters that are shown before the first word that matched."""
SHOWN = 400

MOOD = f"""CASE WHEN r.id IS NULL THEN 'unread' WHEN r.sentiment < {UNHAPPY} THEN 'unhappy'
    WHEN r.sentiment > {HAPPY} THEN 'happy' ELSE 'calm' END"""
NOT_ASIDE = """NOT EXISTS (
    SELECT FROM listen_setaside a WHERE a.interaction_id = h.interaction_id AND a.taken_back_at IS NULL)"""


class Seen(NamedTuple):
    """The condition that somebody may see hit ``h``, in SQL, with its values."""

    sql: str
    values: tuple[Any, ...]


def seen(user: User) -> Seen:
    """There is a case that this user may see in which it was said."""
    mine = Case.objects.filter(queries.seen_by(user)).order_by().values("conversation_id", "identity_id")
    try:
        sql, values = mine.query.sql_with_params()
    except EmptyResultSet:
        return Seen("false", ())
    return Seen(
        f"""EXISTS (
            SELECT FROM listen_interaction si
            JOIN identify_recognition sg ON sg.interaction_id = si.id AND sg.current
            JOIN ({sql}) AS sc(conversation_id, identity_id)
              ON sc.conversation_id = si.conversation_id AND sc.identity_id = sg.identity_id
            WHERE si.id = h.interaction_id)""",
        tuple(values),
    )


@dataclass(slots=True)
class Volume:
    """How many posts a query found by day, each near copy counted with its original."""

    days: dict[date, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.days.values())


def volumes(user: User, numbers: Iterable[int], since: date, until: date, zone: str) -> dict[int, Volume]:
    """The volume of each of these queries by day of a zone, with the days on which nothing was found."""
    mine, asked = seen(user), list(numbers)
    found = rows.fetch(
        f"""
        SELECT h.query_id, (h.at AT TIME ZONE %s)::date, count(DISTINCT coalesce(h.copy_of_id, h.id))
        FROM listen_hit h
        WHERE h.query_id = ANY(%s) AND h.at >= %s::date::timestamp AT TIME ZONE %s
          AND h.at < (%s::date + 1)::timestamp AT TIME ZONE %s AND {NOT_ASIDE} AND {mine.sql}
        GROUP BY 1, 2
        """,
        [zone, asked, since, zone, until, zone, *mine.values],
    )
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    volume = {number: Volume(dict.fromkeys(days, 0)) for number in asked}
    for number, day, count in found:
        volume[number].days[day] = count
    return volume


@dataclass(frozen=True, slots=True)
class Report:
    """One query over some days: sentiment by mood, and where it was said, most first."""

    moods: dict[str, int]
    sources: list[tuple[str, int]]


def report(user: User, number: int, since: datetime) -> Report:
    """How it was meant and where it was said; near copies are counted once."""
    mine = seen(user)
    found = rows.fetch(
        f"""
        SELECT c.name, {MOOD}, count(DISTINCT coalesce(h.copy_of_id, h.id))
        FROM listen_hit h JOIN listen_interaction i ON i.id = h.interaction_id
        JOIN listen_channel c ON c.id = i.channel_id
        LEFT JOIN understand_reading r ON r.interaction_id = i.id AND r.current
        WHERE h.query_id = %s AND h.at >= %s AND {NOT_ASIDE} AND {mine.sql}
        GROUP BY 1, 2
        """,
        [number, since, *mine.values],
    )
    moods, sources = dict.fromkeys(MOODS, 0), defaultdict[str, int](int)
    for source, mood, count in found:
        moods[mood] += count
        sources[source] += count
    return Report(moods, sorted(sources.items(), key=lambda one: (-one[1], one[0]))[:SOURCES])


class HitLine(NamedTuple):
    """One hit of a list: its words in pieces, each with whether it matched."""

    number: int
    interaction: int
    at: datetime
    who: str
    source: str
    case: int
    copies: int
    mood: str
    reason: str
    pieces: list[tuple[str, bool]]

    @property
    def stands(self) -> Place:
        """Where it stands in the list."""
        return Place(self.number, self.at)


FIELDS = f"""h.id, h.interaction_id, h.at, coalesce(nullif(d.name, ''), d.address), c.name, k.id, {MOOD}, i.subject,
    left(i.text, 20000), h.places"""
JOINED = """
    JOIN listen_interaction i ON i.id = h.interaction_id
    JOIN listen_channel c ON c.id = i.channel_id
    JOIN identify_recognition g ON g.interaction_id = i.id AND g.current
    JOIN identify_identity d ON d.id = g.identity_id
    LEFT JOIN understand_reading r ON r.interaction_id = i.id AND r.current
    CROSS JOIN LATERAL (
        SELECT id FROM act_case k WHERE k.conversation_id = i.conversation_id AND k.identity_id = g.identity_id
        ORDER BY id DESC LIMIT 1) AS k"""


def hits(user: User, number: int, after: Place | None, *, aside: bool = False) -> list[HitLine]:
    """One page and one more of what a query found, latest first; or of what was set aside."""
    mine = seen(user)
    place = (after.at, after.number) if after else (None, None)
    # A copy stands on its own where its original is not there for this user.
    first = f"""(h.copy_of_id IS NULL OR NOT EXISTS (
        SELECT FROM listen_hit o WHERE o.id = h.copy_of_id AND {_of("o", NOT_ASIDE)} AND {_of("o", mine.sql)}))"""
    copies = f"""(SELECT count(*) FROM listen_hit o
        WHERE o.copy_of_id = h.id AND {_of("o", NOT_ASIDE)} AND {_of("o", mine.sql)})"""
    chosen = f"NOT {NOT_ASIDE}" if aside else f"{NOT_ASIDE} AND {first}"
    found = rows.fetch(
        f"""
        WITH page AS MATERIALIZED (
            SELECT h.* FROM listen_hit h
            WHERE h.query_id = %s AND (%s::timestamptz IS NULL OR (h.at, h.id) < (%s, %s))
              AND {mine.sql} AND {chosen}
            ORDER BY h.at DESC, h.id DESC LIMIT {PAGE + 1})
        SELECT {FIELDS}, {copies}, coalesce(a.reason, '') FROM page h {JOINED}
        LEFT JOIN listen_setaside a ON a.interaction_id = h.interaction_id AND a.taken_back_at IS NULL
        ORDER BY h.at DESC, h.id DESC
        """,
        [number, place[0], *place, *mine.values, *(() if aside else mine.values), *mine.values],
    )
    return [_line(row) for row in found]


def _of(other: str, sql: str) -> str:
    return sql.replace("h.interaction_id", f"{other}.interaction_id")


def _line(row: Sequence[Any]) -> HitLine:
    number, interaction, at, who, source, case, mood, subject, text, places, copies, reason = row
    pieces = snippet(words_of(subject, text), places)
    return HitLine(number, interaction, at, who, source, case, copies, mood, reason, pieces)


def snippet(words: str, places: Sequence[int]) -> list[tuple[str, bool]]:
    """The words around the first that matched, in pieces, those that matched told apart."""
    begin = max(0, (places[0] if places else 0) - AROUND)
    return pieces(words, places, begin, begin + SHOWN)


def pieces(words: str, places: Sequence[int], begin: int, end: int) -> list[tuple[str, bool]]:
    """A stretch of the words in pieces."""
    found: list[tuple[str, bool]] = []
    at = begin
    for start, stop in zip(places[::2], places[1::2], strict=True):
        first, last = max(start, at), min(stop, end, len(words))
        if first >= last:
            continue
        found += [(words[at:first], False)] if first > at else []
        found.append((words[first:last], True))
        at = last
    rest = words[at : min(end, len(words))]
    return found + ([(rest, False)] if rest else [])


def found_back(user: User, search: int, after: Place | None) -> list[HitLine]:
    """One page and one more of what a search in kept posts found."""
    mine = seen(user)
    place = (after.at, after.number) if after else (None, None)
    found = rows.fetch(
        f"""
        WITH page AS MATERIALIZED (
            SELECT h.* FROM listen_backsearchhit h
            WHERE h.search_id = %s AND (%s::timestamptz IS NULL OR (h.at, h.id) < (%s, %s)) AND {mine.sql}
            ORDER BY h.at DESC, h.id DESC LIMIT {PAGE + 1})
        SELECT {FIELDS}, 0, '' FROM page h {JOINED} ORDER BY h.at DESC, h.id DESC
        """,
        [search, place[0], *place, *mine.values],
    )
    return [_line(row) for row in found]


def found_back_by_day(user: User, search: int, zone: str) -> dict[date, int]:
    """How many posts a search found on each day."""
    mine = seen(user)
    found = rows.fetch(
        f"""
        SELECT (h.at AT TIME ZONE %s)::date, count(*) FROM listen_backsearchhit h
        WHERE h.search_id = %s AND {mine.sql} GROUP BY 1
        """,
        [zone, search, *mine.values],
    )
    return dict(found)


def in_hour(user: User, number: int, hour: datetime) -> int:
    """How many posts of an hour a user may see of what a query found."""
    mine = seen(user)
    found = rows.fetch(
        f"""
        SELECT count(*) FROM listen_hit h
        WHERE h.query_id = %s AND h.at >= %s AND h.at < %s::timestamptz + interval '1 hour' AND {mine.sql}
        """,
        [number, hour, hour, *mine.values],
    )
    return int(found[0][0])


class Said(NamedTuple):
    """One post of a spike."""

    words: str
    author: str
    source: str


def said_in(user: User, number: int, hours: Sequence[datetime], most: int) -> list[Said]:
    """What a query found in these hours, as far as a user may see it."""
    mine = seen(user)
    found = rows.fetch(
        f"""
        SELECT i.subject, left(i.text, 5000), i.author, c.name
        FROM unnest(%s::timestamptz[]) AS hour JOIN listen_hit h
          ON h.query_id = %s AND h.at >= hour AND h.at < hour + interval '1 hour'
        JOIN listen_interaction i ON i.id = h.interaction_id JOIN listen_channel c ON c.id = i.channel_id
        WHERE {NOT_ASIDE} AND {mine.sql} ORDER BY h.at DESC, h.id DESC LIMIT %s
        """,
        [list(hours), number, *mine.values, most],
    )
    return [Said(words_of(subject, text), author, source) for subject, text, author, source in found]

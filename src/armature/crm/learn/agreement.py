"""Suggestion and a person's word side by side: how often they agree, for what, and the messages behind each number.

Counted is what a user may see a case of. Words of people come mostly where the reader was unsure, so the share of all
of them says how often it is corrected; how often it is right is told of what was drawn by chance alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from armature.arm.understand.learned.sure import interval
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard
from armature.crm.act.listing import Place
from armature.crm.learn.models import Label
from armature.crm.understand.models import ReaderVersion, ReaderWeights

PAGE = 30
BY = {"intent": "s.intent_id", "channel": "i.channel_id::text", "language": "s.language"}
"""What can be told apart: the intent that was suggested, where it was said, the language it was read as."""
AGREES = {"yes": "AND s.intent_id = h.intent_id", "no": "AND s.intent_id <> h.intent_id", "": ""}
CHANCE = f"AND l.drawn = '{Label.Drawn.RANDOM}'"

PAIRS = """
    FROM understand_reading h
    JOIN LATERAL (
        SELECT * FROM understand_reading s WHERE s.interaction_id = h.interaction_id AND NOT s.current
          AND s.user_id IS NULL ORDER BY s.id DESC LIMIT 1) s ON true
    JOIN listen_interaction i ON i.id = h.interaction_id
    LEFT JOIN learn_label l ON l.interaction_id = h.interaction_id
    WHERE h.user_id IS NOT NULL AND h.current AND h.read_at >= %s"""
"""A person's word that holds, and the suggestion before it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of ``cases``, so many agree."""

    key: str
    cases: int
    agree: int

    @property
    def differ(self) -> int:
        """The others."""
        return self.cases - self.agree

    @property
    def percent(self) -> int | None:
        """The share; None of none. It is 100 only where all agree."""
        if not self.cases:
            return None
        return 100 if self.agree == self.cases else min(99, round(100 * self.agree / self.cases))

    @property
    def between(self) -> tuple[int, int]:
        """Where the true share lies, with a certainty of 95 %, in whole percent; rounded away from the share."""
        low, high = interval(self.agree, self.cases)
        return floor(100 * float(low)), ceil(100 * float(high))


@dataclass(frozen=True, slots=True)
class Report:
    """All words of people, those on messages drawn by chance, and both told apart by intent, channel, language."""

    all: Share
    chance: Share
    unknown: int
    waiting: int
    by: Mapping[str, Sequence[Share]]


def report(user: User, since: datetime) -> Report:
    """One statement for the numbers, one for what has no word."""
    mine = heard.seen(user)
    found = rows.fetch(
        f"""
        SELECT {", ".join(BY.values())}, l.drawn IS NOT DISTINCT FROM 'random', count(*),
            count(*) FILTER (WHERE s.intent_id = h.intent_id)
        {PAIRS} AND {mine.sql} GROUP BY 1, 2, 3, 4
        """,
        [since, *mine.values],
    )
    by = {name: _summed([(line[n], line[4], line[5]) for line in found]) for n, name in enumerate(BY)}
    total = _share("", [(line[4], line[5]) for line in found])
    chance = _share("", [(line[4], line[5]) for line in found if line[3]])
    return Report(total, chance, *_without(user, since), by)


def _share(key: str, counts: Sequence[tuple[int, int]]) -> Share:
    return Share(key, sum(cases for cases, _ in counts), sum(agree for _, agree in counts))


def _summed(lines: Sequence[tuple[str, int, int]]) -> list[Share]:
    """One for each key, those with most cases first."""
    keys = dict.fromkeys(key for key, _, _ in lines)
    shares = [_share(key, [(cases, agree) for each, cases, agree in lines if each == key]) for key in keys]
    return sorted(shares, key=lambda one: (-one.cases, one.key))


def _without(user: User, since: datetime) -> tuple[int, int]:
    """What people could not say either, and what was drawn by chance and waits for a word."""
    mine = heard.seen(user)
    counted = rows.fetch(
        f"""
        SELECT count(*) FILTER (WHERE l.unknown), count(*) FILTER (WHERE l.at IS NULL)
        FROM learn_label l JOIN understand_reading h ON h.id = l.suggestion_id
        WHERE (l.unknown OR l.at IS NULL) AND l.drawn_at >= %s AND {mine.sql}
        """,
        [since, *mine.values],
    )
    return counted[0][0], counted[0][1]


class Line(NamedTuple):
    """One message behind a number."""

    number: int
    at: datetime
    text: str
    channel: str
    read_as: str
    confidence: float
    reader: str
    meant: str
    by: str
    drawn: str
    case: int | None

    @property
    def stands(self) -> Place:
        """Where it stands in the list."""
        return Place(self.number, self.at)

    @property
    def agrees(self) -> bool:
        """Whether the person said the same."""
        return self.read_as == self.meant


class Asked(NamedTuple):
    """Which messages: of one intent, channel or language or all; agreeing or not or both; drawn by chance or all."""

    by: str = ""
    key: str = ""
    agrees: str = ""
    chance: bool = False

    @property
    def where(self) -> tuple[str, list[Any]]:
        """As a condition."""
        told = f"AND {BY[self.by]} = %s" if self.by else ""
        return f"{told} {AGREES[self.agrees]} {CHANCE if self.chance else ''}", [self.key] if self.by else []


def behind(user: User, since: datetime, asked: Asked, after: Place | None) -> list[Line]:
    """The latest of them and one more."""
    mine, (more, values) = heard.seen(user), asked.where
    place = (after.at, after.number) if after else (None, None)
    found = rows.fetch(
        f"""
        WITH page AS MATERIALIZED (
            SELECT h.id, h.read_at, h.interaction_id, h.identity_id, h.intent_id AS meant, h.user_id, l.drawn,
                s.intent_id AS read_as, s.confidence, s.reader_id
            {PAIRS} {more} AND (%s::timestamptz IS NULL OR (h.read_at, h.id) < (%s, %s)) AND {mine.sql}
            ORDER BY h.read_at DESC, h.id DESC LIMIT %s)
        SELECT p.id, p.read_at, CASE WHEN i.deleted_at IS NULL THEN left(i.text, 400) ELSE '' END, c.name, p.read_as,
            p.confidence, coalesce(v.name, ''), p.meant, u.name, coalesce(p.drawn, ''),
            (SELECT max(k.id) FROM act_case k
             WHERE k.conversation_id = i.conversation_id AND k.identity_id = p.identity_id)
        FROM page p JOIN listen_interaction i ON i.id = p.interaction_id JOIN listen_channel c ON c.id = i.channel_id
        JOIN accounts_user u ON u.id = p.user_id LEFT JOIN understand_readerversion v ON v.id = p.reader_id
        ORDER BY p.read_at DESC, p.id DESC
        """,
        [since, *values, place[0], *place, *mine.values, PAGE + 1],
    )
    return [Line(*one) for one in found]


def count(user: User, since: datetime, asked: Asked) -> int:
    """How many there are: the number that led here."""
    mine, (more, values) = heard.seen(user), asked.where
    return int(rows.fetch(f"SELECT count(*) {PAIRS} {more} AND {mine.sql}", [since, *values, *mine.values])[0][0])


def versions(most: int = 20) -> list[ReaderVersion]:
    """The latest versions that learned from people, newest first, each with whether its weights are ``kept``."""
    kept = Exists(ReaderWeights.objects.filter(version=OuterRef("pk")))
    return list(ReaderVersion.objects.filter(verdicts__gt=0).annotate(kept=kept).order_by("-id")[:most])

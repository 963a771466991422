"""Spikes: far more posts in an hour than in the same hour of earlier weeks. Whoever follows the query is told once.

Shares count here: that something is passed on is what makes a spike. Usual is the mean of the same hour in the four
weeks before, or the mean hour of the last seven days where that is more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import ngettext

from armature.arm.listening.spike import FEWEST, grown, is_spike
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard
from armature.crm.act.models import Notice
from armature.crm.listen.wanted import ListeningQuery, QueryFollower, Spike

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
WEEKS = 4
MOST = 500
"""Posts that are read to see what is behind a spike."""


@transaction.atomic
def look(now: datetime | None = None) -> int:
    """Look at this hour and the one before it, for all queries at once; how many new spikes there are."""
    this = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    many = _many(this)
    if not many:
        return 0
    usual = _usual(many)
    new = [(query, hour, found) for (query, hour), found in many.items() if is_spike(found, usual[query, hour])]
    made = [_made(query, hour, found, usual[query, hour]) for query, hour, found in sorted(new, key=lambda one: one[1])]
    return sum(made)  # rare: spikes


def _many(this: datetime) -> dict[tuple[int, datetime], int]:
    """What was found in these two hours, where it is enough to be a spike at all and not known as one."""
    found = rows.fetch(
        """
        SELECT q.id, looked, h.found
        FROM listen_listeningquery q CROSS JOIN unnest(%s::timestamptz[]) AS looked CROSS JOIN LATERAL (
            SELECT count(*) AS found FROM listen_hit h
            WHERE h.query_id = q.id AND h.at >= looked AND h.at < looked + interval '1 hour' AND h.live) AS h
        WHERE q.active AND h.found >= %s
          AND NOT EXISTS (SELECT FROM listen_spike s WHERE s.query_id = q.id AND s.hour = looked)
        """,
        [[this - HOUR, this], FEWEST],
    )
    return {(query, hour): count for query, hour, count in found}


def _usual(many: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime], float]:
    asked = [{"q": query, "t": hour.isoformat()} for query, hour in many]
    found = rows.fetch(
        """
        SELECT k.q, k.t, greatest(
            (SELECT count(*) FROM generate_series(1, %(weeks)s) AS week JOIN listen_hit h
                ON h.query_id = k.q AND h.at >= k.t - week * interval '7 days'
                AND h.at < k.t - week * interval '7 days' + interval '1 hour')::float / %(weeks)s,
            (SELECT count(*) FROM listen_hit h
                WHERE h.query_id = k.q AND h.at >= k.t - interval '7 days' AND h.at < k.t)::float / (7 * 24))
        FROM jsonb_to_recordset(%(asked)s) AS k(q bigint, t timestamptz)
        """,
        {"weeks": WEEKS, "asked": rows.as_json(asked)},
    )
    return {(query, hour): float(usual) for query, hour, usual in found}


def _made(query: int, hour: datetime, found: int, usual: float) -> bool:
    """Write a spike down and tell of it, unless it goes on from the hour before or somebody else did both."""
    goes_on = Spike.objects.filter(query=query, hour=hour - HOUR).exists()
    new = rows.fetch(
        """
        INSERT INTO listen_spike (query_id, hour, found, usual, goes_on) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (query_id, hour) DO NOTHING RETURNING id
        """,
        [query, hour, found, usual, goes_on],
    )
    if new and not goes_on:
        _tell(ListeningQuery.objects.get(pk=query), hour)
    return bool(new)


def _tell(query: ListeningQuery, hour: datetime) -> None:
    """One notice for each follower who may see enough of it, with the number of posts that they may see."""
    followers = User.objects.filter(is_active=True, pk__in=QueryFollower.objects.filter(query=query).values("user"))
    for user in followers:  # few, and rarely: what each may see is asked for in turn
        count = heard.in_hour(user, query.pk, hour)
        if count < FEWEST:
            continue
        with translation.override(user.language or settings.LANGUAGE_CODE):
            words = ngettext("{name}: {n} post in an hour", "{name}: {n} posts in an hour", count)
            Notice.objects.create(user=user, query=query, kind=Notice.Kind.SPIKE,
                                  text=words.format(name=query.name, n=count)[:200])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """What is likely behind a spike: the words that grew most, and who and where most of it came from, with counts."""

    words: list[str]
    author: tuple[str, int]
    source: tuple[str, int]


def cause(user: User, query: ListeningQuery, spike: Spike) -> Cause | None:
    """The likely cause, from what this user may see; None when that is nothing."""
    now = heard.said_in(user, query.pk, [spike.hour], MOST)
    if not now:
        return None
    before = heard.said_in(user, query.pk, [spike.hour - week * WEEK for week in range(1, WEEKS + 1)], MOST)
    words = grown([one.words for one in now], [one.words for one in before], query.text)
    return Cause(words, _most(one.author for one in now), _most(one.source for one in now))


def _most(names: Iterable[str]) -> tuple[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return min(counts.items(), key=lambda one: (-one[1], one[0]))

"""The words of posts that are kept, made a part of the table at a time when nobody can add a post to it any more.

What comes in pays nothing for it. A part is a stretch of numbers; numbers are given out before posts are committed, so
a part is only closed when every transaction has ended that began before all of its numbers were given out. Posts of
parts that are not closed are looked at one by one.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from armature.arm.listening import lexemes
from armature.crm import rows
from armature.crm.listen.matching import Post, words_of

BITS = 14
"""A part is 16,384 numbers."""
CHUNK = 2000
WORD = "armaturepart"
"""With the number of its part a word of every post, so that a part is searched alone."""


TOO_MANY = "armaturetoomany"
"""Stands for the words of a post that has too many of them: it is looked at whatever is looked for."""
MOST_BYTES = 500_000
"""Of all words of a post; PostgreSQL takes twice as much."""


@transaction.atomic
def keep_some() -> int:
    """Keep the words of the next posts, newest part first; how many posts. The server's own cleaning writes none."""
    _note_new_parts()
    chosen = rows.fetch(
        """
        SELECT part, upto FROM listen_postpart
        WHERE done_at IS NULL AND NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start <= past_at
              AND backend_type <> 'autovacuum worker')
        ORDER BY part DESC LIMIT 1 FOR UPDATE SKIP LOCKED
        """,
        [],
    )
    return _keep(*chosen[0]) if chosen else 0


def _words(said: str) -> list[str]:
    """The words of a post; one sign for all of them where the database could not hold them."""
    words = lexemes(said)
    return words if sum(len(word.encode()) for word in words) <= MOST_BYTES else [TOO_MANY]


def _note_new_parts() -> None:
    """Parts all of whose numbers are given out. The moment is taken after that was seen."""
    last = rows.fetch("SELECT coalesce(pg_sequence_last_value('listen_interaction_id_seq'), 0)", [])[0][0]
    rows.run(
        """
        INSERT INTO listen_postpart (part, past_at)
        SELECT part, clock_timestamp()
        FROM generate_series((SELECT coalesce(max(part) + 1, 0) FROM listen_postpart), %s) AS part
        ON CONFLICT DO NOTHING
        """,
        [(last >> BITS) - 1],
    )


def keep_again(posts: Sequence[Post]) -> None:
    """Words of posts that read otherwise now; also of those not kept yet, so that nobody keeps the old words after."""
    rows.run(
        """
        INSERT INTO listen_postwords (interaction_id, words)
        SELECT i, array_to_tsvector(w) FROM jsonb_to_recordset(%s) AS k(i bigint, w text[])
        ON CONFLICT (interaction_id) DO UPDATE SET words = excluded.words
        """,
        [rows.as_json([_row(post.id, post.words) for post in posts])],
    )


def _row(number: int, said: str) -> dict[str, Any]:
    return {"i": number, "w": [*_words(said), f"{WORD}{number >> BITS}"]}


def _keep(part: int, upto: int) -> int:
    posts = rows.fetch(
        """
        SELECT id, subject, text FROM listen_interaction
        WHERE id > %s AND id >= %s AND id < %s AND direction = 'in' ORDER BY id LIMIT %s
        """,
        [upto, part << BITS, (part + 1) << BITS, CHUNK],
    )
    made = [_row(number, words_of(subject, text)) for number, subject, text in posts]
    rows.run(
        """
        INSERT INTO listen_postwords (interaction_id, words)
        SELECT i, array_to_tsvector(w) FROM jsonb_to_recordset(%s) AS k(i bigint, w text[])
        ON CONFLICT DO NOTHING
        """,
        [rows.as_json(made)],
    )
    rows.run(
        """
        UPDATE listen_postpart SET upto = greatest(upto, %s),
            done_at = CASE WHEN %s THEN statement_timestamp() END
        WHERE part = %s
        """,
        [posts[-1][0] if posts else 0, len(posts) < CHUNK, part],
    )
    return len(posts)

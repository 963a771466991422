"""Which readings are to be checked: four of five those that the reader is least sure of, one of five by chance.

What is drawn by chance stays drawn until somebody has said what it is, at its case or here; so the share that was read
right is told of a fair sample. What is still being worked on at its case is not asked here.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard
from armature.crm.learn.models import Label

EVERY = 5
"""One in so many is drawn by chance."""
NEWEST = 20_000
"""Readings from which is drawn by chance."""
UNSURE_AMONG = 5_000
"""The least sure are looked for among so many of the newest."""
PROBES = 400
"""So many are tried at once when drawing by chance."""
POOL, DAYS = 50, 30
"""So many that were drawn by chance wait for a word, and so long."""
WAITING = 200
"""So many that were drawn and wait for a word are looked at for one to ask."""

AT_REST = """NOT EXISTS (
    SELECT FROM decide_wait w WHERE w.conversation_id = i.conversation_id AND w.identity_id = h.identity_id
      AND w.state = 'open' AND w.form IN ('intent', 'response', 'executive', 'approval'))"""
TO_READ = "i.direction = 'in' AND i.deleted_at IS NULL AND i.text <> ''"


class Asked(NamedTuple):
    """A reading to be checked: the message, the reading, and why it is asked."""

    interaction: int
    suggestion: int
    drawn: str


def to_ask(user: User, many: int, given: int, but: Sequence[int] = ()) -> list[Asked]:
    """The next ones for somebody who has given so many labels; ``but`` are on their screen already."""
    turns = [(given + n) % EVERY == EVERY - 1 for n in range(many)]
    chance, unsure = _waiting(user, many, but), _unsure(user, many, but)
    asked: list[Asked] = []
    for by_chance in turns:
        source = chance if by_chance and chance else unsure or chance
        taken = {one.interaction for one in asked}
        while source and source[0].interaction in taken:
            source.pop(0)
        if source:
            asked.append(source.pop(0))
    return asked


def _waiting(user: User, many: int, but: Sequence[int]) -> list[Asked]:
    """Drawn by chance, without a word yet, and at rest."""
    mine = heard.seen(user)
    found = rows.fetch(
        f"""
        SELECT h.interaction_id, l.suggestion_id FROM (
            SELECT * FROM learn_label WHERE at IS NULL ORDER BY drawn_at LIMIT {WAITING}) l
        JOIN understand_reading h ON h.id = l.suggestion_id JOIN listen_interaction i ON i.id = h.interaction_id
        WHERE NOT h.interaction_id = ANY(%s) AND {TO_READ} AND {AT_REST} AND {mine.sql} ORDER BY l.drawn_at LIMIT %s
        """,
        [list(but), *mine.values, many],
    )
    return [Asked(one[0], one[1], Label.Drawn.RANDOM) for one in found]


def _unsure(user: User, many: int, but: Sequence[int]) -> list[Asked]:
    """The least sure of the newest readings that nobody said anything of."""
    mine = heard.seen(user)
    found = rows.fetch(
        f"""
        SELECT h.interaction_id, h.id FROM (
            SELECT * FROM understand_reading ORDER BY id DESC LIMIT {UNSURE_AMONG}) h
        JOIN listen_interaction i ON i.id = h.interaction_id
        WHERE h.current AND h.user_id IS NULL AND {TO_READ} AND NOT h.interaction_id = ANY(%s)
          AND NOT EXISTS (SELECT FROM learn_label l WHERE l.interaction_id = h.interaction_id)
          AND {AT_REST} AND {mine.sql}
        ORDER BY h.confidence, h.id DESC LIMIT %s
        """,
        [list(but), *mine.values, many],
    )
    return [Asked(one[0], one[1], Label.Drawn.UNSURE) for one in found]


def fill(pool: int = POOL) -> int:
    """Draw by chance until so many wait for a word; what a person has judged already counts as drawn and answered.

    Chance knows nothing of what was judged: leaving those out would make the sample easier than it is.
    """
    return rows.run(
        f"""
        INSERT INTO learn_label (interaction_id, suggestion_id, drawn, verdict_id, user_id, at)
        SELECT h.interaction_id, h.id, 'random', v.id, v.user_id, v.read_at
        FROM (SELECT id FROM (SELECT id FROM understand_reading
                              WHERE (SELECT count(*) FROM learn_label WHERE at IS NULL) < %s
                              ORDER BY id DESC LIMIT {NEWEST}) AS newest ORDER BY random() LIMIT {PROBES}) p
        JOIN understand_reading h ON h.id = p.id JOIN listen_interaction i ON i.id = h.interaction_id
        LEFT JOIN understand_reading v ON v.interaction_id = h.interaction_id AND v.current AND v.user_id IS NOT NULL
        WHERE h.user_id IS NULL AND {TO_READ}
          AND NOT EXISTS (SELECT FROM learn_label l WHERE l.interaction_id = h.interaction_id)
        LIMIT greatest(0, %s - (SELECT count(*) FROM learn_label WHERE at IS NULL)) ON CONFLICT DO NOTHING
        """,
        [pool, pool],
    )


def keep_drawn() -> int:
    """Some are drawn and wait; words given at cases count; what waited too long is let go."""
    done = answered_at_cases()
    done += rows.run(
        "DELETE FROM learn_label WHERE at IS NULL AND drawn_at < statement_timestamp() - %s * interval '1 day'", [DAYS]
    )
    return done + fill()


def answered_at_cases(most: int = 500) -> int:
    """Words that people gave at cases, for what was drawn by chance before."""
    return rows.run(
        """
        UPDATE learn_label l SET verdict_id = r.id, user_id = r.user_id, at = r.read_at
        FROM (SELECT interaction_id FROM learn_label WHERE at IS NULL ORDER BY drawn_at LIMIT %s) w
        JOIN understand_reading r ON r.interaction_id = w.interaction_id AND r.current AND r.user_id IS NOT NULL
        WHERE l.interaction_id = w.interaction_id AND l.at IS NULL
        """,
        [most],
    )


def counted(user: User) -> tuple[int, int]:
    """How many labels somebody gave today, and ever (to know whose turn it is)."""
    found: list[Any] = rows.fetch(
        "SELECT count(*) FILTER (WHERE at >= date_trunc('day', statement_timestamp())), count(*) "
        "FROM learn_label WHERE user_id = %s AND at IS NOT NULL",
        [user.pk],
    )
    return found[0][0], found[0][1]
